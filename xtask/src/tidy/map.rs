//! The map of ARCHITECTURE.md: which folder may import which.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use miette::{Context, IntoDiagnostic, Result, miette};

use super::Problem;
use super::imports::Import;
use super::modules::{ModulePath, Modules};

/// The beginning of the mark before a crate's map, followed by the folder of its sources.
const MARK: &str = "<!-- map of ";

/// For each crate, by the folder of its sources: each folder, and the folders that it may import.
pub(super) struct Map {
    crates: BTreeMap<String, BTreeMap<String, BTreeSet<String>>>,
}

impl Map {
    /// Reads the tables after the marks: the first column names a folder, the last the folders that it
    /// may import.
    pub(super) fn read(file: &Path) -> Result<Self> {
        let text = fs::read_to_string(file)
            .into_diagnostic()
            .wrap_err_with(|| format!("cannot read the map in `{}`", file.display()))?;
        let mut crates = BTreeMap::new();
        for part in text.split(MARK).skip(1) {
            let name = part.split_whitespace().next().unwrap_or_default();
            let table = part
                .lines()
                .skip_while(|line| !line.starts_with('|'))
                .take_while(|line| line.starts_with('|'));
            let rooms = table.filter_map(row).collect();
            crates.insert(name.to_owned(), rooms);
        }
        if crates.is_empty() {
            return Err(miette!("`{}` has no table after `{MARK}…`", file.display()));
        }
        Ok(Self { crates })
    }

    /// The imports that the map does not allow, and the folders that it lacks.
    pub(super) fn check(
        &self,
        sources: &str,
        modules: &Modules,
        imports: &[Import],
    ) -> Vec<Problem> {
        let Some(rooms) = self.crates.get(sources) else {
            return Vec::new();
        };
        let file_of = |path: &ModulePath| {
            let file = modules.by_path.get(path).map(|module| module.file.clone());
            file.unwrap_or_default()
        };
        let mut problems: Vec<_> = modules
            .by_path
            .keys()
            .filter(|path| {
                path.len() == 1 && path.first().is_some_and(|room| !rooms.contains_key(room))
            })
            .map(|path| Problem {
                file: file_of(path),
                line: 0,
                what: format!("`{}` is not on the map", path.join("::")),
                advice: format!("add it to the table of `{sources}` in ARCHITECTURE.md"),
            })
            .collect();
        for import in imports {
            let (Some(from), Some(to)) = (import.from.first(), import.to.first()) else {
                continue;
            };
            let allowed = rooms.get(from).is_none_or(|allowed| allowed.contains(to));
            if from != to && !allowed {
                problems.push(Problem {
                    file: file_of(&import.from),
                    line: import.line,
                    what: format!("`{from}` imports `{to}`, which the map does not allow"),
                    advice: "move what it needs below both, or change the map in ARCHITECTURE.md \
                             with a reason"
                        .to_owned(),
                });
            }
        }
        problems
    }
}

/// A row of a map's table; `None` for its head.
fn row(line: &str) -> Option<(String, BTreeSet<String>)> {
    let cells: Vec<_> = line.trim_matches('|').split('|').collect();
    let room = words_in_backticks(cells.first()?).next()?;
    let allowed = words_in_backticks(cells.last()?).collect();
    Some((room, allowed))
}

fn words_in_backticks(cell: &str) -> impl Iterator<Item = String> {
    cell.split('`').skip(1).step_by(2).map(str::to_owned)
}

//! Import cycles between modules.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::Problem;
use super::imports::Import;
use super::modules::{ModulePath, Modules};

/// Pairs that import each other on purpose, by the end of their paths: a builder names the type that
/// it builds, and that type's `builder()` names the builder.
const ALLOWED: [(&str, &str); 2] = [
    ("long_connection::builder", "long_connection::client"),
    ("builder", "inbox"),
];

/// The cycles among the imports, each reported once, by its shortest path.
pub(super) fn circles(modules: &Modules, imports: &[Import]) -> Vec<Problem> {
    let mut targets: BTreeMap<&ModulePath, Vec<&Import>> = BTreeMap::new();
    for import in imports.iter().filter(|import| !is_allowed(import)) {
        targets.entry(&import.from).or_default().push(import);
    }
    let mut found: Vec<Vec<&Import>> = Vec::new();
    let mut seen = BTreeSet::new();
    for start in targets.keys() {
        let Some(way) = shortest_way_round(start, &targets) else {
            continue;
        };
        let members: BTreeSet<_> = way.iter().map(|import| &import.from).collect();
        if seen.insert(members) {
            found.push(way);
        }
    }
    found.iter().map(|way| describe(modules, way)).collect()
}

fn is_allowed(import: &Import) -> bool {
    let (from, to) = (import.from.join("::"), import.to.join("::"));
    ALLOWED.iter().any(|(a, b)| {
        (from.ends_with(a) && to.ends_with(b)) || (from.ends_with(b) && to.ends_with(a))
    })
}

/// The shortest path along imports from `start` back to it.
fn shortest_way_round<'a>(
    start: &'a ModulePath,
    targets: &BTreeMap<&'a ModulePath, Vec<&'a Import>>,
) -> Option<Vec<&'a Import>> {
    let mut came_by: BTreeMap<&ModulePath, &Import> = BTreeMap::new();
    let mut queue = VecDeque::from([start]);
    while let Some(place) = queue.pop_front() {
        for import in targets.get(place).into_iter().flatten() {
            if import.to == *start {
                let mut way = vec![*import];
                let mut at = place;
                while at != start {
                    let step = came_by.get(at)?;
                    way.push(step);
                    at = &step.from;
                }
                way.reverse();
                return Some(way);
            }
            if !came_by.contains_key(&import.to) {
                came_by.insert(&import.to, import);
                queue.push_back(&import.to);
            }
        }
    }
    None
}

fn describe(modules: &Modules, way: &[&Import]) -> Problem {
    let place = |import: &Import| {
        let file = modules
            .by_path
            .get(&import.from)
            .map(|module| &*module.file);
        (file.unwrap_or_default().to_owned(), import.line)
    };
    let steps: Vec<_> = way
        .iter()
        .map(|import| {
            let (file, line) = place(import);
            format!("`{}` ({file}:{line})", import.from.join("::"))
        })
        .collect();
    let (file, line) = way.first().map(|import| place(import)).unwrap_or_default();
    Problem {
        file,
        line,
        what: format!("an import cycle: {}, and back", steps.join(" → ")),
        advice: "move what they share into a file below both".to_owned(),
    }
}

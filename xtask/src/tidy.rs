//! `cargo xtask tidy`: checks rules of this repository.
//!
//! Import cycles, the map of ARCHITECTURE.md, the length of files, retired words, phrases that are not
//! plain English, and paths outside the repository.

use std::path::{Path, PathBuf};

use clap::Args;
use miette::{Context, IntoDiagnostic, Result};

use crate::generate::project_root;

mod circles;
mod imports;
mod lengths;
mod map;
mod modules;
mod phrases;
mod problem;
mod vocabulary;

use circles::circles;
use modules::Modules;
pub use problem::Problem;

/// The crates whose modules are checked, by the folder of their sources.
const CRATES: [&str; 7] = [
    "feishu-events/src",
    "feishu-events/benches/src",
    "feishu-events/cli/src",
    "feishu-events/inbox/src",
    "feishu-events-gen/src",
    "feishu-events-macros/src",
    "xtask/src",
];

/// The options of `tidy`.
#[derive(Debug, Args)]
pub struct TidyArgs {
    /// The folder of the project [default: the one that this command belongs to]
    #[arg(long)]
    pub root: Option<PathBuf>,
}

/// Runs the command; false if a rule is broken.
///
/// # Errors
/// A source file that cannot be read or parsed, an ARCHITECTURE.md without a map.
pub fn run(args: &TidyArgs) -> Result<bool> {
    let root = args.root.clone().unwrap_or_else(project_root);
    let problems = check(&root)?;
    for problem in &problems {
        eprintln!("{problem}");
    }
    Ok(problems.is_empty())
}

/// All broken rules below `root`, sorted by place.
///
/// # Errors
/// A source file that cannot be read or parsed, an ARCHITECTURE.md without a map.
pub fn check(root: &Path) -> Result<Vec<Problem>> {
    let mut problems = Vec::new();
    let map = map::Map::read(&root.join("ARCHITECTURE.md"))?;
    for sources in CRATES {
        let folder = root.join(sources);
        if !folder.is_dir() {
            continue;
        }
        let modules = Modules::load(root, &folder)
            .wrap_err_with(|| format!("cannot read the modules of `{sources}`"))?;
        let imports = imports::imports(&modules);
        problems.extend(circles(&modules, &imports));
        problems.extend(map.check(sources, &modules, &imports));
    }
    let files = files(root).into_diagnostic()?;
    problems.extend(lengths::check(&files));
    problems.extend(vocabulary::check(&files)?);
    problems.extend(phrases::check(&files));
    problems.sort();
    Ok(problems)
}

/// A text file of the repository that people write.
struct TextFile {
    /// Its path below the root, with `/`.
    path: String,
    text: String,
}

impl TextFile {
    fn is_rust(&self) -> bool {
        Path::new(&self.path)
            .extension()
            .is_some_and(|ending| ending == "rs")
    }
}

/// The extensions of the files that are checked.
const ENDINGS: [&str; 6] = ["rs", "md", "toml", "yml", "py", "cjs"];

/// All text files below `root` that people write: no generated code, no schemas, no build output.
fn files(root: &Path) -> std::io::Result<Vec<TextFile>> {
    let mut found = Vec::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder)? {
            let entry = entry?;
            let name = entry.file_name();
            let (path, kind) = (entry.path(), entry.file_type()?);
            if kind.is_dir() {
                let name = name.to_string_lossy();
                let hidden = name.starts_with('.') && name != ".ci" && name != ".github";
                if !hidden && name != "target" && name != "generated" && name != "node_modules" {
                    folders.push(path);
                }
                continue;
            }
            let ending = path.extension().unwrap_or_default().to_string_lossy();
            if kind.is_file() && ENDINGS.contains(&&*ending) {
                let relative = path.strip_prefix(root).unwrap_or(&path);
                found.push(TextFile {
                    path: relative.to_string_lossy().replace('\\', "/"),
                    // Some fixtures are pages in other character sets.
                    text: String::from_utf8_lossy(&std::fs::read(&path)?).into_owned(),
                });
            }
        }
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(found)
}

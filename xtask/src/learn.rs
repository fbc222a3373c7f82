//! `cargo xtask learn`: turns counts of running apps into proposals for the overlay.
//!
//! `Drift` of `feishu-events` writes the files. Without `--write`, the proposals are only printed as a
//! diff; each has its counts as the reason.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Args;
use feishu_events_gen::internals::output::write_if_changed;
use feishu_events_gen::internals::{Overlay, Sources, overlay, resolve};
use miette::{Context, IntoDiagnostic, Result, miette};

use crate::generate::project_root;

mod counts;
mod diff;
mod entries;
mod file;
mod propose;
mod types;

use counts::Counts;
use entries::Proposed;

/// The options of `learn`.
#[derive(Debug, Args)]
pub struct LearnArgs {
    /// Files that `Drift` wrote, of any number of apps and processes
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// Writes the proposals to schemas/overlay, for review with git
    #[arg(long)]
    pub write: bool,
    /// Ignores differences that fewer events had
    #[arg(long, value_name = "EVENTS", default_value_t = 1)]
    pub at_least: u64,
    /// The folder of the project [default: the one that this command belongs to]
    #[arg(long)]
    pub root: Option<PathBuf>,
}

/// A change of a file of the overlay: its present text and the proposed one.
struct Change {
    path: PathBuf,
    /// Its path below the project's folder.
    name: String,
    old: Option<String>,
    new: String,
}

/// Runs the command.
///
/// # Errors
/// A file that cannot be read or is not of the format, schemas that cannot be read, an overlay that
/// cannot be written.
pub fn run(args: &LearnArgs) -> Result<bool> {
    let counts = read_all(&args.files)?;
    let root = args.root.clone().unwrap_or_else(project_root);
    let folder = root.join("schemas");
    let mut sources = Sources::load(&folder).into_diagnostic()?;
    let found = propose::proposals(&sources.schemas, &counts, args.at_least);
    let mut notes = found.notes;
    let mut changes = Vec::new();
    for proposed in &found.files {
        let change = change(proposed, &folder, &mut sources.overlay, &mut notes)?;
        changes.extend(change);
    }
    show(&changes)?;
    notes.extend(problems_of(&changes, sources));
    for note in &notes {
        eprintln!("{note}");
    }
    let verb = if args.write { "written" } else { "proposed" };
    if args.write {
        for change in &changes {
            write_if_changed(&change.path, &change.new)
                .into_diagnostic()
                .wrap_err_with(|| format!("cannot write `{}`", change.path.display()))?;
        }
    }
    eprintln!(
        "{} files read, {} event types; {} overlay files {verb}",
        args.files.len(),
        counts.events.len(),
        changes.len()
    );
    Ok(true)
}

fn read_all(files: &[PathBuf]) -> Result<Counts> {
    let mut counts = Counts::default();
    for path in files {
        let counted =
            file::read(path).map_err(|problem| miette!("`{}`: {problem}", path.display()))?;
        counts.add(counted);
    }
    Ok(counts)
}

/// The change of a file that a proposal needs; `None` if the file has all of its entries. It is also
/// added to `overlay`.
fn change(
    proposed: &Proposed,
    folder: &Path,
    overlay: &mut Overlay,
    notes: &mut Vec<String>,
) -> Result<Option<Change>> {
    let below = PathBuf::from(overlay::FOLDER).join(&proposed.below);
    let path = folder.join(&below);
    let old = match fs::read_to_string(&path) {
        Ok(text) => Some(text),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
        Err(error) => {
            return Err(error)
                .into_diagnostic()
                .wrap_err_with(|| format!("cannot read `{}`", path.display()));
        }
    };
    let (entries, taken) = entries::not_yet_there(proposed, old.as_deref());
    notes.extend(taken);
    if entries.is_empty() {
        return Ok(None);
    }
    let new = entries::file(proposed, &entries, old.as_deref()).ok_or_else(|| {
        miette!(
            "`{}` does not end as files of the overlay do, with `\n  ]\n}}\n`",
            path.display()
        )
    })?;
    let alone = entries::file(proposed, &entries, None).unwrap_or_default();
    overlay
        .add(&proposed.below, &path, &alone)
        .into_diagnostic()?;
    let name = PathBuf::from("schemas").join(below).display().to_string();
    Ok(Some(Change {
        path,
        name,
        old,
        new,
    }))
}

/// The problems of the schemas with the changes applied.
fn problems_of(changes: &[Change], sources: Sources) -> Vec<String> {
    let Sources {
        mut schemas,
        overlay,
        ..
    } = sources;
    // Corrections that the schemas already contain are reported too; only new problems matter here.
    let paths: Vec<String> = changes
        .iter()
        .map(|it| it.path.display().to_string())
        .collect();
    let is_new = |text: &String| paths.iter().any(|path| text.contains(path.as_str()));
    let problems = overlay.correct(&mut schemas).into_iter();
    let mut problems: Vec<String> = problems
        .map(|it| it.to_string())
        .filter(|text| is_new(text) && !text.contains("already as corrected"))
        .collect();
    if let Err(error) = resolve(&schemas, &overlay) {
        problems.push(format!(
            "with these changes no types can be generated; `cargo xtask regen` may help: {error}"
        ));
    }
    problems
}

/// Prints the proposals as a diff.
fn show(changes: &[Change]) -> Result<()> {
    let diffs: String = changes
        .iter()
        .map(|it| diff::insertion(&it.name, it.old.as_deref(), &it.new))
        .collect();
    let written = std::io::stdout().write_all(diffs.as_bytes());
    written
        .into_diagnostic()
        .wrap_err("cannot write to standard output")
}

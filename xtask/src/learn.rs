//! `cargo xtask learn`: from what running apps counted to proposals for the overlay.
//!
//! The files are those that `Drift` of `feishu-events` writes. Nothing is applied silently: without
//! `--write` the proposals are only a diff, and each has its counts as the reason.

use std::fs;
use std::io::Write;
use std::path::PathBuf;

use clap::Args;
use feishu_events_gen::internals::output::write_if_changed;
use feishu_events_gen::internals::{Sources, overlay, resolve};
use miette::{Context, IntoDiagnostic, Result, miette};

use crate::generate::project_root;

mod counts;
mod diff;
mod entries;
mod file;
mod propose;
mod types;

use counts::Counts;

/// The options of `learn`.
#[derive(Debug, Args)]
pub struct LearnArgs {
    /// Files that `Drift` wrote, of any number of apps and processes
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// Writes the proposals to schemas/overlay, for review with git
    #[arg(long)]
    pub write: bool,
    /// Leaves out differences that fewer events have shown
    #[arg(long, value_name = "EVENTS", default_value_t = 1)]
    pub at_least: u64,
    /// The folder of the project [default: the one that this command belongs to]
    #[arg(long)]
    pub root: Option<PathBuf>,
}

/// Runs the command.
///
/// # Errors
/// A file that cannot be read or is not of the format, schemas that cannot be read, an overlay that
/// cannot be written.
pub fn run(args: &LearnArgs) -> Result<bool> {
    let root = args.root.clone().unwrap_or_else(project_root);
    let mut counts = Counts::default();
    for path in &args.files {
        let counted =
            file::read(path).map_err(|problem| miette!("`{}`: {problem}", path.display()))?;
        counts.add(counted);
    }
    let folder = root.join("schemas");
    let Sources {
        mut schemas,
        mut overlay,
        ..
    } = Sources::load(&folder).into_diagnostic()?;
    let found = propose::proposals(&schemas, &counts, args.at_least);
    let mut notes = found.notes;
    let mut changes = Vec::new();
    let mut diffs = String::new();
    for proposed in &found.files {
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
            continue;
        }
        let new = entries::file(proposed, &entries, old.as_deref()).ok_or_else(|| {
            miette!(
                "`{}` does not end as such files do: `\\n  ]\\n}}\\n`",
                path.display()
            )
        })?;
        let alone = entries::file(proposed, &entries, None).unwrap_or_default();
        overlay
            .add(&proposed.below, &path, &alone)
            .into_diagnostic()?;
        let name = PathBuf::from("schemas").join(below);
        diffs += &diff::insertion(&name.display().to_string(), old.as_deref(), &new);
        changes.push((path, new));
    }
    show(&diffs)?;
    // The corrections before are applied already, and say so; new ones must not.
    let alone = changes.iter().map(|(path, _)| path.display().to_string());
    let new: Vec<String> = alone.collect();
    let problems = overlay
        .correct(&mut schemas)
        .into_iter()
        .map(|it| it.to_string());
    let is_new = |text: &String| new.iter().any(|path| text.contains(path.as_str()));
    let is_news = |text: &String| is_new(text) && !text.contains("already as corrected");
    notes.extend(problems.filter(is_news));
    if let Err(error) = resolve(&schemas, &overlay) {
        notes.push(format!(
            "no types can be generated with all of it, `cargo xtask regen` may help: {error}"
        ));
    }
    for note in &notes {
        eprintln!("{note}");
    }
    let verb = if args.write { "written" } else { "proposed" };
    if args.write {
        for (path, text) in &changes {
            write_if_changed(path, text)
                .into_diagnostic()
                .wrap_err_with(|| format!("cannot write `{}`", path.display()))?;
        }
    }
    eprintln!(
        "{} files, {} event types, {} changes of files {verb}",
        args.files.len(),
        counts.events.len(),
        changes.len()
    );
    Ok(true)
}

/// Prints the proposals: the command's result.
fn show(diffs: &str) -> Result<()> {
    let written = std::io::stdout().write_all(diffs.as_bytes());
    written
        .into_diagnostic()
        .wrap_err("cannot write to standard output")
}

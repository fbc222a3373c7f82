//! `cargo xtask generate`: schemas → Rust.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;
use feishu_events_gen::Error;
use feishu_events_gen::internals::output::Stale;
use feishu_events_gen::internals::unwritten::{Unwritten, unwritten};
use feishu_events_gen::internals::{Sources, emit};
use miette::{IntoDiagnostic, Result};

use crate::export;

mod coverage;
mod marked_block;
mod sdk_names;
mod single_source;

/// Where the generated files are, below the root of the project.
const LAYOUT: emit::Layout<'_> = emit::Layout {
    types: "feishu-events/src/generated",
    macros: "feishu-events-macros/src/generated",
    manifest: "feishu-events/Cargo.toml",
};

/// The options of `generate`.
#[derive(Debug, Args)]
pub struct GenerateArgs {
    /// Write nothing; exit with 1 and name the files that are not as they would be generated
    #[arg(long)]
    pub check: bool,
    /// The folder of the project [default: the one that this command belongs to]
    #[arg(long)]
    pub root: Option<PathBuf>,
}

/// Runs the command; false if files are stale.
///
/// # Errors
/// Schemas that cannot be read, or that no code can be generated from.
pub fn run(args: &GenerateArgs) -> Result<bool> {
    let root = args.root.clone().unwrap_or_else(project_root);
    let Generated {
        schemas,
        files,
        stale,
        unused,
        problems,
        ..
    } = generate(&root, args.check).into_diagnostic()?;
    for file in &stale {
        eprintln!(
            "{}",
            if args.check {
                file.to_string()
            } else {
                file.path.display().to_string()
            }
        );
    }
    let changed = stale.len();
    if args.check && changed > 0 {
        eprintln!("{changed} of {files} generated files are stale; run `cargo xtask generate`");
        return Ok(false);
    }
    // They stop nothing; a test of the schemas asks that there are none.
    for entry in &unused {
        eprintln!("schemas/overlay/{entry}: nothing is left that this entry is about");
    }
    for problem in &problems {
        eprintln!("{problem}");
    }
    let verb = if args.check { "stale" } else { "changed" };
    eprintln!("{schemas} schemas, {files} generated files, {changed} {verb}");
    Ok(true)
}

/// What `generate` found or did.
#[derive(Debug)]
pub struct Generated {
    /// How many schemas were read; each gives one event.
    pub schemas: usize,
    /// How many files are generated.
    pub files: usize,
    /// The files that were not as generated; without `check` they are now.
    pub stale: Vec<Stale>,
    /// Entries of the overlay that say something about nothing.
    pub unused: Vec<String>,
    /// Entries of the overlay that fit only in part, each as `file: what is in the way`.
    pub problems: Vec<String>,
    /// All of these entries, one per line, as the overlay lists them.
    pub leftover: Vec<String>,
    /// What has no sentence in English, by service.
    pub unwritten: BTreeMap<String, Unwritten>,
}

/// Generates all code of the project at `root` from its schemas; with `check`, only compares.
///
/// # Errors
/// Schemas that cannot be read, or that no code can be generated from.
pub fn generate(root: &Path, check: bool) -> std::result::Result<Generated, Error> {
    let sources = Sources::load(&root.join("schemas"))?;
    let model = sources.model()?;
    let unused = sources.overlay.unused(&model);
    let misfits = model
        .misfits
        .iter()
        .map(|misfit| format!("schemas/overlay/{misfit}"));
    let leftover = sources.leftover(&model);
    // As the project's files are called, wherever it is.
    let folder = format!("{}/", root.display());
    let problems = sources.problems.iter();
    let problems = problems.map(|problem| problem.to_string().replace(&folder, ""));
    let problems = problems.chain(misfits).collect();
    let manifest = root.join(LAYOUT.manifest);
    let manifest = fs::read_to_string(&manifest).map_err(|source| Error::Io {
        path: manifest,
        source,
    })?;
    let mut output = emit::emit(&model, LAYOUT, &manifest)?;
    let sdks = sdk_names::read(root)?;
    if let Some(page) = sdk_names::page(&sdks, &model) {
        output.insert(sdk_names::PAGE, page);
    }
    if let Some(page) = coverage::page(root, &model, &sdks)? {
        output.insert(coverage::FILE, page);
    }
    if let Some(page) = single_source::page(root, &model)? {
        output.insert(single_source::FILE, page);
    }
    // A project without exports gets none.
    let exports = Path::new(export::FOLDER);
    if root.join(exports).is_dir() {
        export::add(&model, exports, &mut output)?;
    }
    let stale = if check {
        output.compare(root)?
    } else {
        output.write(root)?
    };
    Ok(Generated {
        schemas: sources.schemas.len(),
        files: output.len(),
        stale,
        unused,
        problems,
        leftover,
        unwritten: unwritten(&model),
    })
}

/// The folder above this crate's, which cargo tells when it runs the command.
pub fn project_root() -> PathBuf {
    let manifest = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
    let parent = manifest
        .as_deref()
        .and_then(Path::parent)
        .map(Path::to_owned);
    parent.unwrap_or_else(|| PathBuf::from("."))
}

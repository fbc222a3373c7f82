//! `cargo xtask bench-build`: measures the build time of the types, compared with the same types with
//! derives, and how much handlers add to the build of an app.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use clap::Args;
use feishu_events_benches::plain_derives;
use feishu_events_gen::internals::Sources;
use feishu_events_gen::internals::model::Model;
use miette::{IntoDiagnostic, Result, miette};

use crate::generate::project_root;

mod handlers;

/// The options of `bench-build`.
#[derive(Debug, Args)]
pub struct BenchBuildArgs {
    /// The service that is also built alone
    #[arg(long, default_value = "contact")]
    pub service: String,
    /// Measure only what handlers add to the build of an app
    #[arg(long)]
    pub handlers: bool,
    /// The folder of the project [default: the one that this command belongs to]
    #[arg(long)]
    pub root: Option<PathBuf>,
}

/// Builds the types in release mode from scratch and handlers in debug mode, and prints times and
/// ratios.
///
/// Only ratios within one run are meaningful: the times depend on the machine.
///
/// # Errors
/// Schemas that cannot be read, files that cannot be written, a build that fails.
pub fn run(args: &BenchBuildArgs) -> Result<bool> {
    let root = args.root.clone().unwrap_or_else(project_root);
    let target = root.join("target/bench-build");
    if !args.handlers {
        types(&root, &target, &args.service)?;
    }
    let measure = |model: &Model<'_>| handlers::measure(&root, &target, model);
    let handlers::Times { plain, handlers } = with_model(&root, measure)?;
    let (plain, handlers) = (plain.as_secs_f64(), handlers.as_secs_f64());
    let count = handlers::HANDLERS;
    eprintln!("{count} functions, debug     {plain:6.2} s");
    eprintln!("the same as handlers    {handlers:6.2} s");
    eprintln!("{count} handlers cost {:.2} s more", handlers - plain);
    Ok(true)
}

/// Calls `then` with the model of the schemas.
fn with_model<T>(root: &Path, then: impl FnOnce(&Model<'_>) -> Result<T>) -> Result<T> {
    let sources = Sources::load(&root.join("schemas")).into_diagnostic()?;
    then(&sources.model().into_diagnostic()?)
}

/// The durations of clean builds of our types and of the same types with derives.
pub(crate) fn ours_and_derives(root: &Path, target: &Path) -> Result<(Duration, Duration)> {
    let derived = with_model(root, |model| write_derived(root, target, model))?;
    let library = root.join("feishu-events/Cargo.toml");
    let ours = clean_build(&library, target, &["--lib"])?;
    Ok((ours, clean_build(&derived, target, &["--lib"])?))
}

fn types(root: &Path, target: &Path, name: &str) -> Result<()> {
    let library = root.join("feishu-events/Cargo.toml");
    let none = ["--lib", "--no-default-features"];
    let (all, derives) = ours_and_derives(root, target)?;
    let dependencies = clean_build(&library, target, &none)?;
    let alone = [none.as_slice(), &["--features", name]].concat();
    let service = clean_build(&library, target, &alone)?;
    eprintln!("all services            {:6.1} s", all.as_secs_f64());
    eprintln!("the same with derives   {:6.1} s", derives.as_secs_f64());
    eprintln!(
        "no service              {:6.1} s",
        dependencies.as_secs_f64()
    );
    eprintln!("{name:<22} {:7.1} s", service.as_secs_f64());
    let ratio = all.as_secs_f64() / derives.as_secs_f64();
    let more = service.as_secs_f64() - dependencies.as_secs_f64();
    eprintln!("all services : derives  {ratio:6.2}");
    eprintln!("{name} costs {more:.1} s more than no service");
    Ok(())
}

/// Writes a crate with the derived types, outside of the workspace, and returns its manifest.
fn write_derived(root: &Path, target: &Path, model: &Model<'_>) -> Result<PathBuf> {
    let folder = target.join("derived");
    fs::create_dir_all(folder.join("src")).into_diagnostic()?;
    // The generated code is a module.
    fs::write(folder.join("src/lib.rs"), "pub mod types;\n").into_diagnostic()?;
    fs::write(folder.join("src/types.rs"), plain_derives(model)).into_diagnostic()?;
    let manifest = folder.join("Cargo.toml");
    fs::write(&manifest, MANIFEST).into_diagnostic()?;
    fs::copy(root.join("Cargo.lock"), folder.join("Cargo.lock")).into_diagnostic()?;
    Ok(manifest)
}

const MANIFEST: &str = r#"[package]
name = "derived"
version = "0.0.0"
edition = "2024"

[dependencies]
serde = { version = "1", features = ["derive"] }
serde_json = { version = "1", features = ["raw_value"] }

[workspace]
"#;

/// The duration of a release build from scratch, into `target/target`.
pub(crate) fn clean_build(manifest: &Path, target: &Path, options: &[&str]) -> Result<Duration> {
    let folder = target.join("target");
    if folder.exists() {
        fs::remove_dir_all(&folder).into_diagnostic()?;
    }
    let started = Instant::now();
    let status = Command::new(env!("CARGO"))
        .args(["build", "--quiet", "--release", "--offline"])
        // Incremental builds are slower the first time.
        .env_remove("CARGO_INCREMENTAL")
        .arg("--manifest-path")
        .arg(manifest)
        .arg("--target-dir")
        .arg(&folder)
        .args(options)
        .status()
        .into_diagnostic()?;
    if !status.success() {
        return Err(miette!("{} does not build", manifest.display()));
    }
    Ok(started.elapsed())
}

//! `cargo xtask names`: names for types that the overlay does not name yet.

use std::fs;
use std::path::PathBuf;

use clap::Args;
use feishu_events_gen::{Sources, suggest_names};
use miette::{IntoDiagnostic, Result};

use crate::generate::project_root;

/// The options of `names`.
#[derive(Debug, Args)]
pub struct NamesArgs {
    /// The folder of the project [default: the one that this command belongs to]
    #[arg(long)]
    pub root: Option<PathBuf>,
}

/// Runs the command. What is named stays as it is.
///
/// # Errors
/// Schemas or an overlay that cannot be read, names that cannot be written.
pub fn run(args: &NamesArgs) -> Result<bool> {
    let folder = args
        .root
        .clone()
        .unwrap_or_else(project_root)
        .join("schemas");
    let Sources { schemas, overlay } = Sources::load(&folder).into_diagnostic()?;
    let names = folder.join("overlay/names");
    fs::create_dir_all(&names).into_diagnostic()?;
    for (service, suggested) in suggest_names(&schemas, &overlay).into_diagnostic()? {
        if overlay.names.get(&service) != Some(&suggested) {
            fs::write(names.join(format!("{service}.json")), suggested.to_json())
                .into_diagnostic()?;
            eprintln!("schemas/overlay/names/{service}.json");
        }
    }
    Ok(true)
}

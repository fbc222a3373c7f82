//! `cargo xtask names`: names for types that the overlay does not name yet.

use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::Args;
use feishu_events_gen::internals::output::write_if_changed;
use feishu_events_gen::internals::{Sources, overlay, suggest_names};
use miette::{Context, IntoDiagnostic, Result};

use crate::generate::project_root;

/// The options of `names`.
#[derive(Debug, Args)]
pub struct NamesArgs {
    /// The folder of the project [default: the one that this command belongs to]
    #[arg(long)]
    pub root: Option<PathBuf>,
}

/// Runs the command. Existing names do not change.
///
/// # Errors
/// Schemas or an overlay that cannot be read, names that cannot be written.
pub fn run(args: &NamesArgs) -> Result<bool> {
    let folder = args
        .root
        .clone()
        .unwrap_or_else(project_root)
        .join("schemas");
    let Sources {
        schemas, overlay, ..
    } = Sources::load(&folder).into_diagnostic()?;
    let names = folder.join(overlay::FOLDER).join("names");
    for (service, suggested) in
        suggest_names(&schemas, &overlay, &BTreeMap::new()).into_diagnostic()?
    {
        if overlay.names.get(&service) != Some(&suggested) {
            let file = names.join(format!("{service}.json"));
            write_if_changed(&file, &suggested.to_json())
                .into_diagnostic()
                .wrap_err_with(|| format!("cannot write `{}`", file.display()))?;
            eprintln!("schemas/overlay/names/{service}.json");
        }
    }
    Ok(true)
}

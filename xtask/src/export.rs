//! `cargo xtask export`: schemas → JSON Schema, OpenAPI, AsyncAPI and a mapping to CloudEvents, for
//! programs in any language.

use std::path::{Path, PathBuf};

use clap::Args;
use feishu_events_gen::internals::Sources;
use feishu_events_gen::internals::model::Model;
use feishu_events_gen::internals::output::Output;
use miette::{IntoDiagnostic, Result};

mod asyncapi;
mod callbacks;
mod cloudevents;
mod components;
mod definitions;
mod envelope;
mod event_schema;
pub mod json;
mod openapi;
pub mod profile;
mod received;
mod rows;
mod types;

pub use components::version;
pub use event_schema::event_schema;
use profile::Profile;

/// Where the exports are, below the root of the project. All files are two folders deeper, where
/// no reader of schemas takes them for a schema.
pub const FOLDER: &str = "schemas/export";

/// The options of `export`.
#[derive(Debug, Default, Args)]
pub struct ExportArgs {
    /// The folder to write into [default: schemas/export]
    #[arg(long)]
    pub out: Option<PathBuf>,
    /// Write nothing; exit with 1 and name the files that are not as they would be written
    #[arg(long)]
    pub check: bool,
    /// The folder of schemas to read [default: schemas]
    #[arg(long)]
    pub schemas: Option<PathBuf>,
}

/// Runs the command for the project at `root`; false if files are stale.
///
/// # Errors
/// Schemas that can't be read, and files that can't be written.
pub fn run(args: &ExportArgs, root: &Path) -> Result<bool> {
    let schemas = args.schemas.clone().unwrap_or_else(|| root.join("schemas"));
    let sources = Sources::load(&schemas).into_diagnostic()?;
    let mut output = Output::default();
    let model = sources.model().into_diagnostic()?;
    // Another folder than the project's can hold other files, which stay.
    let owned = args.out.is_none();
    add_to(&mut output, &model, Path::new(""), owned).into_diagnostic()?;
    let out = args.out.clone().unwrap_or_else(|| root.join(FOLDER));
    let stale = if args.check {
        output.compare(&out)
    } else {
        output.write(&out)
    };
    let stale = stale.into_diagnostic()?;
    for file in &stale {
        if args.check {
            eprintln!("{file}");
        }
    }
    let (files, changed) = (output.len(), stale.len());
    if args.check && changed > 0 {
        eprintln!("{changed} of {files} exported files are stale; run `cargo xtask export`");
        return Ok(false);
    }
    let verb = if args.check { "stale" } else { "changed" };
    eprintln!(
        "{files} exported files in `{}`, {changed} {verb}",
        out.display()
    );
    Ok(true)
}

/// Adds all exports of `model` to `output`, below `folder`, where nothing else is to be.
///
/// # Errors
/// Two definitions of one name.
pub fn add(model: &Model<'_>, folder: &Path, output: &mut Output) -> feishu_events_gen::Result<()> {
    add_to(output, model, folder, true)
}

fn add_to(
    output: &mut Output,
    model: &Model<'_>,
    folder: &Path,
    owned: bool,
) -> feishu_events_gen::Result<()> {
    let mut folders = Vec::new();
    for profile in Profile::ALL {
        let below = folder.join(profile.name());
        for event in &model.events {
            let mut services = model.services.iter();
            let Some(service) = services.find(|service| service.name == event.service) else {
                continue;
            };
            let schema = event_schema(event, service, profile);
            output.insert(below.join(event_schema::file_of(event)), schema.to_text());
        }
        folders.push(below);
    }
    let documents = [
        ("openapi", "feishu-events.json", openapi::document(model)?),
        ("asyncapi", "feishu-events.json", asyncapi::document(model)?),
        ("cloudevents", "mapping.json", cloudevents::mapping(model)),
    ];
    for (name, file, document) in documents {
        let below = folder.join(name);
        output.insert(below.join(file), document.to_text());
        folders.push(below);
    }
    if owned {
        for folder in folders {
            output.own_folder(folder);
        }
    }
    Ok(())
}

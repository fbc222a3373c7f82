//! `cargo xtask catalogue`: schemas → a static site to look events up in. It needs no server, no
//! network and no build step: opened from a folder, it works.

use std::path::{Path, PathBuf};

use clap::Args;
use feishu_events_gen::internals::Sources;
use feishu_events_gen::internals::output::Output;
use miette::{IntoDiagnostic, Result};

use crate::diff::{self, Report};

mod changes;
mod data;
mod page;

/// The files of the site that are the same for all schemas.
const FILES: [(&str, &str); 7] = [
    ("app.js", include_str!("catalogue/site/app.js")),
    ("event.js", include_str!("catalogue/site/event.js")),
    ("picker.js", include_str!("catalogue/site/picker.js")),
    ("search.js", include_str!("catalogue/site/search.js")),
    ("style.css", include_str!("catalogue/site/style.css")),
    (
        "vendor/minisearch.js",
        include_str!("catalogue/site/vendor/minisearch.js"),
    ),
    (
        "vendor/minisearch-LICENSE.txt",
        include_str!("catalogue/site/vendor/minisearch-LICENSE.txt"),
    ),
];

/// The options of `catalogue`.
#[derive(Debug, Default, Args)]
pub struct CatalogueArgs {
    /// The folder to write into [default: target/catalogue]
    #[arg(long)]
    pub out: Option<PathBuf>,
    /// An older state, whose differences are shown: a folder of schemas, or a git revision
    #[arg(long)]
    pub since: Option<String>,
    /// What the older state is called [default: its newest page's date]
    #[arg(long, requires = "since")]
    pub since_name: Option<String>,
}

/// Runs the command for the project at `root`.
///
/// # Errors
/// Schemas that can't be read, and files that can't be written.
pub fn run(args: &CatalogueArgs, root: &Path) -> Result<bool> {
    let out = args.out.clone();
    let out = out.unwrap_or_else(|| root.join("target/catalogue"));
    let site = site(args, root)?;
    let changed = site.write(&out).into_diagnostic()?.len();
    let index = out.join("index.html");
    eprintln!(
        "{} files, {changed} changed; open `{}`",
        site.len(),
        index.display()
    );
    Ok(true)
}

/// The files of the site.
///
/// # Errors
/// Schemas that can't be read.
pub fn site(args: &CatalogueArgs, root: &Path) -> Result<Output> {
    let schemas = root.join("schemas");
    let sources = Sources::load(&schemas).into_diagnostic()?;
    let model = sources.model().into_diagnostic()?;
    let since = match &args.since {
        Some(since) => Some(older(since, args.since_name.as_deref(), root)?),
        None => None,
    };
    let changes = since
        .as_ref()
        .map(|(name, report)| changes::changes(name, report, &model));
    let mut site = Output::default();
    for (name, text) in FILES {
        site.insert(name, text.to_owned());
    }
    site.insert("data.js", data::data(&model, changes.as_ref()));
    site.insert("index.html", page::index(&model, changes.as_ref())?);
    Ok(site)
}

/// What the older state is called, and what has changed since.
fn older(since: &str, name: Option<&str>, root: &Path) -> Result<(String, Report)> {
    let schemas = root.join("schemas");
    let report = diff::diff(since, &schemas.to_string_lossy(), root)?;
    if let Some(name) = name {
        return Ok((name.to_owned(), report));
    }
    let side = diff::Side::read(since, root)?;
    let pages = side.schemas.iter();
    let pages = pages.filter_map(|file| file.schema.document.as_ref());
    let days = pages.filter_map(|page| page.updated.clone());
    let name = days.max().unwrap_or_else(|| since.to_owned());
    Ok((name, report))
}

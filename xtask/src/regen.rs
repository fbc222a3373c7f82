//! `cargo xtask regen`: updates everything after a change of the documentation.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Args;
use feishu_events_gen::internals::output::write_if_changed;
use feishu_events_gen::internals::{Overlay, unwritten};
use jiff::Timestamp;
use miette::{Context, IntoDiagnostic, Result, miette};

use crate::diff::{Report, Side, compare, markdown, tree_id};
use crate::generate::{generate, project_root};
use crate::scrape::{ScrapeArgs, Scraped, scrape_on};

mod additions;
mod by_hand;
mod changelog;
mod fetched;
mod leftover;
mod names;
mod scalars;
mod stage;

use stage::Stage;

/// The revision to compare with.
const BASE: &str = "HEAD";

/// The options of `regen`.
#[derive(Debug, Default, Args)]
pub struct RegenArgs {
    /// Fetches the pages from the portal into `docs/` first; stops if a page failed that another
    /// run may get. Events of pages that fail permanently do not change
    #[arg(long)]
    pub fetch: bool,
    /// The portal to fetch from [default: that of `cargo xtask fetch`]. Lark's pages go into
    /// `docs/lark/`, and the schemas record only how they differ from Feishu's
    #[arg(long, requires = "fetch")]
    pub host: Option<String>,
    /// A folder with all documentation pages, instead of fetching them
    #[arg(long, conflicts_with = "fetch")]
    pub docs: Option<PathBuf>,
    /// Continues even if events or many of their rows are lost, or pages can't be read or fetched
    #[arg(long)]
    pub allow_loss: bool,
    /// Also writes the report to this file
    #[arg(long)]
    pub report: Option<PathBuf>,
    /// The folder of the project [default: the one that this command belongs to]
    #[arg(long)]
    pub root: Option<PathBuf>,
    /// The step of [`STEPS`] before which the run fails, for tests
    #[arg(skip)]
    pub fail_at: Option<&'static str>,
}

/// The steps of a run, in order.
pub const STEPS: [&str; 8] = [
    "read the pages",
    "settle names",
    "remove additions",
    "generate",
    "list what has no sentence",
    "compare",
    "write the changelog",
    "apply",
];

impl RegenArgs {
    /// Fails if a test wants the run to stop before this step.
    fn reach(&self, step: &str) -> Result<()> {
        if self.fail_at == Some(step) {
            return Err(miette!("stopped before the step `{step}`"));
        }
        Ok(())
    }
}

/// Runs the command and prints the report; false if the guard stopped it, or pages could not be read.
///
/// # Errors
/// A project outside a git repository, schemas that can't be read, and types that can't be
/// generated.
pub fn run(args: &RegenArgs) -> Result<bool> {
    let today = Timestamp::now().strftime("%Y-%m-%d").to_string();
    let Some(done) = regen(args, &today)? else {
        return Ok(false);
    };
    if let Some(file) = &args.report {
        fs::write(file, &done.text)
            .into_diagnostic()
            .wrap_err_with(|| format!("cannot write `{}`", file.display()))?;
    }
    std::io::stdout()
        .write_all(done.text.as_bytes())
        .into_diagnostic()?;
    for file in &done.files {
        eprintln!("{}", file.display());
    }
    eprintln!(
        "{} events; {} files written beside schemas/",
        done.events,
        done.files.len()
    );
    if !done.complete {
        eprintln!("some pages could not be read, see above; their events have not changed");
    }
    Ok(done.complete)
}

/// The result of `regen`.
#[derive(Debug)]
pub struct Regenerated {
    /// What changed since `HEAD`.
    pub report: Report,
    /// The report as Markdown, with what is left to do by hand.
    pub text: String,
    /// What is left to do by hand.
    pub by_hand: String,
    /// How many events there are.
    pub events: usize,
    /// Whether every page could be read; events of other pages have not changed.
    pub complete: bool,
    /// The files that were written, except for schemas, below the root.
    pub files: Vec<PathBuf>,
}

/// Does all steps or none: if the guard or an error stops the run, the project has not changed. `today`
/// is recorded for pages that are missing for the first time.
///
/// # Errors
/// As [`run`].
pub fn regen(args: &RegenArgs, today: &str) -> Result<Option<Regenerated>> {
    let root = args.root.clone().unwrap_or_else(project_root);
    // Checked before anything is fetched or written, because the report needs it.
    let base = tree_id(&root, BASE, "schemas")?;
    let old = Side::of_revision(BASE, &root)?;
    let pages = if args.fetch {
        Some(fetched::fetch(
            &root,
            args.host.as_deref(),
            args.allow_loss,
        )?)
    } else {
        args.docs.clone().map(fetched::Pages::all)
    };
    let unfetched = pages.as_ref().map(fetched::Pages::section);
    // Everything is done in a copy; the project changes only when all of it has succeeded.
    let staged = Stage::of(&root)?;
    let done = update(&staged, pages, args, today, (&base, &old));
    // The copy is temporary, so messages name the files of the project.
    let Some(mut done) = done.map_err(|error| staged.in_project(&error, &root))? else {
        return Ok(None);
    };
    args.reach(STEPS[7])?;
    staged.apply(&root)?;
    done.text += &unfetched.unwrap_or_default();
    done.text += &done.by_hand;
    Ok(Some(done))
}

/// The steps that are done in the copy.
fn update(
    staged: &Stage,
    pages: Option<fetched::Pages>,
    args: &RegenArgs,
    today: &str,
    (base, old): (&str, &Side),
) -> Result<Option<Regenerated>> {
    let schemas = staged.root().join("schemas");
    let mut complete = true;
    args.reach(STEPS[0])?;
    if let Some(pages) = pages {
        let scraped = scrape_all(pages, &schemas, args.allow_loss, today)?;
        if !scraped.written {
            return Ok(None);
        }
        complete = scraped.complete;
    }
    args.reach(STEPS[1])?;
    let names::Settled {
        mut files,
        set_aside,
    } = names::settle(&schemas, old)?;
    args.reach(STEPS[2])?;
    // After the names are settled, because objects in additions have names too.
    files.extend(additions::remove_documented(&schemas)?);
    let scalars = scalars::keep(&schemas, old)?;
    files.extend(scalars.file);
    args.reach(STEPS[3])?;
    let generated = generate(staged.root(), false).into_diagnostic()?;
    args.reach(STEPS[4])?;
    files.extend(generated.stale.iter().map(|file| file.path.clone()));
    let list = Path::new("schemas/overlay").join(unwritten::FILE);
    let text = unwritten::to_json(&generated.unwritten);
    if write_if_changed(&staged.root().join(&list), &text).into_diagnostic()? {
        files.push(list);
    }
    files.extend(leftover::write(&schemas, &generated)?);
    args.reach(STEPS[5])?;
    let new = Side::of_folder("schemas", &schemas)?;
    let report = compare(old, &new, &Overlay::default());
    args.reach(STEPS[6])?;
    if changelog::update(staged.root(), base, &markdown::changelog(&report))? {
        files.push(PathBuf::from(changelog::FILE));
    }
    let by_hand = by_hand::ByHand {
        unwritten: &generated.unwritten,
        unused: &generated.unused,
        problems: &[generated.problems, set_aside, scalars.by_hand].concat(),
    };
    Ok(Some(Regenerated {
        text: markdown::page(&report),
        by_hand: by_hand.section(old),
        report,
        events: new.schemas.len(),
        complete,
        files,
    }))
}

/// Reads all pages into the schemas.
fn scrape_all(
    pages: fetched::Pages,
    schemas: &Path,
    allow_loss: bool,
    today: &str,
) -> Result<Scraped> {
    if !pages.folder.is_dir() {
        return Err(miette!(
            help = "`cargo xtask fetch` fills a folder with the portal's pages",
            "the folder `{}` does not exist",
            pages.folder.display()
        ));
    }
    let args = ScrapeArgs {
        unfetched: pages.unfetched(),
        inputs: vec![pages.folder],
        without: pages.left,
        out: schemas.to_owned(),
        all: true,
        allow_loss,
        ..ScrapeArgs::default()
    };
    let scraped = scrape_on(&args, false, today)?;
    eprint!("{}", scraped.report);
    Ok(scraped)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// On a machine that has fetched nothing before, a page that failed has no file.
    #[test]
    fn the_event_of_a_page_that_failed_is_not_withdrawn() {
        let folder = tempfile::tempdir().unwrap();
        let schemas = folder.path().join("schemas");
        let file = schemas.join("meadow/cow.grazed_v1.json");
        crate::tests::one_schema(folder.path());
        let text = fs::read_to_string(&file).unwrap();
        let text = text.replace("\"document\": null", "\"document\": { \"path\": \"/cow\" }");
        fs::write(&file, &text).unwrap();
        let docs = folder.path().join("docs");
        fs::create_dir(&docs).unwrap();
        fs::write(
            docs.join("other.md"),
            "---\nfullPath: \"/other\"\n---\n\n# Other\n",
        )
        .unwrap();
        let scrape = |pages| {
            let scraped = scrape_all(pages, &schemas, false, "2026-11-21").unwrap();
            scraped.written
        };
        let failed = fetched::Pages::all(docs.clone()).with_failed("/cow");
        assert!(scrape(failed));
        assert_eq!(fs::read_to_string(&file).unwrap(), text);
        // The same page, if it did not fail.
        assert!(scrape(fetched::Pages::all(docs)));
        assert!(fs::read_to_string(&file).unwrap().contains("2026-11-21"));
    }
}

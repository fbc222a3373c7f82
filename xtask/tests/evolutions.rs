//! Whatever the documentation does, `regen` goes through: random edits of pages, a few at once.
//!
//! `FEISHU_EVOLUTIONS=300` runs so many scripts instead of a few; the seed of one that fails is in
//! the message, and `FEISHU_EVOLUTION=seed` runs that alone. `FEISHU_EVOLUTIONS_OUT` names a folder
//! in which the schemas after each script stay, so that what is generated can be compiled.

#![allow(clippy::unwrap_used, reason = "a test that fails may do so at once")]

mod edits;
mod project;
mod shared_docs;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use edits::invented::pond;
use edits::random::Random;
use edits::raw::RawPage;
use edits::scripts::{EDITS, Pages};
use edits::{TODAY, copy};
use feishu_events_gen::internals::{Overlay, SchemaSet, resolve};
use project::Project;
use xtask::diff::report::Step;
use xtask::regen::{RegenArgs, regen};
use xtask::scrape::{ScrapeArgs, scrape};

/// A project of pages, as it is committed.
struct Base {
    project: Project,
    pages: Vec<RawPage>,
    places: BTreeMap<String, BTreeMap<String, String>>,
}

impl Base {
    fn of(pages: Vec<RawPage>, overlay: Option<&Path>) -> Self {
        let project = Project::ready();
        for page in &pages {
            project.write(&format!("docs/{}", page.file), &page.text());
        }
        if let Some(overlay) = overlay {
            copy(overlay, &project.root().join("schemas/overlay"));
        }
        let args = ScrapeArgs {
            inputs: vec![project.path("docs")],
            out: project.root().join("schemas"),
            ..ScrapeArgs::default()
        };
        assert!(scrape(&args, false).unwrap().complete);
        xtask::generate::generate(&project.root(), false).unwrap();
        project.commit();
        project.regen().unwrap().unwrap();
        project.commit();
        let places = places(&project);
        Self {
            project,
            pages,
            places,
        }
    }

    /// Runs a script; gives what is wrong then.
    fn evolve(&self, seed: u64) -> Result<BTreeSet<&'static str>, String> {
        let mut random = Random(seed);
        let mut pages = Pages {
            pages: self.pages.clone(),
            touched: BTreeSet::new(),
        };
        let mut made = BTreeSet::new();
        let mut adds = true;
        for _ in 0..=random.below(4) {
            let (name, is_addition, edit) = random.of(&EDITS);
            if edit(&mut pages, &mut random) {
                made.insert(*name);
                adds &= is_addition;
            }
        }
        let docs = self.project.path("docs");
        fs::remove_dir_all(&docs).unwrap();
        for page in &pages.pages {
            self.project
                .write(&format!("docs/{}", page.file), &page.text());
        }
        let failed = |what: String| format!("seed {seed}, {made:?}: {what}");
        let args = RegenArgs {
            root: Some(self.project.root()),
            docs: Some(docs),
            allow_loss: true,
            ..RegenArgs::default()
        };
        let done = regen(&args, TODAY).map_err(|error| failed(format!("{error:?}")))?;
        let done = done.ok_or_else(|| failed("the guard stopped it".to_owned()))?;
        if !done.complete {
            return Err(failed("a page could not be read".to_owned()));
        }
        for file in shared_docs::files(self.project.root().join("feishu-events/src/generated")) {
            let text = fs::read_to_string(&file).unwrap();
            syn::parse_file(&text)
                .map_err(|error| failed(format!("{}: {error}", file.display())))?;
        }
        if adds && done.report.step > Step::Minor {
            return Err(failed(format!(
                "only additions, and {:?}\n{}",
                done.report.step, done.text
            )));
        }
        let touched = touched(&self.project, &pages.touched);
        let now = places(&self.project);
        for (service, names) in &self.places {
            for (place, name) in names {
                let event = place.split('/').next().unwrap();
                let is = now.get(service).and_then(|now| now.get(place));
                if !touched.contains(&(service.clone(), event.to_owned())) && is != Some(name) {
                    return Err(failed(format!("{service} {place}: {name} is now {is:?}")));
                }
            }
        }
        if let Some(out) = std::env::var_os("FEISHU_EVOLUTIONS_OUT") {
            let out = PathBuf::from(out).join(seed.to_string());
            copy(&self.project.root().join("schemas"), &out.join("schemas"));
        }
        self.project.git(&["checkout", "--quiet", "--", "."]);
        self.project.git(&["clean", "-fdq"]);
        Ok(made)
    }
}

/// The names of all types, by service and place.
fn places(project: &Project) -> BTreeMap<String, BTreeMap<String, String>> {
    let folder = project.root().join("schemas");
    let overlay = Overlay::load(&folder.join("overlay")).unwrap();
    let mut schemas = SchemaSet::load(&folder).unwrap();
    overlay.correct(&mut schemas);
    resolve(&schemas, &overlay).unwrap().places
}

/// The events whose pages have these files, as service and rest.
fn touched(project: &Project, files: &BTreeSet<String>) -> BTreeSet<(String, String)> {
    let texts = files
        .iter()
        .filter_map(|file| fs::read_to_string(project.path("docs").join(file)).ok());
    let texts: String = texts.collect();
    let schemas = SchemaSet::load(&project.root().join("schemas")).unwrap();
    let events = schemas
        .iter()
        .filter(|file| texts.contains(&file.schema.event_type));
    let events = events.map(|file| (file.service.clone(), file.rest().to_owned()));
    events.collect()
}

fn run(base: &Base, few: usize) {
    if let Ok(seed) = std::env::var("FEISHU_EVOLUTION") {
        base.evolve(seed.parse().unwrap()).unwrap();
        return;
    }
    let many = std::env::var("FEISHU_EVOLUTIONS").map_or(few, |many| many.parse().unwrap());
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let mut failures = Vec::new();
    for seed in 1..=many as u64 {
        match base.evolve(seed) {
            Ok(made) => made
                .into_iter()
                .for_each(|name| *counts.entry(name).or_default() += 1),
            Err(failure) => {
                failures.push(failure);
                base.project.git(&["checkout", "--quiet", "--", "."]);
                base.project.git(&["clean", "-fdq"]);
            }
        }
    }
    let line = format!("{many} scripts: {counts:?}\n");
    std::io::stderr().write_all(line.as_bytes()).unwrap();
    assert!(
        failures.is_empty(),
        "{} of {many} fail:\n{}",
        failures.len(),
        failures.join("\n\n")
    );
}

#[test]
fn invented_pages_evolve() {
    let pages = pond();
    let pages = pages
        .iter()
        .map(|page| RawPage::of(&page.file(), &page.text()).unwrap());
    run(&Base::of(pages.collect(), None), 20);
}

#[test]
fn real_pages_evolve() {
    let Some(folder) = shared_docs::folder("2026-03") else {
        return;
    };
    let mut pages = Vec::new();
    for part in ["vc-v1", "im-v1", "contact-v3", "approval-v4", "helpdesk-v1"] {
        for path in shared_docs::pages(folder.join(part)) {
            let file = path.strip_prefix(&folder).unwrap().display().to_string();
            let text = fs::read_to_string(&path).unwrap();
            pages.extend(RawPage::of(&file, &text).filter(|_| text.contains("\"event_type\"")));
        }
    }
    assert!(pages.len() > 30, "{}", pages.len());
    let overlay = Path::new(env!("CARGO_MANIFEST_DIR")).join("../schemas/overlay");
    run(&Base::of(pages, Some(&overlay)), 2);
}

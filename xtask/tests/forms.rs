//! Each form of a page gives what the portal's raw page gives: rows, levels, types, scopes and
//! values. Real differences between the dates of the pages, and what a form doesn't carry, are
//! listed by name in `form_differences.txt`: a new one fails, one that is gone must be struck off.

#![allow(clippy::unwrap_used, reason = "a test that fails may do so at once")]

mod shared_docs;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use feishu_events_gen::internals::SchemaSet;
use feishu_events_gen::internals::schema::{EventSchema, Row};
use xtask::pages::decode::decode;
use xtask::pages::levels::TypeNames;
use xtask::pages::read::{Event, Outcome, read_page_knowing};
use xtask::scrape::{ScrapeArgs, scrape};

#[derive(Default)]
struct Score {
    pages: usize,
    events: usize,
    rows: usize,
    found: usize,
    levels: usize,
    guessed: usize,
    types: usize,
    scopes: usize,
    values: usize,
}

fn events(page: &Path, types: &TypeNames) -> Vec<Event> {
    let name = page.file_name().unwrap().to_string_lossy();
    let source = decode(&name, &std::fs::read(page).unwrap()).unwrap();
    let reading = read_page_knowing(&source, types);
    match reading.outcome {
        Outcome::Events(events) => events,
        other => panic!("{name}: {other:?}, {:?}", reading.findings),
    }
}

/// The rows by their path of names, each with a number if it is not the first of its path.
fn by_path(rows: &[Row]) -> BTreeMap<String, &Row> {
    let mut open: Vec<&Row> = Vec::new();
    let mut paths = BTreeMap::new();
    for row in rows {
        open.retain(|outer| outer.level < row.level);
        open.push(row);
        let names: Vec<&str> = open.iter().map(|row| row.name.as_str()).collect();
        let path = names.join(".");
        let count = paths.keys().filter(|known| **known == path).count();
        let path = if count == 0 {
            path
        } else {
            format!("{path} again")
        };
        paths.insert(path, row);
    }
    paths
}

/// What the pages of other events teach.
fn types_without(raw: &BTreeMap<String, EventSchema>, page: &Path) -> TypeNames {
    let own = events(page, &TypeNames::default());
    let own: BTreeSet<&str> = own
        .iter()
        .map(|event| &event.schema.event_type[..])
        .collect();
    let mut types = TypeNames::default();
    for schema in raw
        .values()
        .filter(|schema| !own.contains(&schema.event_type[..]))
    {
        types.learn(&schema.fields);
    }
    types
}

/// What the raw pages of March say, and what is committed of events that they lack.
fn raw_schemas() -> BTreeMap<String, EventSchema> {
    let folder = tempfile::tempdir().unwrap();
    let args = ScrapeArgs {
        inputs: shared_docs::folder("2026-03").into_iter().collect(),
        out: folder.path().to_owned(),
        ..ScrapeArgs::default()
    };
    assert!(scrape(&args, false).unwrap().complete);
    let sets = [Path::new("../schemas"), folder.path()].map(|path| SchemaSet::load(path).unwrap());
    let schemas = sets
        .iter()
        .flat_map(SchemaSet::iter)
        .map(|file| (file.schema.event_type.clone(), file.schema.clone()));
    schemas.collect()
}

#[test]
fn every_form_gives_what_the_raw_page_gives() {
    let (Some(dialects), Some(seeds)) = (
        shared_docs::folder("dialects"),
        shared_docs::folder("seeds"),
    ) else {
        return;
    };
    let raw = raw_schemas();
    let mut scores: BTreeMap<String, Score> = BTreeMap::new();
    let mut found = BTreeSet::new();
    for (folder, page) in [dialects, seeds].into_iter().flat_map(pages) {
        let form = match folder.as_str() {
            "seeds" => page.file_name().unwrap().to_string_lossy()[..3].to_owned(),
            _ => folder,
        };
        let score = scores.entry(form.clone()).or_default();
        score.pages += 1;
        for event in events(&page, &types_without(&raw, &page)) {
            score.events += 1;
            let schema = &event.schema;
            let place = format!("{form} {}", schema.event_type);
            let Some(expected) = raw.get(&schema.event_type) else {
                found.insert(format!("{place}: no raw page in March 2026"));
                continue;
            };
            score.compare(schema, expected, |difference| {
                found.insert(format!("{place}: {difference}"));
            });
        }
    }
    insta::assert_snapshot!("table", table(&scores));
    let listed = include_str!("form_differences.txt").lines();
    let listed = listed.filter(|line| !line.starts_with('#') && !line.is_empty());
    let listed: BTreeSet<String> = listed.map(str::to_owned).collect();
    let new: Vec<_> = found.difference(&listed).cloned().collect();
    let gone: Vec<_> = listed.difference(&found).cloned().collect();
    assert!(
        new.is_empty(),
        "not as on the raw page:\n{}",
        new.join("\n")
    );
    assert!(
        gone.is_empty(),
        "strike off, these are right now:\n{}",
        gone.join("\n")
    );
}

/// The pages below `folder`, each with the name of the folder that it lies in.
fn pages(folder: PathBuf) -> impl Iterator<Item = (String, PathBuf)> {
    shared_docs::files(folder).into_iter().map(|page| {
        let folder = page.parent().unwrap().file_name().unwrap();
        (folder.to_string_lossy().into_owned(), page)
    })
}

impl Score {
    fn compare(&mut self, read: &EventSchema, raw: &EventSchema, mut differ: impl FnMut(String)) {
        let (rows, raw_rows) = (by_path(&read.fields), by_path(&raw.fields));
        let mut names: BTreeMap<&str, usize> = BTreeMap::new();
        for row in &raw.fields {
            *names.entry(&row.name).or_default() += 1;
        }
        self.rows += raw.fields.len();
        for row in &read.fields {
            self.guessed += usize::from(row.level_inferred);
            if let Some(count) = names.get_mut(row.name.as_str()).filter(|count| **count > 0) {
                *count -= 1;
                self.found += 1;
            }
        }
        for (path, row) in &rows {
            let Some(raw) = raw_rows.get(path) else {
                differ(format!("`{path}` is not on the raw page"));
                continue;
            };
            self.levels += usize::from(row.level == raw.level);
            self.types += usize::from(row.type_name == raw.type_name);
            self.scopes += usize::from(row.scopes == raw.scopes);
            self.values += usize::from(row.values == raw.values);
            if row.level != raw.level {
                differ(format!(
                    "`{path}` has level {}, not {}",
                    row.level, raw.level
                ));
            }
            if row.type_name != raw.type_name {
                differ(format!(
                    "`{path}` is `{}`, not `{}`",
                    row.type_name, raw.type_name
                ));
            }
            if row.scopes != raw.scopes {
                differ(format!(
                    "`{path}` has other scopes: {}",
                    row.scopes.join(", ")
                ));
            }
            let keys = |row: &Row| row.values.0.iter().map(|(key, _)| key.clone()).collect();
            let (values, raw_values): (Vec<String>, Vec<String>) = (keys(row), keys(raw));
            if values != raw_values {
                differ(format!("`{path}` has other values: {}", values.join(", ")));
            }
            let rules = |row: &Row| {
                format!(
                    "{:?} {:?} {:?} {:?}",
                    row.min_len, row.max_len, row.min, row.max
                )
            };
            if rules(row) != rules(raw) {
                differ(format!("`{path}` has other rules: {}", rules(row)));
            }
        }
        for path in raw_rows.keys().filter(|path| !rows.contains_key(*path)) {
            differ(format!("`{path}` is only on the raw page"));
        }
        for (what, read, raw) in [
            ("scopes", &read.scopes, &raw.scopes),
            ("field scopes", &read.field_scopes, &raw.field_scopes),
        ] {
            if read != raw {
                differ(format!("other {what}: {}", read.join(", ")));
            }
        }
        if read.protocol != raw.protocol {
            differ("another protocol".to_owned());
        }
        if read.app_types != raw.app_types {
            differ("other app types".to_owned());
        }
    }
}

fn table(scores: &BTreeMap<String, Score>) -> String {
    let mut table = format!(
        "{:22} pages events  rows found levels types scopes values guessed\n",
        "form"
    );
    for (form, score) in scores {
        table += &format!(
            "{form:22} {:5} {:6} {:5} {:5} {:6} {:5} {:6} {:6} {:7}\n",
            score.pages,
            score.events,
            score.rows,
            score.found,
            score.levels,
            score.types,
            score.scopes,
            score.values,
            score.guessed
        );
    }
    table
}

/// All raw pages with their levels taken out: what the samples and the types bring back.
#[test]
fn levels_are_had_back_from_samples_and_types() {
    let Some(folder) = shared_docs::folder("2026-03") else {
        return;
    };
    let raw = raw_schemas();
    let mut counts = [[0_usize; 4]; 2];
    let mut wrong = Vec::new();
    for page in shared_docs::pages(folder) {
        let text = std::fs::read_to_string(&page).unwrap();
        if !text.contains("<md-dt-table") {
            continue;
        }
        let flat = text
            .replace("<md-dt-", "<md-")
            .replace("</md-dt-", "</md-")
            .replace("-tr level=", "-tr was=");
        let without_sample = flat.split("事件体示例").next().unwrap();
        for (with, text) in [(0, flat.as_str()), (1, without_sample)] {
            let name = page.file_name().unwrap().to_string_lossy();
            let source = decode(&name, text.as_bytes()).unwrap();
            let Outcome::Events(own) = read_page_knowing(&source, &TypeNames::default()).outcome
            else {
                continue;
            };
            let mut types = TypeNames::default();
            let is_own = |schema: &EventSchema| {
                let mut own = own.iter();
                own.any(|event| event.schema.event_type == schema.event_type)
            };
            for schema in raw.values().filter(|schema| !is_own(schema)) {
                types.learn(&schema.fields);
            }
            let Outcome::Events(events) = read_page_knowing(&source, &types).outcome else {
                continue;
            };
            for event in events {
                let raw = &raw[&event.schema.event_type].fields;
                for (row, raw) in event.schema.fields.iter().zip(raw) {
                    counts[with][0] += 1;
                    counts[with][1] += usize::from(row.level == raw.level);
                    counts[with][2] += usize::from(row.level_inferred);
                    let silent = row.level != raw.level && !row.level_inferred;
                    counts[with][3] += usize::from(silent);
                    if row.level != raw.level && with == 0 || silent {
                        wrong.push(format!(
                            "{name}: {} {} not {} {}",
                            row.name, row.level, raw.level, row.level_inferred
                        ));
                    }
                }
            }
        }
    }
    let shown = |[rows, right, guessed, silent]: [usize; 4]| {
        format!(
            "{rows} rows, {right} levels right, {guessed} marked as guessed, {silent} wrong without a mark"
        )
    };
    let [with, without] = counts;
    insta::assert_snapshot!(
        "levels",
        format!(
            "with samples: {}\nwithout: {}\n\nwrong with samples, or without a mark:\n{}",
            shown(with),
            shown(without),
            wrong.join("\n")
        )
    );
}

//! Proposes changes of the overlay for counts.

use std::collections::BTreeMap;
use std::path::PathBuf;

use feishu_events_gen::internals::SchemaSet;
use feishu_events_gen::internals::schema::{EventSchema, Row, Scalar, row_paths};
use feishu_events_gen::internals::schema_set::SchemaFile;

use super::counts::{Counts, EventCounts, Kind, Seen};
use super::entries::{Entry, Proposed, string};
use super::types;

/// A field that never arrived is noted only after this many events were looked at.
const LOOKS: u64 = 20;

/// The proposals, and notes on what only people can decide.
#[derive(Debug, Default)]
pub(super) struct Proposals {
    pub(super) files: Vec<Proposed>,
    pub(super) notes: Vec<String>,
}

pub(super) fn proposals(schemas: &SchemaSet, counts: &Counts, at_least: u64) -> Proposals {
    let mut proposals = Proposals::default();
    for (event_type, event) in &counts.events {
        let Some(file) = schemas.get(event_type) else {
            let note = format!("`{event_type}`: this event has no schema");
            proposals.notes.push(note);
            continue;
        };
        let mut learner = Learner {
            file,
            event,
            at_least,
            notes: Vec::new(),
        };
        let additions = learner.additions();
        let corrections = learner.corrections();
        learner.never_came();
        for (list, entries) in [("additions", additions), ("corrections", corrections)] {
            if entries.is_empty() {
                continue;
            }
            // Names of folders and files come from the schemas, never from the counts.
            let name = file.path.file_name().unwrap_or_default();
            proposals.files.push(Proposed {
                below: PathBuf::from(list).join(&file.service).join(name),
                event_type: file.schema.event_type.clone(),
                list,
                entries,
            });
        }
        proposals.notes.extend(learner.notes);
    }
    proposals
}

/// Compares the counts of one event with its schema.
struct Learner<'a> {
    file: &'a SchemaFile,
    event: &'a EventCounts,
    at_least: u64,
    notes: Vec<String>,
}

/// What arrived at one path, by its type.
type Came<'a> = BTreeMap<&'static str, (bool, &'a Seen)>;

impl<'a> Learner<'a> {
    fn schema(&self) -> &'a EventSchema {
        &self.file.schema
    }

    fn note(&mut self, place: &str, what: &str) {
        let event_type = &self.schema().event_type;
        self.notes.push(format!("`{event_type}` {place}: {what}"));
    }

    /// What arrived at each path with one of `kinds`, and whether some of it was left out.
    fn places(&self, kinds: &[Kind]) -> BTreeMap<&'a str, Came<'a>> {
        let mut places: BTreeMap<&str, Came<'_>> = BTreeMap::new();
        for (difference, seen) in &self.event.differences {
            if kinds.contains(&difference.kind) && seen.count >= self.at_least {
                let is_left_out = difference.kind == Kind::Unreadable;
                let place = places.entry(&difference.path).or_default();
                place.insert(difference.came_as, (is_left_out, seen));
            }
        }
        places
    }

    /// Rows for undocumented fields.
    fn additions(&mut self) -> Vec<Entry> {
        let mut entries = Vec::new();
        for (place, came) in self.places(&[Kind::Undocumented]) {
            let field = field_at(place);
            if place.ends_with("/*") {
                self.note(
                    place,
                    "names arrived that look like data, so they were not written",
                );
                continue;
            }
            if self.row(&field).is_some() {
                continue;
            }
            let parent = field.rsplit_once('/').map_or("", |(outer, _)| outer);
            if self.row(parent).is_none() {
                self.note(
                    place,
                    "the schema does not have exactly one row to add it to",
                );
                continue;
            }
            let all: Vec<&str> = came.keys().copied().collect();
            let Some(type_name) = types::of_all(&all) else {
                self.note(place, "only null arrived, so the type is unknown");
                continue;
            };
            let reason = self.reason(&came);
            entries.push(Entry {
                text: format!(
                    "    {{ \"field\": {}, \"type\": {}, \"known_to\": [\"logs\"], \"reason\": {} }}",
                    string(&field),
                    string(&type_name),
                    string(&reason)
                ),
                field,
            });
        }
        entries
    }

    /// Corrections of types, and of lists of values.
    fn corrections(&mut self) -> Vec<Entry> {
        let mut changes: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
        for (place, came) in self.places(&[Kind::Converted, Kind::Unreadable]) {
            let Some(type_name) = self.other_type(place, &came) else {
                continue;
            };
            let change = format!("\"type\": {}", string(&type_name));
            let reason = self.reason(&came);
            changes
                .entry(field_at(place))
                .or_default()
                .push((change, reason));
        }
        for (place, came) in self.places(&[Kind::Unlisted]) {
            for (_, seen) in came.values() {
                if let Some(change) = self.more_values(place, seen) {
                    changes.entry(field_at(place)).or_default().push(change);
                }
            }
        }
        let mut entries = Vec::new();
        for (field, all) in changes {
            let (changes, reasons): (Vec<String>, Vec<String>) = all.into_iter().unzip();
            let Some(link) = self.link() else {
                let changes = changes.join(", ");
                let what = format!("no page documents it, so edit its schema by hand: {changes}");
                self.note(&field, &what);
                continue;
            };
            let text = format!(
                "    {{\n      \"field\": {},\n      \"set\": {{ {} }},\n      \"reason\": {},\n      \"link\": {}\n    }}",
                string(&field),
                changes.join(", "),
                string(&reasons.join("; ")),
                string(&link)
            );
            entries.push(Entry { field, text });
        }
        entries
    }

    /// The type that can read what arrived at a documented path, if the documented one can't.
    fn other_type(&mut self, place: &str, came: &Came<'_>) -> Option<String> {
        let field = field_at(place);
        let Some((row, has_rows)) = self.row(&field) else {
            self.note(place, "there is not exactly one row of it");
            return None;
        };
        let came_types: Vec<&str> = came.keys().copied().collect();
        let is_left_out = came.values().any(|(is_left_out, _)| *is_left_out);
        let shown = came_types.join(", ");
        if has_rows || place.ends_with("/*") {
            let what = format!("arrived as {shown}, documented with rows inside; decide by hand");
            if is_left_out {
                self.note(place, &what);
            }
            return None;
        }
        let (documented, is_list) = documented(&row.type_name);
        let is_item = place.ends_with("/-");
        let seen = came.values().map(|(_, seen)| seen.count);
        let seen = seen.fold(0_u64, u64::saturating_add);
        let is_always = seen >= self.event.count && !place.contains("/-") && !is_list;
        let mut all = came_types;
        let documented: Vec<String> = documented
            .iter()
            .map(|it| {
                if is_list && !is_item {
                    format!("{it}[]")
                } else {
                    (*it).to_owned()
                }
            })
            .collect();
        if !is_always {
            if !is_left_out {
                return None; // It is read as it is.
            }
            all.extend(documented.iter().map(String::as_str));
        }
        let wider = types::of_all(&all)?;
        let wider = if is_item { format!("{wider}[]") } else { wider };
        if wider.contains("any") && is_item {
            self.note(
                place,
                &format!("arrived as {shown}, which no list of one type can contain"),
            );
            return None;
        }
        (wider != row.type_name).then_some(wider)
    }

    /// The listed values of the row, with those that were not listed.
    fn more_values(&mut self, place: &str, seen: &Seen) -> Option<(String, String)> {
        let Some((row, _)) = self.row(&field_at(place)) else {
            self.note(place, "there is not exactly one row of it");
            return None;
        };
        let is_new = |(word, times): &(&String, &u64)| {
            **times >= self.at_least && !row.values.contains(word)
        };
        let words: Vec<(&String, &u64)> = seen.words.iter().filter(is_new).collect();
        if words.is_empty() {
            let what = format!(
                "{} values arrived that are not listed, none of them a word that many events had",
                seen.count
            );
            if seen.words.is_empty() {
                self.note(place, &what);
            }
            return None;
        }
        let listed = row
            .values
            .0
            .iter()
            .map(|(value, label)| (value.as_str(), label.as_str()));
        let new = words.iter().map(|(word, _)| (word.as_str(), ""));
        let members: Vec<String> = listed
            .chain(new)
            .map(|(value, label)| format!("{}: {}", string(value), string(label)))
            .collect();
        let shown: Vec<String> = words
            .iter()
            .map(|(word, times)| format!("{word} in {times}"))
            .collect();
        let reason = format!(
            "values that are not listed arrived: {} of {} events, {}",
            shown.join(", "),
            self.event.count,
            when(seen)
        );
        Some((format!("\"values\": {{ {} }}", members.join(", ")), reason))
    }

    /// Notes fields with a scope that never arrived. Counts do not show whether the scope was not granted
    /// or is the wrong one, so nothing is proposed.
    fn never_came(&mut self) {
        for (place, absent) in &self.event.absent {
            if absent.looked_at < LOOKS.max(self.at_least) || absent.absent < absent.looked_at {
                continue;
            }
            let Some((row, _)) = self.row(&field_at(place)) else {
                continue;
            };
            let what = format!(
                "never arrived in {} events that were looked at; its scopes: {}. Were they granted?",
                absent.looked_at,
                row.scopes.join(", ")
            );
            self.note(place, &what);
        }
    }

    /// The row of a field, if there is exactly one, and whether there are rows inside it.
    fn row(&self, field: &str) -> Option<(&'a Row, bool)> {
        let rows = &self.schema().fields;
        let paths = row_paths(rows).enumerate();
        let mut found = paths.filter(|(_, path)| field.split('/').skip(1).eq(path.names()));
        let (index, path) = found.next()?;
        let next = rows.get(index + 1);
        let has_rows = next.is_some_and(|next| next.level > path.row.level);
        found.next().is_none().then_some((path.row, has_rows))
    }

    fn link(&self) -> Option<String> {
        let document = self.schema().document.as_ref()?;
        Some(format!("https://open.feishu.cn/document{}", document.path))
    }

    fn reason(&self, came: &Came<'_>) -> String {
        let mut all = Seen::default();
        let shown: Vec<String> = came
            .iter()
            .map(|(came_as, (_, seen))| {
                let files = all.files.max(seen.files);
                all.add(seen);
                all.files = files;
                format!("{came_as} in {}", seen.count)
            })
            .collect();
        format!(
            "arrived as {} of {} events, {}",
            shown.join(", "),
            self.event.count,
            when(&all)
        )
    }
}

/// The `field` of the overlay for a path in the payload.
fn field_at(place: &str) -> String {
    let names = place
        .split('/')
        .skip(1)
        .filter(|name| !matches!(*name, "-" | "*"));
    names.fold("/event".to_owned(), |field, name| field + "/" + name)
}

/// The documented types of a row, as `Drift` names them, and whether it is a list of them.
fn documented(type_name: &str) -> (Vec<&'static str>, bool) {
    let (name, is_list) = match type_name.trim().strip_suffix("[]") {
        Some(item) => (item.trim_end(), true),
        None => (type_name.trim(), false),
    };
    let forms = name.split('|').map(str::trim);
    let forms = forms.map(|form| match (Scalar::documented(form), form) {
        (Some(Scalar::String), _) => "string",
        (Some(Scalar::Int), _) => "int",
        (Some(Scalar::Float), _) => "float",
        (Some(Scalar::Bool), _) => "boolean",
        (None, "user_id") => "user_id",
        (None, "list" | "array") => "list",
        _ => "object",
    });
    (forms.collect(), is_list)
}

/// When it was seen first and last, and in how many files.
fn when(seen: &Seen) -> String {
    let day = |ms: u64| {
        let time = i64::try_from(ms)
            .ok()
            .and_then(|ms| jiff::Timestamp::from_millisecond(ms).ok());
        time.map_or_else(
            || "an unknown day".to_owned(),
            |time| time.strftime("%Y-%m-%d").to_string(),
        )
    };
    let files = if seen.files == 1 {
        "1 file".to_owned()
    } else {
        format!("{} files", seen.files)
    };
    format!("{} to {}, {files}", day(seen.first), day(seen.last))
}

//! What keeps a run from making less of what there is: a portal that is down, a page with another
//! layout, half a folder.
//!
//! A run is compared with the schemas that lie there before anything is written. A few rows that
//! go are news of the documentation; many at once are a mistake until a person says otherwise.

use std::collections::BTreeMap;
use std::fmt::Write;

use feishu_events_gen::internals::schema::{EventSchema, Row};

use crate::diff::removed_rows;

/// How much may go without a question: this share, in percent, of what there is …
const SHARE: usize = 1;
/// … or so many rows, scopes or values, in a small set …
const FEW: usize = 5;
/// … and so many events whose page is gone.
const FEW_PAGES: usize = 3;
/// An event that loses more than half of its rows is a mistake, if it loses at least as many.
const FEW_OF_ONE: usize = 3;

/// How many names a line of the list has at most.
const NAMES: usize = 8;

/// What a run would lose.
#[derive(Debug, Default)]
pub(crate) struct Losses {
    /// Events whose page is there, but is not about them any more, and what it is instead.
    pub(crate) dropped: Vec<(String, String)>,
    /// Events whose page is gone since this run.
    pub(crate) gone: Vec<String>,
    /// What is gone from tables: rows, scopes, listed values.
    tables: Vec<OfTables>,
    /// How many events there are.
    events: usize,
}

/// What tables are made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Rows,
    Scopes,
    Values,
}

impl Part {
    /// How the list calls them.
    fn name(self) -> &'static str {
        match self {
            Self::Rows => "rows",
            Self::Scopes => "scopes",
            Self::Values => "values",
        }
    }
}

/// What is gone from the tables of all events, of one kind.
#[derive(Debug)]
struct OfTables {
    what: Part,
    total: usize,
    /// By event: how many it had, and what is gone.
    lost: Vec<(String, usize, Vec<Lost>)>,
}

/// A fact that is gone.
#[derive(Debug)]
struct Lost {
    name: String,
    /// Whether a piece of it is there in its place: the page was not read rightly.
    cut: bool,
}

impl Lost {
    /// Those of the facts `before` that are not among `after`, as `place` names them.
    fn of(before: &[&str], after: &[&str], place: impl Fn(&str) -> String) -> Vec<Self> {
        let gone = before.iter().filter(|fact| !after.contains(fact));
        let lost = gone.map(|fact| {
            let mut others = after.iter().filter(|other| !before.contains(other));
            let piece = others.find(|other| is_piece(other, fact));
            Self {
                name: match piece {
                    Some(piece) => format!("{} (`{piece}` instead)", place(fact)),
                    None => place(fact),
                },
                cut: piece.is_some(),
            }
        });
        lost.collect()
    }
}

/// Whether a scope is the beginning of another that was cut within a part of it: `contact:user`
/// of `contact:user_id:readonly`, but not of `contact:user:readonly`, which is another scope.
fn is_piece(scope: &str, of: &str) -> bool {
    let rest = of.strip_prefix(scope);
    scope.contains(':') && rest.is_some_and(|rest| !rest.is_empty() && !rest.starts_with(':'))
}

impl OfTables {
    fn of(what: Part) -> Self {
        Self {
            what,
            total: 0,
            lost: Vec::new(),
        }
    }

    fn add(&mut self, event: &EventSchema, had: usize, lost: Vec<Lost>) {
        self.total += had;
        if !lost.is_empty() {
            self.lost.push((event.event_type.clone(), had, lost));
        }
    }

    fn count(&self) -> usize {
        self.lost.iter().map(|(_, _, lost)| lost.len()).sum()
    }

    fn allowed(&self) -> usize {
        FEW.max(self.total * SHARE / 100)
    }

    /// The events that the list names: all, if too much is gone altogether.
    fn asked(&self) -> Vec<&(String, usize, Vec<Lost>)> {
        let all = self.count() > self.allowed();
        let of_one = |had: usize, lost: usize| {
            self.what == Part::Rows && lost >= FEW_OF_ONE && lost * 2 > had
        };
        let cut = |lost: &[Lost]| self.what == Part::Scopes && lost.iter().any(|lost| lost.cut);
        let lost = self.lost.iter();
        lost.filter(|(_, had, lost)| all || of_one(*had, lost.len()) || cut(lost))
            .collect()
    }
}

impl Losses {
    /// Compares what lies there with what would be written in its place.
    pub(crate) fn of_tables<'a>(
        before: impl Iterator<Item = &'a EventSchema>,
        after: &BTreeMap<&str, &EventSchema>,
    ) -> Self {
        let [mut rows, mut scopes, mut values] =
            [Part::Rows, Part::Scopes, Part::Values].map(OfTables::of);
        let mut events = 0;
        for old in before {
            events += 1;
            // What is not written stays as it is.
            let new = after.get(old.event_type.as_str()).copied().unwrap_or(old);
            let removed = removed_rows(&old.fields, &new.fields).into_iter();
            let removed = removed.map(|name| Lost { name, cut: false });
            rows.add(old, old.fields.len(), removed.collect());
            let kept = |facts: fn(&Row) -> Vec<&str>| lost_of_rows(old, new, facts);
            let (mut had, mut lost) = kept(|row| row.scopes.iter().map(String::as_str).collect());
            for (before, after) in [
                (&old.scopes, &new.scopes),
                (&old.field_scopes, &new.field_scopes),
            ] {
                let [before, after] = [before, after].map(|scopes| {
                    let scopes = scopes.iter().map(String::as_str);
                    scopes.collect::<Vec<_>>()
                });
                had += before.len();
                lost.extend(Lost::of(&before, &after, str::to_owned));
            }
            scopes.add(old, had, lost);
            let (had, lost) =
                kept(|row| row.values.0.iter().map(|(value, _)| &value[..]).collect());
            values.add(old, had, lost);
        }
        Self {
            tables: vec![rows, scopes, values],
            events,
            ..Self::default()
        }
    }

    /// Whether a person has to say that it is right so.
    pub(crate) fn must_be_asked(&self) -> bool {
        !self.dropped.is_empty()
            || self.too_many_gone()
            || self.tables.iter().any(|table| !table.asked().is_empty())
    }

    /// Whether the event stays as it is until a person says that what it loses is right: one bad
    /// page keeps no other from being written.
    pub(crate) fn holds_back(&self, event_type: &str) -> bool {
        let asked = self.tables.iter().flat_map(|table| table.asked());
        asked.into_iter().any(|(event, ..)| event == event_type)
    }

    /// Whether no event is to be marked as gone until a person says so.
    pub(crate) fn holds_back_marks(&self) -> bool {
        !self.dropped.is_empty() || self.too_many_gone()
    }

    fn pages_allowed(&self) -> usize {
        FEW_PAGES.max(self.events * SHARE / 100)
    }

    fn too_many_gone(&self) -> bool {
        self.gone.len() > self.pages_allowed()
    }

    /// The list of what is held back.
    pub(crate) fn list(&self) -> String {
        let mut text = String::new();
        let mut part = |title: String, lines: &[String]| {
            if !lines.is_empty() {
                text += &format!("  {title}\n");
                for line in lines {
                    // Writing to a string does not fail.
                    let _ = writeln!(text, "    {line}");
                }
            }
        };
        let dropped = self.dropped.iter();
        let dropped: Vec<String> = dropped
            .map(|(event, instead)| format!("{event}: {instead}"))
            .collect();
        part(
            "events whose page is there, but does not describe them any more:".to_owned(),
            &dropped,
        );
        if self.too_many_gone() {
            let title = format!(
                "{} of {} events whose page is gone ({} would go without a question):",
                self.gone.len(),
                self.events,
                self.pages_allowed()
            );
            part(title, &self.gone);
        }
        for table in &self.tables {
            let lost = table.asked();
            let lines = lost.iter().map(|(event, had, lost)| {
                let names = lost.iter().take(NAMES).map(|lost| &lost.name[..]);
                let more = match lost.len().saturating_sub(NAMES) {
                    0 => String::new(),
                    more => format!(" and {more} more"),
                };
                let names = names.collect::<Vec<_>>().join(", ");
                format!("{event}: {} of {had}: {names}{more}", lost.len())
            });
            let half = match table.what {
                Part::Rows => ", and half of one event",
                Part::Scopes => ", and none of which a piece is left",
                Part::Values => "",
            };
            let title = format!(
                "{} of {} {} ({} would go without a question{half}):",
                table.count(),
                table.total,
                table.what.name(),
                table.allowed()
            );
            part(title, &lines.collect::<Vec<_>>());
        }
        text
    }
}

/// How many facts of a kind the rows had that are still there, and those that are gone, each with
/// its row.
fn lost_of_rows(
    old: &EventSchema,
    new: &EventSchema,
    facts: fn(&Row) -> Vec<&str>,
) -> (usize, Vec<Lost>) {
    let mut lost = Vec::new();
    let mut had = 0;
    for (path, old, new) in crate::diff::kept_rows(&old.fields, &new.fields) {
        let (before, after) = (facts(old), facts(new));
        had += before.len();
        lost.extend(Lost::of(&before, &after, |fact| format!("{path} {fact}")));
    }
    (had, lost)
}

//! Events that lie there from earlier, and that no page of this run describes.

use std::collections::{BTreeMap, BTreeSet};

use feishu_events_gen::internals::schema::EventSchema;

use super::ReadPage;
use super::earlier::Earlier;
use super::merge::Found;
use crate::pages::read::{Outcome, Reading};
use crate::scrape::guard::Losses;

/// The events that this run would leave without a page.
#[derive(Debug, Default)]
pub(super) struct Missing {
    /// Those whose page is there and is about something else, and about what.
    dropped: Vec<(String, String)>,
    /// Those whose page is not there.
    gone: Vec<String>,
    /// Those of which nobody knows, and why.
    unknown: Vec<(String, &'static str)>,
}

impl Missing {
    /// Looks for the pages of events that were not found; if `all` pages are there, one that is
    /// not is gone, but for those of the paths `unfetched`: they are only not at hand.
    pub(super) fn of(
        pages: &[ReadPage],
        found: &[Found],
        earlier: &BTreeMap<String, Earlier>,
        all: bool,
        unfetched: &[String],
    ) -> Self {
        let found: BTreeSet<&str> = found
            .iter()
            .map(|event| event.schema.event_type.as_str())
            .collect();
        let readings = || pages.iter().map(|page| &page.reading);
        let failed = |outcome: &Outcome| matches!(outcome, Outcome::Failed);
        // The pages of one portal say nothing of the other's.
        let by_path: BTreeMap<(bool, &str), &Reading> = readings()
            .filter_map(|reading| Some(((reading.lark, reading.path.as_deref()?), reading)))
            .collect();
        let of_lark = readings().any(|reading| reading.lark);
        let of_feishu = !of_lark || by_path.keys().any(|(lark, _)| !lark);
        // Pages from before the schemas: a page that is older than what was read of it shows that.
        let newest = readings().filter_map(|reading| reading.day.as_ref()).max();
        let outdated = earlier.values().any(|earlier| {
            let document = earlier.schema.document.as_ref();
            document.is_some_and(|document| {
                let page = by_path.get(&(is_only_on_lark(&earlier.schema), document.path.as_str()));
                page.is_some_and(|page| page.day.is_some() && page.day < document.updated)
            })
        });
        let hidden = readings().any(|page| page.path.is_none() && failed(&page.outcome));
        let mut missing = Self::default();
        for (event_type, earlier) in earlier {
            let Some(document) = &earlier.schema.document else {
                continue;
            };
            if found.contains(event_type.as_str()) || document.missing_since.is_some() {
                continue;
            }
            let lark = is_only_on_lark(&earlier.schema);
            let all = all && if lark { of_lark } else { of_feishu };
            match by_path.get(&(lark, document.path.as_str())) {
                // It is reported as an error; what lies there stays.
                Some(reading) if failed(&reading.outcome) => {}
                // What was documented later, an older page can't know.
                Some(reading) if reading.day.is_some() && reading.day < document.updated => {
                    let why = "the page at hand is older than the schema";
                    missing.unknown.push((event_type.clone(), why));
                }
                Some(reading) => {
                    let instead = instead(&reading.outcome);
                    missing.dropped.push((event_type.clone(), instead));
                }
                None if all && document.apart => {
                    let why = "its page was read apart from the portal's";
                    missing.unknown.push((event_type.clone(), why));
                }
                None if all && unfetched.contains(&document.path) => {
                    let why = "its page could not be fetched";
                    missing.unknown.push((event_type.clone(), why));
                }
                None if all && outdated && newest < document.updated.as_ref() => {
                    let why = "all pages at hand are older than the schema";
                    missing.unknown.push((event_type.clone(), why));
                }
                None if all && hidden => {
                    // What could not be read does not tell where it stands either.
                    let why = "no page describes it, but not all pages could be read";
                    missing.unknown.push((event_type.clone(), why));
                }
                None if all => missing.gone.push(event_type.clone()),
                None => {}
            }
        }
        missing
    }

    /// What the run would lose altogether.
    pub(super) fn losses(&self, found: &[Found], earlier: &BTreeMap<String, Earlier>) -> Losses {
        let after: BTreeMap<&str, &EventSchema> = found
            .iter()
            .map(|event| (event.schema.event_type.as_str(), &event.schema))
            .collect();
        let before = earlier.values().map(|earlier| &earlier.schema);
        let mut losses = Losses::of_tables(before, &after);
        losses.dropped.clone_from(&self.dropped);
        losses.gone.clone_from(&self.gone);
        losses
    }

    /// The schemas of the events that are left without a page, marked, with their places.
    pub(super) fn marked(
        &self,
        earlier: &BTreeMap<String, Earlier>,
        today: &str,
    ) -> Vec<(String, EventSchema)> {
        let dropped = self.dropped.iter().map(|(event_type, _)| event_type);
        let events = dropped.chain(&self.gone);
        let marked = events.filter_map(|event_type| {
            let Earlier { name, schema, .. } = earlier.get(event_type)?;
            let mut schema = schema.clone();
            schema.document.as_mut()?.missing_since = Some(today.to_owned());
            Some((name.clone(), schema))
        });
        marked.collect()
    }

    /// What people read of it.
    pub(super) fn rendered(&self, losses: &Losses, written: bool) -> String {
        let mut report = String::new();
        if !written {
            report += &format!(
                "guard: all was written but what would lose\n{}If the documentation really says \
                 so, run it again with --allow-loss. Schemas are never removed: those of missing \
                 pages are marked.\n",
                losses.list()
            );
        }
        if !written && losses.holds_back_marks() {
            return report;
        }
        for event_type in &self.gone {
            report += &format!("missing {event_type}: its page is gone; the schema is kept\n");
        }
        for (event_type, instead) in &self.dropped {
            report += &format!("missing {event_type}: {instead}; the schema is kept\n");
        }
        for (event_type, why) in &self.unknown {
            report += &format!("unclear {event_type}: {why}; the schema is kept\n");
        }
        report
    }
}

fn is_only_on_lark(schema: &EventSchema) -> bool {
    schema.lark.as_ref().is_some_and(|lark| lark.only)
}

/// What a page is about that was about an event.
fn instead(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Events(events) => {
            let names = events.iter().map(|event| event.schema.event_type.as_str());
            let names: Vec<String> = names.map(|name| format!("`{name}`")).collect();
            format!("its page describes {} now", names.join(", "))
        }
        Outcome::PassedOver(reason) => format!("its page is passed over, {reason}"),
        Outcome::Failed => "its page can't be read".to_owned(),
    }
}

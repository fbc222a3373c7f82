//! What is left to do by hand: docs in English, names of values, entries that no longer match.

use std::collections::{BTreeMap, BTreeSet};

use feishu_events_gen::internals::unwritten::{FILE, Unwritten, unwritten};

use crate::diff::Side;

/// What is left to do by hand.
pub(super) struct ByHand<'a> {
    /// Missing docs and names, by service.
    pub(super) unwritten: &'a BTreeMap<String, Unwritten>,
    /// The entries of the overlay that match nothing.
    pub(super) unused: &'a [String],
    /// The entries that contradict the schemas or can't be applied.
    pub(super) problems: &'a [String],
}

impl ByHand<'_> {
    /// The part of the report on what is left to do since `old`; empty if nothing is.
    pub(super) fn section(&self, old: &Side) -> String {
        let sources = old.sources(old.overlay.as_ref());
        // If nothing could be generated before, everything is new.
        let before = sources.model().map(|model| lines(&unwritten(&model)));
        let before = before.unwrap_or_default();
        let missing: Vec<String> = lines(self.unwritten).difference(&before).cloned().collect();
        let unused = self.unused.iter().map(|entry| {
            format!(
                "`schemas/overlay/{entry}`: this entry matches nothing in the schemas; remove it"
            )
        });
        let problems = self.problems.iter().map(|problem| {
            let (file, problem) = problem.split_once(": ").unwrap_or((problem, ""));
            format!("`{file}`: {problem}")
        });
        let entries: BTreeSet<String> = unused.chain(problems).collect();
        if missing.is_empty() && entries.is_empty() {
            return String::new();
        }
        let mut text = "\n## Left to do by hand\n\nIn `schemas/overlay`, then `cargo xtask regen` \
                        again; the README there explains how.\n\n"
            .to_owned();
        for line in missing.iter().chain(&entries) {
            text += &format!("- {line}\n");
        }
        if !missing.is_empty() {
            let count = missing.len();
            text +=
                &format!("\n`schemas/overlay/{FILE}` lists missing docs, {count} of them new.\n");
        }
        text
    }
}

fn lines(unwritten: &BTreeMap<String, Unwritten>) -> BTreeSet<String> {
    let services = unwritten.iter();
    services
        .flat_map(|(service, missing)| missing.lines(service))
        .collect()
}

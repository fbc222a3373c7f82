//! The numbers of a run, for people.

use std::collections::BTreeMap;

use serde::Serialize;

use super::ReadPage;
use super::merge::Found;
use crate::pages::finding::{Finding, Kind};
use crate::pages::read::Outcome;

/// The numbers of a run.
#[derive(Debug, Default, Serialize)]
pub(super) struct Totals {
    /// Files read.
    pub(super) pages: usize,
    /// Pages that document events.
    pub(super) event_pages: usize,
    /// Pages that document none.
    pub(super) passed_over: usize,
    /// Pages that could not be read.
    pub(super) failed: usize,
    /// Events with a schema.
    pub(super) events: usize,
    /// Rows of all schemas.
    pub(super) fields: usize,
    /// Scopes named by events and rows.
    pub(super) scopes: usize,
    /// Rows that list values.
    pub(super) value_lists: usize,
    /// Values listed.
    pub(super) values: usize,
    /// Schema files written because they changed. Not in the report, which tells what was
    /// read and is the same each time.
    #[serde(skip)]
    pub(super) changed: usize,
    /// Findings by kind.
    pub(super) findings: BTreeMap<&'static str, usize>,
}

impl Totals {
    /// Counts.
    pub(super) fn of(
        pages: &[ReadPage],
        found: &[Found],
        findings: &[Finding],
        changed: usize,
    ) -> Self {
        let count = |wanted: fn(&Outcome) -> bool| {
            pages
                .iter()
                .filter(|page| wanted(&page.reading.outcome))
                .count()
        };
        let rows = || found.iter().flat_map(|event| &event.schema.fields);
        let event_scopes = found.iter().map(|event| event.schema.scopes.len());
        let row_scopes = rows().map(|row| row.scopes.len());
        let mut by_kind = BTreeMap::new();
        for finding in findings {
            *by_kind.entry(finding.kind.name()).or_default() += 1;
        }
        Self {
            pages: pages.len(),
            event_pages: count(|outcome| matches!(outcome, Outcome::Events(_))),
            passed_over: count(|outcome| matches!(outcome, Outcome::PassedOver(_))),
            failed: count(|outcome| matches!(outcome, Outcome::Failed)),
            events: found.len(),
            fields: rows().count(),
            scopes: event_scopes.chain(row_scopes).sum(),
            value_lists: rows().filter(|row| !row.values.is_empty()).count(),
            values: rows().map(|row| row.values.0.len()).sum(),
            changed,
            findings: by_kind,
        }
    }

    fn entries(&self) -> Vec<(String, usize)> {
        let mut entries: Vec<(String, usize)> = [
            ("pages", self.pages),
            ("pages with events", self.event_pages),
            ("pages passed over", self.passed_over),
            ("pages that failed", self.failed),
            ("events", self.events),
            ("fields", self.fields),
            ("scopes", self.scopes),
            ("value lists", self.value_lists),
            ("files changed", self.changed),
        ]
        .map(|(name, number)| (name.to_owned(), number))
        .into();
        for kind in Kind::ALL {
            if let Some(number) = self.findings.get(kind.name()) {
                entries.push((format!("{}: {}", kind.severity(), kind.name()), *number));
            }
        }
        entries
    }

    /// The numbers as a table.
    pub(super) fn table(&self) -> String {
        let entries = self.entries();
        let widest = entries
            .iter()
            .map(|(name, _)| name.len())
            .max()
            .unwrap_or(0);
        let rule = format!("├─{}─┼────────┤\n", "─".repeat(widest));
        let mut table = format!("┌─{}─┬────────┐\n", "─".repeat(widest));
        let mut in_findings = false;
        for (name, number) in entries {
            if name.contains(':') && !in_findings {
                in_findings = true;
                table += &rule;
            }
            table += &format!("│ {name:widest$} │ {number:>6} │\n");
        }
        table + &format!("└─{}─┴────────┘\n", "─".repeat(widest))
    }

    /// The numbers as lines.
    pub(super) fn lines(&self) -> String {
        let mut lines = String::new();
        for (name, number) in self.entries() {
            lines += &format!("{name}: {number}\n");
        }
        lines
    }
}

/// The pages that were passed over, with the reasons.
pub(super) fn passed_over(pages: &[ReadPage]) -> String {
    let mut lines: Vec<(_, &str)> = pages
        .iter()
        .filter_map(|page| match &page.reading.outcome {
            Outcome::PassedOver(reason) => Some((reason, page.reading.page.as_str())),
            _ => None,
        })
        .collect();
    lines.sort();
    let mut text = String::new();
    for (reason, page) in lines {
        text += &format!("passed over {page}: {reason}\n");
    }
    text
}

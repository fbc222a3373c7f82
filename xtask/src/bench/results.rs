//! The committed results: one file for all parts, each of which can be measured alone.

use std::collections::BTreeMap;
use std::path::Path;

use feishu_events_benches::Row;
use miette::{IntoDiagnostic, Result, WrapErr};
use serde::{Deserialize, Serialize};

use super::machine::Machine;
use super::part::Part;
use super::program::Report;

/// Where they are, below the root of the project.
pub(super) const FILE: &str = "feishu-events/benches/results.json";

/// The last results of each part.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Results(pub(super) BTreeMap<Part, Measured>);

/// The results of a part, with day and machine.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Measured {
    pub(super) machine: Machine,
    pub(super) rows: Vec<Row>,
    /// Notes on how it was measured.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) notes: Vec<String>,
    /// What was not measured, and why.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) skipped: Vec<String>,
}

impl Measured {
    pub(super) fn new(machine: Machine, report: Report) -> Self {
        Self {
            machine,
            rows: report.rows,
            notes: report.notes,
            skipped: report.skipped,
        }
    }

    /// Whether no row is missing.
    fn is_whole(&self) -> bool {
        !self.rows.is_empty() && self.skipped.is_empty()
    }
}

impl Results {
    /// Reads the results of the project at `root`.
    ///
    /// # Errors
    /// A file that can't be read or parsed.
    pub(super) fn load(root: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(root.join(FILE));
        let text = text.into_diagnostic().wrap_err(FILE)?;
        serde_json::from_str(&text).into_diagnostic().wrap_err(FILE)
    }

    /// The text of their file.
    ///
    /// # Errors
    /// A figure that is not a number.
    pub(super) fn to_json(&self) -> Result<String> {
        Ok(serde_json::to_string_pretty(self).into_diagnostic()? + "\n")
    }

    /// Adds new results. A part with skipped rows does not replace old results; returns the parts that
    /// keep their old rows for that reason.
    pub(super) fn update(&mut self, new: Self) -> Vec<Part> {
        let mut kept = Vec::new();
        for (part, measured) in new.0 {
            if measured.is_whole() || !(self.0.contains_key(&part) || measured.rows.is_empty()) {
                self.0.insert(part, measured);
            } else if self.0.contains_key(&part) {
                kept.push(part);
            }
        }
        kept
    }

    /// The rows in which a peer is better.
    pub(super) fn behind(&self) -> impl Iterator<Item = &Row> {
        let rows = self.0.values().flat_map(|part| &part.rows);
        rows.filter(|row| row.is_behind())
    }
}

#[cfg(test)]
mod tests {
    use feishu_events_benches::Unit;

    use super::*;

    fn measured(what: &str, skipped: &[&str]) -> Measured {
        let report = Report {
            rows: vec![Row::alone(what, Unit::Count, 1.0)],
            skipped: skipped.iter().map(ToString::to_string).collect(),
            ..Report::default()
        };
        Measured::new(Machine::now(), report)
    }

    #[test]
    fn a_part_with_skipped_rows_does_not_replace_old_results() {
        let mut results = Results::default();
        // Incomplete results are kept if there are no others.
        let first = [
            (Part::Decode, measured("old decode", &[])),
            (Part::Peers, measured("half of the peers", &["no SDK"])),
        ];
        assert_eq!(results.update(Results(first.into())), []);
        let none = Measured {
            rows: Vec::new(),
            ..measured("", &["no documentation"])
        };
        let second = [
            (Part::Decode, measured("half of decode", &["no samples"])),
            (Part::Delivery, none),
            (Part::Peers, measured("all peers", &[])),
        ];
        assert_eq!(results.update(Results(second.into())), [Part::Decode]);
        let rows = |part| {
            results
                .0
                .get(&part)
                .map(|part: &Measured| &*part.rows[0].what)
        };
        assert_eq!(rows(Part::Decode), Some("old decode"));
        assert_eq!(rows(Part::Peers), Some("all peers"));
        assert_eq!(rows(Part::Delivery), None);
    }

    #[test]
    fn what_was_written_is_read_again() {
        let results = Results::load(&crate::generate::project_root()).unwrap();
        let again: Results = serde_json::from_str(&results.to_json().unwrap()).unwrap();
        assert_eq!(again, results);
    }
}

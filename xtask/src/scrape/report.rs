//! Everything that a run found, as JSON.

use std::path::Path;

use serde::Serialize;

use super::ReadPage;
use super::error::ScrapeError;
use super::merge::Found;
use super::summary::Totals;
use crate::pages::finding::Finding;
use crate::pages::read::Outcome;

/// The report, in an order that only depends on what was read.
#[derive(Debug, Serialize)]
pub(super) struct Report<'a> {
    totals: &'a Totals,
    events: Vec<EventEntry<'a>>,
    passed_over: Vec<PageEntry<'a>>,
    failed: Vec<&'a str>,
    findings: &'a [Finding],
}

#[derive(Debug, Serialize)]
struct EventEntry<'a> {
    event_type: &'a str,
    schema: String,
    page: &'a str,
    form: &'a str,
    fields: usize,
}

#[derive(Debug, Serialize)]
struct PageEntry<'a> {
    page: &'a str,
    unread_form: bool,
    reason: String,
}

impl<'a> Report<'a> {
    pub(super) fn new(
        pages: &'a [ReadPage],
        found: &'a [Found],
        findings: &'a [Finding],
        totals: &'a Totals,
    ) -> Self {
        let events = found.iter().map(|event| EventEntry {
            event_type: &event.schema.event_type,
            schema: format!("{}/{}.json", event.service, event.file),
            page: &event.page,
            form: event.form,
            fields: event.schema.fields.len(),
        });
        let passed_over = pages.iter().filter_map(|page| match &page.reading.outcome {
            Outcome::PassedOver(reason) => Some(PageEntry {
                page: &page.reading.page,
                unread_form: reason.is_unread_form(),
                reason: reason.to_string(),
            }),
            _ => None,
        });
        let failed = pages.iter().map(|page| &page.reading);
        let failed = failed.filter(|reading| matches!(reading.outcome, Outcome::Failed));
        Self {
            totals,
            events: events.collect(),
            passed_over: passed_over.collect(),
            failed: failed.map(|reading| &reading.page[..]).collect(),
            findings,
        }
    }

    pub(super) fn write(&self, file: &Path) -> Result<(), ScrapeError> {
        let failed = |error: serde_json::Error| ScrapeError::write(file, error.into());
        let json = serde_json::to_string_pretty(self).map_err(failed)?;
        super::write(file, &(json + "\n"))?;
        Ok(())
    }
}

//! A page → its events, or the reason why it has none.

use feishu_events_gen::schema::{Document, EventSchema};
use jiff::Timestamp;

use crate::dialect;
use crate::finding::{Finding, Kind, Severity};
use crate::page::{Header, InfoTable, Page, Table};
use crate::source::Source;

mod bodies;
mod passed_over;
mod schemas;

pub use passed_over::Reason;
use schemas::Common;

/// What reading a page gave.
#[derive(Debug)]
pub struct Reading {
    /// The page's name.
    pub page: String,
    /// What the page is.
    pub outcome: Outcome,
    /// What was wrong, in the order of the page.
    pub findings: Vec<Finding>,
}

/// What a page is.
#[derive(Debug)]
pub enum Outcome {
    /// It documents events.
    Events(Vec<Event>),
    /// It is none of those that are read.
    PassedOver(Reason),
    /// It documents events, but not all of it could be read; the errors are among the findings.
    Failed,
}

/// An event as its page describes it.
#[derive(Debug)]
pub struct Event {
    /// The facts.
    pub schema: EventSchema,
    /// When the page was last changed.
    pub updated: Option<Timestamp>,
    /// The form in which the page lists the fields.
    pub form: &'static str,
    /// The page's own sample of it, repaired if need be.
    pub sample: Option<serde_json::Value>,
}

/// Reads a page.
pub fn read_page(source: &Source) -> Reading {
    let mut findings = Vec::new();
    let page = Page::parse(source, &mut findings);
    let cut = page.tables().find(|table| !table.closed);
    let mut outcome = match (cut, InfoTable::of_event(&page)) {
        (Some(table), _) => {
            findings.push(unclosed(source, table));
            Outcome::Failed
        }
        (None, Some(info)) => Outcome::Events(read_events(&page, info, &mut findings)),
        (None, None) => Outcome::PassedOver(Reason::of(&page)),
    };
    if findings
        .iter()
        .any(|finding| finding.severity == Severity::Error)
    {
        outcome = Outcome::Failed;
    }
    findings.sort_by_key(|finding| finding.line);
    Reading {
        page: source.name().to_owned(),
        outcome,
        findings,
    }
}

/// What a page without the end of a table holds may be half of the truth: nothing of it is read.
fn unclosed(source: &Source, table: &Table) -> Finding {
    let what = "the table that starts here has no end: the page is cut or damaged";
    Finding::new(Kind::UnclosedTable, source, table.span.clone(), what)
        .expected(format!("`{}` further down", table.kind.close()))
}

fn read_events(page: &Page<'_>, info: InfoTable<'_>, findings: &mut Vec<Finding>) -> Vec<Event> {
    let source = page.source;
    let header = Header::read(source, info, findings);
    if header.event_types.is_empty() {
        let what = "the cell for the event type names no event";
        let finding = Finding::new(Kind::NoEventType, source, info.event_type_span(), what);
        findings.push(finding.expected("a name such as `contact.user.updated_v3`"));
        return Vec::new();
    }
    let Some(path) = page.front_matter.path.clone() else {
        let what = "the page doesn't tell its path on the portal";
        let finding = Finding::new(Kind::NoPath, source, 0..0, what);
        findings.push(finding.expected("`fullPath: \"/…\"` between two lines `---` at the top"));
        return Vec::new();
    };
    let Some((form, lists)) = dialect::field_lists(page, findings) else {
        let what = format!("no fields of `{}`", header.event_types[0].event_type);
        let finding = Finding::new(Kind::NoFields, source, info.span(), what);
        findings.push(finding.expected("a table of fields, or a sample of the event"));
        return Vec::new();
    };
    let updated = page.front_matter.updated;
    let common = Common {
        page,
        header: &header,
        document: Document {
            path,
            updated: updated.map(|time| time.strftime("%Y-%m-%d").to_string()),
        },
    };
    let mut events = Vec::new();
    for body in bodies::assign(page, lists, &header.event_types, findings) {
        let schemas = schemas::of_body(&common, &body, findings);
        let sample = body.sample.map(|sample| sample.value.to_json());
        events.extend(schemas.into_iter().map(|schema| Event {
            schema,
            updated,
            form,
            sample: sample.clone(),
        }));
    }
    events
}

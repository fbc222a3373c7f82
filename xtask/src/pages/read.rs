//! A page → its events, or the reason why it has none.

use std::path::{Path, PathBuf};
use std::rc::Rc;

use feishu_events_gen::internals::schema::{Document, EventSchema};
use jiff::Timestamp;

use crate::pages::dialect::{self, Dialect, FieldList};
use crate::pages::finding::{Finding, Kind, Severity};
use crate::pages::levels::TypeNames;
use crate::pages::page::{self, Page, Table};
use crate::pages::source::Source;

mod bare_callback;
mod folded;
mod guide;
mod inner_table;
mod maps;
mod mentions;
mod named_scopes;
mod only_shown;
mod schemas;
mod sections;
mod skipped;
mod subject;
mod title;

pub use mentions::Mention;
use schemas::Common;
pub use skipped::Reason;
use subject::Subject;

/// What reading a page gave.
#[derive(Debug)]
pub struct Reading {
    /// The page's name.
    pub page: String,
    /// Where on the portal it stands, if it tells.
    pub path: Option<String>,
    /// What the page is.
    pub outcome: Outcome,
    /// When it was last changed, as `YYYY-MM-DD`, if it tells.
    pub day: Option<String>,
    /// Whether it is one of Lark's portal.
    pub lark: bool,
    /// The events that a page without any names, and where.
    pub mentions: Vec<Mention>,
    /// What was wrong, in the order of the page.
    pub findings: Vec<Finding>,
}

impl Reading {
    /// The events that the page documents.
    pub fn events(&self) -> &[Event] {
        match &self.outcome {
            Outcome::Events(events) => events,
            _ => &[],
        }
    }
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
    /// What the page says of each field in its own words, row for row; not part of the facts.
    pub descriptions: Rc<[String]>,
    /// When the page was last changed.
    pub updated: Option<Timestamp>,
    /// The form in which the page lists the fields.
    pub form: Form,
    /// The page's own sample of it, repaired if need be.
    pub sample: Option<serde_json::Value>,
    /// The same as text, in one line, its members in the page's order; none if it was repaired.
    pub sample_text: Option<Rc<str>>,
    /// The paths of pages about other events that the page links to: most of all its successor.
    pub related: Rc<[String]>,
    /// Whether the page is written in English.
    pub english: bool,
    /// Whether it is one of Lark's portal.
    pub lark: bool,
    /// What else the page tells about its service: the folders that a mirror names.
    pub sections: Rc<[String]>,
    /// Where the portal's directory has the page, if the page tells.
    pub place: Option<PathBuf>,
}

/// How a page describes an event.
#[derive(Debug, Clone, Copy)]
pub struct Form {
    /// The name of the form in reports.
    pub name: &'static str,
    /// Whether what the page lacks is not documented.
    pub complete: bool,
    /// Whether the rows are those of a table.
    pub table: bool,
    /// Whether the page says in so many words which event it is about, not only by a sample.
    pub named: bool,
}

/// Reads a page.
pub fn read_page(source: &Source) -> Reading {
    read_page_knowing(source, &TypeNames::default())
}

/// Reads a page; `types` is what is known from other pages.
pub fn read_page_knowing(source: &Source, types: &TypeNames) -> Reading {
    let mut findings = source.findings().to_vec();
    let page = Page::parse(source, &mut findings);
    let cut = page.tables().find(|table| !table.closed);
    let mut outcome = match (cut, Subject::of(&page, &mut findings)) {
        (Some(table), _) => {
            findings.push(unclosed(source, table));
            Outcome::Failed
        }
        (None, Ok(subject)) if guide::is_guide(&page, &subject) => {
            Outcome::PassedOver(Reason::Guide)
        }
        (None, Ok(subject)) => Outcome::Events(read_events(&page, &subject, types, &mut findings)),
        (None, Err(reason)) => Outcome::PassedOver(reason),
    };
    if findings
        .iter()
        .any(|finding| finding.severity == Severity::Error)
    {
        outcome = Outcome::Failed;
    }
    findings.sort_by_key(|finding| finding.line);
    let mentions = match &outcome {
        Outcome::PassedOver(_) => mentions::of(&page),
        _ => Vec::new(),
    };
    let updated = page.front_matter.updated;
    Reading {
        page: source.name().to_owned(),
        lark: page.front_matter.lark,
        day: updated.map(|time| time.strftime("%Y-%m-%d").to_string()),
        mentions,
        path: page.front_matter.path,
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

/// The lists of fields of a page, and the form they are in.
fn field_lists(
    page: &Page<'_>,
    subject: &Subject,
    findings: &mut Vec<Finding>,
) -> Option<(&'static dyn Dialect, Vec<FieldList>)> {
    if subject.envelope.is_some() {
        return dialect::bare_sample(page, findings);
    }
    let listed = dialect::field_lists(page, findings);
    listed.or_else(|| {
        let list = bare_callback::of_sample(page, subject, findings)?;
        Some((dialect::of_samples(), vec![list]))
    })
}

fn read_events(
    page: &Page<'_>,
    subject: &Subject,
    types: &TypeNames,
    findings: &mut Vec<Finding>,
) -> Vec<Event> {
    let source = page.source;
    let Some(first) = subject.names.first() else {
        let what = "the cell for the event type names no event";
        let finding = Finding::new(Kind::NoEventType, source, subject.span.clone(), what);
        findings.push(finding.expected("a name such as `contact.user.updated_v3`"));
        return Vec::new();
    };
    let Some((dialect, mut lists)) = field_lists(page, subject, findings) else {
        let what = format!("no fields of `{}`", first.event_type);
        let finding = Finding::new(Kind::NoFields, source, subject.span.clone(), what);
        findings.push(finding.expected("a table of fields, or a sample of the event"));
        return Vec::new();
    };
    folded::check(page, &lists, findings);
    inner_table::complete(page, &mut lists, types, findings);
    bare_callback::complete(page, subject, &mut lists, types, findings);
    named_scopes::resolve(page, &subject.header, &mut lists, findings);
    let updated = page.front_matter.updated;
    let path = page.front_matter.path.clone();
    if path.is_none() {
        let what = "the page doesn't tell its path on the portal";
        let finding = Finding::of_page(Kind::NoPath, source.name(), what);
        findings.push(finding.expected("`fullPath: \"/…\"` between two lines `---` at the top"));
    }
    let common = Common {
        page,
        subject,
        types,
        document: path.map(|path| Document {
            path,
            updated: updated.map(|time| time.strftime("%Y-%m-%d").to_string()),
            missing_since: None,
            apart: false,
        }),
    };
    let form = Form {
        name: dialect.name(),
        complete: dialect.is_complete() && !source.is_damaged(),
        table: dialect.is_table(),
        named: subject.named,
    };
    let listed_under = page.front_matter.listed_under.as_ref();
    let place = listed_under.map(|folder| Path::new(folder).join("page"));
    let related: Rc<[String]> = page::links_to_events(source).into();
    let english = is_english(source.text());
    let sections: Rc<[String]> = page.front_matter.sections.clone().into();
    let mut events = Vec::new();
    for mut body in sections::assign(page, lists, &subject.names, findings) {
        let schemas = schemas::of_body(&common, &mut body, findings);
        let shown = body.sample.as_ref();
        let sample = shown.map(|sample| sample.value.to_json());
        let whole = shown.filter(|sample| sample.repairs.is_empty());
        let sample_text: Option<Rc<str>> = whole.map(|sample| sample.value.to_line().into());
        let rows = body.list.rows.iter();
        let descriptions: Rc<[String]> = rows.map(|row| row.description.clone()).collect();
        events.extend(schemas.into_iter().map(|schema| Event {
            schema,
            descriptions: descriptions.clone(),
            updated,
            form,
            sample: sample.clone(),
            sample_text: sample_text.clone(),
            related: related.clone(),
            english,
            lark: page.front_matter.lark,
            sections: sections.clone(),
            place: place.clone(),
        }));
    }
    events
}

/// Whether hardly any Chinese stands in a text; names and values may be Chinese on any page.
fn is_english(text: &str) -> bool {
    let han = |c: &char| ('\u{4e00}'..='\u{9fff}').contains(c);
    let letters = text.chars().filter(char::is_ascii_alphabetic).count();
    text.chars().filter(han).count() * 50 < letters
}

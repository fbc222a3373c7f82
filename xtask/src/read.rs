//! A page → its events, or the reason why it has none.

use feishu_events_gen::schema::{Document, EventSchema, Row};
use jiff::Timestamp;

use crate::crosscheck::Fields;
use crate::dialect::{self, FieldRow};
use crate::facts::{self, Scope};
use crate::finding::{Finding, Kind, Severity};
use crate::levels::Nesting;
use crate::page::{Block, Header, InfoTable, Page, Table};
use crate::protocol;
use crate::source::Source;

mod bodies;
mod passed_over;

use bodies::Body;
pub use passed_over::Reason;

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
    let document = Document {
        path,
        updated: page
            .front_matter
            .updated
            .map(|time| time.strftime("%Y-%m-%d").to_string()),
    };
    let bodies = bodies::assign(page, lists, &header.event_types, findings);
    let events = bodies.into_iter().flat_map(|body| {
        let schemas = schemas(page, &header, &document, &body, findings);
        schemas.into_iter().map(|schema| Event {
            schema,
            updated: page.front_matter.updated,
            form,
        })
    });
    events.collect()
}

/// One schema for each name of the body.
fn schemas(
    page: &Page<'_>,
    header: &Header,
    document: &Document,
    body: &Body,
    findings: &mut Vec<Finding>,
) -> Vec<EventSchema> {
    let source = page.source;
    let rows = &body.list.rows;
    let nesting = Nesting::of(source, rows, findings);
    let fields = Fields {
        source,
        rows,
        nesting: &nesting,
    };
    fields.check_rows(findings);
    let mut shown_types = vec![None; rows.len()];
    if let Some(sample) = &body.sample {
        findings.extend(sample.repairs.iter().map(|repair| {
            let span = repair.span.clone();
            Finding::new(Kind::SampleRepaired, source, span, repair.what.clone())
        }));
        shown_types = fields.check_sample(&sample.value, findings);
    } else {
        let what = "no sample of the event";
        findings.push(Finding::new(
            Kind::NoSample,
            source,
            body.list.span.clone(),
            what,
        ));
    }
    let sample = body.sample.as_ref().map(|sample| &sample.value);
    let by_sample = || Some(protocol::of_sample(sample?)?.0);
    let Some(protocol) = protocol::of_rows(rows).or_else(by_sample) else {
        let what = "neither rows nor sample show the envelope of the event";
        let finding = Finding::new(Kind::NoProtocol, source, body.list.span.clone(), what);
        findings.push(finding.expected("`schema`, `header`, `event` or `uuid`, `token`, `event`"));
        return Vec::new();
    };
    let fields: Vec<Row> = rows
        .iter()
        .zip(shown_types)
        .map(|(row, sample_type)| schema_row(row, sample_type))
        .collect();
    let scopes = header.scopes.iter().chain(&header.field_scopes);
    let scopes = scopes.chain(rows.iter().flat_map(|row| &row.scopes));
    let history_scopes = history(scopes);
    body.event_types
        .iter()
        .map(|event_type| EventSchema {
            event_type: event_type.clone(),
            title: title(page).unwrap_or(event_type).to_owned(),
            protocol,
            document: Some(document.clone()),
            known_to: Vec::new(),
            app_types: header.app_types.clone(),
            scopes: facts::names(&header.scopes),
            field_scopes: facts::names(&header.field_scopes),
            history_scopes: history_scopes.clone(),
            fields: fields.clone(),
        })
        .collect()
}

fn schema_row(row: &FieldRow, sample_type: Option<String>) -> Row {
    Row {
        level: row.level,
        name: row.name.clone(),
        type_name: row.type_name.clone(),
        sample_type,
        min_len: row.rules.min_len,
        max_len: row.rules.max_len,
        min: row.rules.min.clone(),
        max: row.rules.max.clone(),
        values: row.values.clone(),
        scopes: facts::names(&row.scopes),
    }
}

/// The names of those scopes that can no longer be applied for, each once.
fn history<'s>(scopes: impl Iterator<Item = &'s Scope>) -> Vec<String> {
    let mut seen = std::collections::BTreeSet::new();
    scopes
        .filter(|scope| scope.history && seen.insert(&scope.name))
        .map(|scope| scope.name.clone())
        .collect()
}

fn title<'p>(page: &'p Page<'_>) -> Option<&'p str> {
    let first_heading = || {
        page.blocks.iter().find_map(|block| match block {
            Block::Heading(heading) => Some(heading.text),
            _ => None,
        })
    };
    page.front_matter.title.as_deref().or_else(first_heading)
}

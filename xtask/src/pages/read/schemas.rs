//! A list of fields, the page around it and its sample → schemas.

use std::collections::BTreeSet;

use feishu_events_gen::internals::schema::{
    Document, EventKind, EventSchema, ListedValues, Protocol, Row, RowOrigin,
};

use super::maps;
use super::only_shown;
use super::sections::Body;
use super::subject::Subject;
use super::title;
use crate::pages::crosscheck::{Against, Fields};
use crate::pages::dialect::FieldRow;
use crate::pages::facts::{self, Scope};
use crate::pages::finding::{Finding, Kind};
use crate::pages::levels::{self, Nesting, TypeNames};
use crate::pages::page::Page;
use crate::pages::protocol;

/// What all events of a page share.
pub(in crate::pages::read) struct Common<'p> {
    pub(in crate::pages::read) page: &'p Page<'p>,
    pub(in crate::pages::read) subject: &'p Subject,
    pub(in crate::pages::read) types: &'p TypeNames,
    /// None if the page doesn't tell where it stands.
    pub(in crate::pages::read) document: Option<Document>,
}

/// One schema for each name of the body; none, and an error, if its envelope is unknown.
pub(in crate::pages::read) fn of_body(
    common: &Common<'_>,
    body: &mut Body,
    findings: &mut Vec<Finding>,
) -> Vec<EventSchema> {
    let Common {
        page,
        subject,
        types,
        document,
    } = common;
    let header = &subject.header;
    let sample = body.sample.as_ref().map(|sample| &sample.value);
    maps::fold(&mut body.list.rows);
    levels::settle(page.source, &mut body.list.rows, sample, types, findings);
    let against = check(page, body, findings);
    // A callback without an envelope comes as those of protocol 1.0 do: nothing tells its version.
    let bare = (subject.kind == EventKind::Callback).then_some(Protocol::V1);
    let Some(protocol) = protocol_of(body).or(subject.envelope).or(bare) else {
        let what = "neither rows nor sample show the envelope of the event";
        let finding = Finding::new(Kind::NoProtocol, page.source, body.list.span.clone(), what);
        findings.push(finding.expected("`schema`, `header`, `event` or `uuid`, `token`, `event`"));
        return Vec::new();
    };
    for (row, shown) in body.list.rows.iter_mut().zip(against.types) {
        row.sample_type = shown;
    }
    for at in against.no_lists {
        body.list.rows[at].values = ListedValues::default();
    }
    if page.tables().next().is_some() {
        only_shown::add(page, body);
    }
    let rows = &body.list.rows;
    let fields: Vec<Row> = rows.iter().map(schema_row).collect();
    let scopes = header.scopes.iter().chain(&header.field_scopes);
    let history_scopes = history(scopes.chain(rows.iter().flat_map(|row| &row.scopes)));
    let schema = |event_type: &String| EventSchema {
        event_type: event_type.clone(),
        title: title::of(page),
        kind: subject.kind,
        protocol,
        document: document.clone(),
        known_to: Vec::new(),
        app_types: header.app_types.clone(),
        scopes: facts::names(&header.scopes),
        field_scopes: facts::names(&header.field_scopes),
        history_scopes: history_scopes.clone(),
        title_en: None,
        lark: None,
        fields: fields.clone(),
    };
    body.event_types.iter().map(schema).collect()
}

/// Checks the rows against each other and the sample.
fn check(page: &Page<'_>, body: &Body, findings: &mut Vec<Finding>) -> Against {
    let source = page.source;
    let rows = &body.list.rows;
    let nesting = Nesting::of(source, rows, findings);
    let fields = Fields {
        source,
        rows,
        nesting: &nesting,
    };
    fields.check_rows(findings);
    let Some(sample) = &body.sample else {
        let span = body.list.span.clone();
        findings.push(Finding::new(
            Kind::NoSample,
            source,
            span,
            "no sample of the event",
        ));
        return Against::default();
    };
    findings.extend(sample.repairs.iter().map(|repair| {
        let span = repair.span.clone();
        Finding::new(Kind::SampleRepaired, source, span, repair.what.clone())
    }));
    fields.check_sample(&sample.value, findings)
}

fn protocol_of(body: &Body) -> Option<Protocol> {
    protocol::of_rows(&body.list.rows).or_else(|| {
        let sample = body.sample.as_ref()?;
        Some(protocol::of_sample(&sample.value)?.0)
    })
}

fn schema_row(row: &FieldRow) -> Row {
    Row {
        level: row.level(),
        level_inferred: row.level_inferred,
        name: row.name.clone(),
        type_name: row.type_name.clone(),
        sample_type: row.sample_type.clone(),
        min_len: row.rules.min_len,
        max_len: row.rules.max_len,
        min: row.rules.min.clone(),
        max: row.rules.max.clone(),
        values: row.values.clone(),
        scopes: facts::names(&row.scopes),
        values_en: ListedValues::default(),
        from: row.from_sample.then_some(RowOrigin::Sample),
        known_to: Vec::new(),
        description: None,
    }
}

/// The names of those scopes that can no longer be applied for, each once.
fn history<'s>(scopes: impl Iterator<Item = &'s Scope>) -> Vec<String> {
    let mut seen = BTreeSet::new();
    scopes
        .filter(|scope| scope.history && seen.insert(&scope.name))
        .map(|scope| scope.name.clone())
        .collect()
}

//! Which events a page is about, if any.

use std::ops::Range;

use feishu_events_gen::schema::EventKind;

use super::Reason;
use crate::pages::finding::Finding;
use crate::pages::page::{Code, Header, Info, Named, Page, event_types_in, is_event_type};
use crate::pages::protocol;
use crate::pages::sample::{Sample, Value};

/// What a page is about.
#[derive(Debug)]
pub(in crate::pages::read) struct Subject {
    pub(in crate::pages::read) kind: EventKind,
    /// The names of the events; none if there is a place for them, and nothing in it.
    pub(in crate::pages::read) names: Vec<Named>,
    pub(in crate::pages::read) header: Header,
    /// Where the page says it.
    pub(in crate::pages::read) span: Range<usize>,
    /// Whether it does so in so many words, not only by a sample.
    pub(in crate::pages::read) named: bool,
}

impl Subject {
    /// What `page` is about, or why about no event.
    pub(in crate::pages::read) fn of(
        page: &Page<'_>,
        findings: &mut Vec<Finding>,
    ) -> Result<Self, Reason> {
        let info = |is: fn(&Info) -> bool| page.infos.iter().find(|info| is(info));
        let event = info(Info::is_of_event).map(|info| (EventKind::Event, info));
        let callback = || Some((EventKind::Callback, info(Info::is_of_callback)?));
        if let Some((kind, info)) = event.or_else(callback) {
            let header = Header::read(page.source, info, findings);
            return Ok(Self {
                kind,
                names: header.event_types.clone(),
                header,
                span: info.event_type_span(),
                named: true,
            });
        }
        if info(Info::is_of_method).is_some() {
            return Err(Reason::Method);
        }
        Self::of_sample(page)
    }

    /// The oldest pages name their event in a sample alone; a page that shows several, or how
    /// events are delivered, is about events in general.
    fn of_sample(page: &Page<'_>) -> Result<Self, Reason> {
        // A file of JSON and nothing else is a payload, not a page about it.
        if page.source.text().trim_start().starts_with('{') {
            return Err(Reason::NoEvent);
        }
        let samples: Vec<Sample> = page.code().filter_map(Code::sample).collect();
        let mut shown = samples.iter().filter_map(|sample| {
            let (_, name) = protocol::of_sample(&sample.value)?;
            Some((name.filter(|name| is_event_type(name))?, sample))
        });
        let Some((name, sample)) = shown.next() else {
            return Err(Reason::unnamed(page));
        };
        let delivery = |sample: &Sample| {
            let has = |key| sample.value.get(key).is_some();
            has("challenge") || has("encrypt")
        };
        if shown.any(|(other, _)| other != name) || samples.iter().any(delivery) {
            return Err(Reason::Overview);
        }
        let span = sample.value.span.clone();
        let span = span.start..span.start;
        let mut names = vec![name];
        names.extend(noted_names(&sample.value, name));
        let names = names.into_iter().map(|name| Named {
            event_type: name.to_owned(),
            span: span.clone(),
        });
        Ok(Self {
            kind: EventKind::Event,
            names: names.collect(),
            header: Header::default(),
            span,
            named: false,
        })
    }
}

/// Further names that the comment behind the event's name lists.
fn noted_names<'s>(sample: &'s Value, name: &'s str) -> impl Iterator<Item = &'s str> {
    let places = [sample.get("event"), sample.get("header")];
    let members = places.into_iter().flatten().flat_map(Value::members);
    let notes = members.filter_map(move |member| {
        let is_name = member.value.as_str() == Some(name);
        member.note.as_deref().filter(|_| is_name)
    });
    notes
        .flat_map(event_types_in)
        .filter(move |other| *other != name)
}

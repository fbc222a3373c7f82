//! Which events a page is about, if any.

use std::ops::Range;
use std::sync::LazyLock;

use feishu_events_gen::internals::schema::{EventKind, Protocol};
use regex::Regex;

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
    pub(super) named: bool,
    /// The envelope that neither table nor sample shows, where something else tells it.
    pub(super) envelope: Option<Protocol>,
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
                envelope: None,
            });
        }
        if info(Info::is_of_method).is_some() {
            return Err(Reason::Method);
        }
        Self::of_samples(page)
    }

    /// The oldest pages name their events in samples alone; a page that shows how events are
    /// delivered, or several in one place, is about events in general.
    fn of_samples(page: &Page<'_>) -> Result<Self, Reason> {
        // A file of JSON and nothing else is a payload, not a page about it.
        if page.source.text().trim_start().starts_with('{') {
            return Err(Reason::NoEvent);
        }
        let samples: Vec<Sample> = page.code().filter_map(Code::sample).collect();
        let shown = samples.iter().filter_map(|sample| {
            let (_, name) = protocol::of_sample(&sample.value)?;
            Some((name.filter(|name| is_event_type(name))?, sample))
        });
        let shown: Vec<(&str, &Sample)> = shown.collect();
        let Some((first, _)) = shown.first() else {
            return Self::of_code(page, &samples).ok_or_else(|| Reason::unnamed(page));
        };
        let delivery = |sample: &Sample| {
            let has = |key| sample.value.get(key).is_some();
            has("challenge") || has("encrypt")
        };
        let several = shown.iter().any(|(other, _)| other != first);
        let apart = shown.windows(2).all(|pair| {
            let [before, behind] = [pair[0].1, pair[1].1].map(|sample| sample.value.span.clone());
            is_text_between(page, before.end..behind.start)
        });
        if (several && !apart) || samples.iter().any(delivery) {
            return Err(Reason::Overview);
        }
        let mut names: Vec<Named> = Vec::new();
        for (name, sample) in &shown {
            let start = sample.value.span.start;
            for name in std::iter::once(*name).chain(noted_names(&sample.value, name)) {
                if names.iter().all(|other| other.event_type != name) {
                    names.push(Named {
                        event_type: name.to_owned(),
                        span: start..start,
                    });
                }
            }
        }
        let span = names[0].span.clone();
        Ok(Self {
            kind: EventKind::Event,
            names,
            header: Header::default(),
            span,
            named: false,
            envelope: None,
        })
    }

    /// A page whose sample is the event without its envelope; its code for an SDK names it.
    fn of_code(page: &Page<'_>, samples: &[Sample]) -> Option<Self> {
        let sample = samples.iter().find(|sample| {
            let event = sample.value.get("event");
            event.is_some_and(|event| !event.members().is_empty())
        })?;
        let registered = registered(page.source.text())?;
        let start = sample.value.span.start;
        let names = vec![Named {
            event_type: registered.name.to_owned(),
            span: registered.span.clone(),
        }];
        Some(Self {
            kind: EventKind::Event,
            names,
            header: Header::default(),
            span: start..start,
            named: false,
            envelope: Some(registered.protocol),
        })
    }
}

/// Whether more than the marks of code blocks stands in `span`.
fn is_text_between(page: &Page<'_>, span: Range<usize>) -> bool {
    let mut lines = page.source.slice(span).lines().map(str::trim);
    lines.any(|line| !line.is_empty() && !line.starts_with("```") && !line.starts_with("</md-"))
}

/// An event that a page's code registers a handler for.
struct Registered<'t> {
    name: &'t str,
    span: Range<usize>,
    protocol: Protocol,
}

/// How the SDKs register handlers of events for which they have no type.
static REGISTERS: LazyLock<Regex> = LazyLock::new(|| {
    let pattern = r#"(?i)(?:register_p([12])_customized_event|onP?([12])?CustomizedEvent)\(\s*["']([a-z][A-Za-z0-9_.]*)["']"#;
    Regex::new(pattern).expect("a constant pattern, compiled in the tests")
});

/// The one event that the code in `text` registers a handler for.
fn registered(text: &str) -> Option<Registered<'_>> {
    let found: Vec<_> = REGISTERS.captures_iter(text).collect();
    let first = found.first()?;
    let name = first.get(3).filter(|name| is_event_type(name.as_str()))?;
    let version = first.get(1).or_else(|| first.get(2));
    let protocol = match version.map(|version| version.as_str()) {
        Some("2") => Protocol::V2,
        _ => Protocol::V1,
    };
    let one = found.iter().all(|other| other[3] == *name.as_str());
    one.then(|| Registered {
        name: name.as_str(),
        span: name.range(),
        protocol,
    })
}

/// Further names that the comment behind the event's name lists.
pub(super) fn noted_names<'s>(sample: &'s Value, name: &'s str) -> impl Iterator<Item = &'s str> {
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

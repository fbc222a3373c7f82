//! Which list of fields describes which event, and which sample belongs to it.

use std::collections::BTreeSet;
use std::ops::Range;

use crate::dialect::FieldList;
use crate::finding::{Finding, Kind};
use crate::page::{Block, Named, Page, is_event_type};
use crate::protocol;
use crate::sample::{self, Sample};
use crate::source::Source;

/// A list of fields with the events that it describes.
#[derive(Debug)]
pub(super) struct Body {
    pub(super) event_types: Vec<String>,
    pub(super) list: FieldList,
    pub(super) sample: Option<Sample>,
}

/// Gives each list its events. `named` are the names in the info table, at least one.
pub(super) fn assign(
    page: &Page<'_>,
    lists: Vec<FieldList>,
    named: &[Named],
    findings: &mut Vec<Finding>,
) -> Vec<Body> {
    let lists = event_lists(page.source, lists, findings);
    let starts: Vec<usize> = lists.iter().map(|list| list.span.start).collect();
    let lists = lists.into_iter().enumerate().map(|(at, list)| {
        let before = at.checked_sub(1).map_or(0, |before| starts[before]);
        let next = starts.get(at + 1).copied().unwrap_or(usize::MAX);
        let sample = sample_in(page, list.span.start..next);
        let heading = heading_key(page, before..list.span.start);
        (list, heading, sample)
    });
    let lists: Vec<_> = lists.collect();
    if lists.len() > 1 {
        return assign_each(page.source, lists, named, findings);
    }
    let one = lists.into_iter().map(|(list, heading, sample)| {
        let event_types: Vec<String> = named.iter().map(|name| name.event_type.clone()).collect();
        let shown = sample.as_ref().and_then(sample_key);
        for (place, key) in [("heading", heading), ("sample", shown)] {
            if let Some(key) = key.filter(|key| event_types.iter().all(|name| name != key)) {
                let what = format!("the {place} names `{key}`, the page `{}`", event_types[0]);
                let span = list.span.clone();
                findings.push(Finding::new(Kind::KeyDiffers, page.source, span, what));
            }
        }
        Body {
            event_types,
            list,
            sample,
        }
    });
    one.collect()
}

/// On a page with several lists, those without an envelope describe something else.
fn event_lists(
    source: &Source,
    lists: Vec<FieldList>,
    findings: &mut Vec<Finding>,
) -> Vec<FieldList> {
    if lists
        .iter()
        .all(|list| protocol::of_rows(&list.rows).is_none())
    {
        return lists;
    }
    let (events, others): (Vec<_>, Vec<_>) = lists
        .into_iter()
        .partition(|list| protocol::of_rows(&list.rows).is_some());
    findings.extend(others.iter().map(|list| {
        let what = "a table without the envelope of an event";
        Finding::new(Kind::OtherTable, source, list.span.clone(), what)
    }));
    events
}

type Candidate<'p> = (FieldList, Option<&'p str>, Option<Sample>);

/// Several lists on one page: the heading above a list names its event, or its sample does.
fn assign_each(
    source: &Source,
    lists: Vec<Candidate<'_>>,
    named: &[Named],
    findings: &mut Vec<Finding>,
) -> Vec<Body> {
    let mut bodies: Vec<Body> = Vec::new();
    let mut taken = BTreeSet::new();
    for (list, heading, sample) in lists {
        let shown = sample.as_ref().and_then(sample_key);
        let span = list.span.clone();
        if let (Some(heading), Some(shown)) = (heading, shown)
            && heading != shown
        {
            let what = format!("the heading names `{heading}`, the sample `{shown}`");
            findings.push(Finding::new(Kind::KeyDiffers, source, span.clone(), what));
        }
        let problem = match heading.or(shown) {
            None => "a table of fields that names no event".to_owned(),
            Some(key) if !taken.insert(key.to_owned()) => {
                format!("a second table of fields for `{key}`")
            }
            Some(key) => {
                bodies.push(Body {
                    event_types: vec![key.to_owned()],
                    list,
                    sample,
                });
                continue;
            }
        };
        findings.push(
            Finding::new(Kind::NamelessTable, source, span, problem)
                .expected("a name of its own in the heading above it or in the sample below it"),
        );
    }
    for name in named
        .iter()
        .filter(|name| !taken.contains(&name.event_type))
    {
        let what = format!("no table of fields is about `{}`", name.event_type);
        findings.push(Finding::new(
            Kind::NoFields,
            source,
            name.span.clone(),
            what,
        ));
    }
    bodies
}

/// The first sample of an event in `span`.
fn sample_in(page: &Page<'_>, span: Range<usize>) -> Option<Sample> {
    let mut code = page.code().filter(|code| span.contains(&code.span.start));
    code.find_map(|code| {
        let sample = sample::parse(code.text, code.span.start)?;
        protocol::of_sample(&sample.value)?;
        Some(sample)
    })
}

fn sample_key(sample: &Sample) -> Option<&str> {
    protocol::of_sample(&sample.value)?
        .1
        .filter(|name| is_event_type(name))
}

/// The event that the last heading in `span` names.
fn heading_key<'p>(page: &Page<'p>, span: Range<usize>) -> Option<&'p str> {
    let heading = page.blocks.iter().rev().find_map(|block| match block {
        Block::Heading(heading) if span.contains(&heading.span.start) => Some(heading.text),
        _ => None,
    })?;
    heading
        .split(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '.'))
        .find(|word| word.contains(['_', '.']) && is_event_type(word))
}

//! Which list of fields describes which event, and which sample belongs to it.

use std::collections::BTreeSet;
use std::ops::Range;

use super::subject::noted_names;
use crate::pages::dialect::FieldList;
use crate::pages::finding::{Finding, Kind};
use crate::pages::page::{Block, Named, Page, event_types_in, is_event_type};
use crate::pages::protocol;
use crate::pages::sample::Sample;
use crate::pages::source::Source;

/// A list of fields with the events that it describes.
#[derive(Debug)]
pub(in crate::pages::read) struct Body {
    pub(in crate::pages::read) event_types: Vec<String>,
    pub(in crate::pages::read) list: FieldList,
    pub(in crate::pages::read) sample: Option<Sample>,
}

/// Gives each list its events. `named` are the names in the info table, at least one.
pub(in crate::pages::read) fn assign(
    page: &Page<'_>,
    lists: Vec<FieldList>,
    named: &[Named],
    findings: &mut Vec<Finding>,
) -> Vec<Body> {
    let source = page.source;
    let mut samples = event_samples(page);
    let lists = event_lists(source, lists, findings);
    let starts: Vec<usize> = lists.iter().map(|list| list.span.start).collect();
    let candidates = lists.into_iter().enumerate().map(|(at, list)| {
        let before = at.checked_sub(1).map_or(0, |before| starts[before]);
        let next = starts.get(at + 1).copied().unwrap_or(usize::MAX);
        let heading = heading_key(page, before..list.span.start);
        let sample = take_within(&mut samples, list.span.start..next);
        Candidate {
            list,
            heading,
            sample,
        }
    });
    let candidates: Vec<Candidate<'_>> = candidates.collect();
    let bodies = if let [_] = candidates[..] {
        assign_all(source, candidates, named, findings)
    } else {
        assign_each(source, candidates, named, findings)
    };
    let described: BTreeSet<&str> = bodies
        .iter()
        .flat_map(|body| &body.event_types)
        .map(String::as_str)
        .collect();
    for (sample, key) in samples.iter().filter_map(|s| Some((s, sample_key(s)?))) {
        if !described.contains(key) {
            let what = format!("a sample of `{key}`, but no table of its fields");
            let start = sample.value.span.start;
            let finding = Finding::new(Kind::NoFields, source, start..start, what);
            findings
                .push(finding.expected("a table with the envelope and the fields of the event"));
        }
    }
    bodies
}

/// A list of fields and what may name its event.
struct Candidate<'p> {
    list: FieldList,
    heading: Option<&'p str>,
    sample: Option<Sample>,
}

/// The only list of a page describes all events that the page names.
fn assign_all(
    source: &Source,
    candidates: Vec<Candidate<'_>>,
    named: &[Named],
    findings: &mut Vec<Finding>,
) -> Vec<Body> {
    let event_types: Vec<String> = named.iter().map(|name| name.event_type.clone()).collect();
    let mut bodies = Vec::new();
    for candidate in candidates {
        let shown = candidate.sample.as_ref().and_then(sample_key);
        for (place, key) in [("heading", candidate.heading), ("sample", shown)] {
            if let Some(key) = key.filter(|key| event_types.iter().all(|name| name != key)) {
                let what = format!("the {place} names `{key}`, the page `{}`", event_types[0]);
                let span = candidate.list.span.clone();
                findings.push(Finding::new(Kind::KeyDiffers, source, span, what));
            }
        }
        bodies.push(Body {
            event_types: event_types.clone(),
            list: candidate.list,
            sample: candidate.sample,
        });
    }
    bodies
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

/// Several lists on one page: the heading above a list names its event, or its sample does.
fn assign_each(
    source: &Source,
    candidates: Vec<Candidate<'_>>,
    named: &[Named],
    findings: &mut Vec<Finding>,
) -> Vec<Body> {
    let mut bodies: Vec<Body> = Vec::new();
    let mut taken = BTreeSet::new();
    for candidate in candidates {
        let Candidate {
            list,
            heading,
            sample,
        } = candidate;
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
                let mut event_types = vec![key.to_owned()];
                let noted = sample
                    .iter()
                    .flat_map(|sample| noted_names(&sample.value, key));
                event_types.extend(
                    noted
                        .filter(|name| taken.insert((*name).to_owned()))
                        .map(str::to_owned),
                );
                bodies.push(Body {
                    event_types,
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

/// The samples of events on the page, in order.
fn event_samples(page: &Page<'_>) -> Vec<Sample> {
    let samples = page.code().filter_map(|code| {
        let sample = code.sample()?;
        protocol::of_sample(&sample.value)?;
        Some(sample)
    });
    samples.collect()
}

/// Takes the first of `samples` that starts in `span`.
fn take_within(samples: &mut Vec<Sample>, span: Range<usize>) -> Option<Sample> {
    let is_within = |sample: &Sample| span.contains(&sample.value.span.start);
    let at = samples.iter().position(is_within)?;
    Some(samples.remove(at))
}

fn sample_key(sample: &Sample) -> Option<&str> {
    protocol::of_sample(&sample.value)?
        .1
        .filter(|name| is_event_type(name))
}

/// The event that the last heading in `span` names; a bold line may stand below it.
fn heading_key<'p>(page: &'p Page<'_>, span: Range<usize>) -> Option<&'p str> {
    let mut headings = page.blocks.iter().rev().filter_map(|block| match block {
        Block::Heading(heading) if span.contains(&heading.span.start) => Some(heading),
        _ => None,
    });
    let named = headings.find_map(|heading| {
        let named = event_types_in(&heading.text).next();
        (!heading.bold || named.is_some()).then_some(named)
    });
    named?
}

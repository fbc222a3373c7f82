//! The way of almost all events: protocol 2.0, the header before the event, the event a known one.
//! They are read in one pass; finding the members first and reading them then costs a fifth more.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, IgnoredAny, MapAccess, Visitor};

use super::Envelope;
use crate::event::Event;
use crate::event_type::EventType;
use crate::header::{Header, HeaderV2};
use crate::read::{Reader, RecordSeed};
use crate::report::Report;

/// The envelope in `text`; `None` if it is anything but what this module is for, which includes
/// everything that is wrong with it.
pub(super) fn read(text: &str) -> Option<Envelope> {
    let mut found = Found::default();
    let mut deserializer = serde_json::Deserializer::from_str(text);
    deserializer.deserialize_map(OnePass(&mut found)).ok()?;
    deserializer.end().ok()?;
    Some(Envelope {
        header: found.header?,
        event: found.event?,
        reports: found.reports,
    })
}

/// What was found, filled in place: headers and events are long to move.
#[derive(Default)]
struct Found {
    header: Option<Header>,
    event: Option<Event>,
    reports: Vec<Report>,
}

struct OnePass<'f>(&'f mut Found);

impl<'de> Visitor<'de> for OnePass<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an envelope of protocol 2.0")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let other_way = || A::Error::custom("to be read member by member");
        let found = self.0;
        let mut has_schema = false;
        while let Some(member) = map.next_key::<Member>()? {
            match member {
                Member::Schema if !has_schema => {
                    has_schema = !map.next_value::<Cow<'de, str>>()?.is_empty();
                }
                Member::Header if found.header.is_none() && has_schema => {
                    found.header = header_of(&mut map)?;
                    found.header.as_ref().ok_or_else(other_way)?;
                }
                Member::Event if found.event.is_none() => {
                    let header = found.header.as_ref().ok_or_else(other_way)?;
                    let event = EventType::of(header).and_then(Event::empty);
                    let event = found.event.insert(event.ok_or_else(other_way)?);
                    let record = event.record_mut().ok_or_else(other_way)?;
                    let mut reader = Reader::of(record);
                    map.next_value_seed(RecordSeed::new(record, &mut reader))?;
                    found.reports = reader.into_reports();
                }
                Member::Other => drop(map.next_value::<IgnoredAny>()?),
                // Of a member that is repeated the last one counts.
                _ => return Err(other_way()),
            }
        }
        Ok(())
    }
}

/// The members of an envelope that matter here.
enum Member {
    Schema,
    Header,
    Event,
    Other,
}

impl<'de> Deserialize<'de> for Member {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Name;
        impl Visitor<'_> for Name {
            type Value = Member;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a member's name")
            }
            fn visit_str<E>(self, name: &str) -> Result<Member, E> {
                Ok(match name {
                    "schema" => Member::Schema,
                    "header" => Member::Header,
                    "event" => Member::Event,
                    _ => Member::Other,
                })
            }
        }
        deserializer.deserialize_str(Name)
    }
}

fn header_of<'de, A: MapAccess<'de>>(map: &mut A) -> Result<Option<Header>, A::Error> {
    let mut members = HeaderV2::default();
    let mut reader = Reader::of(&members);
    map.next_value_seed(RecordSeed::new(&mut members, &mut reader))?;
    Ok(members.checked(&reader.into_reports()))
}

//! Reads an envelope of the usual form in one pass: protocol 2.0, the header before the event. Almost
//! all events have it; finding the members first and then reading them takes a third longer.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserialize, Deserializer, Error as _, IgnoredAny, MapAccess, Visitor};
use serde_json::Error;
use serde_json::value::RawValue;

use super::members::is_schema;
use super::{LazyPayload, RawEnvelope};
use crate::event::envelope::lazy_payload::PayloadReader;
use crate::event::header::{Header, HeaderV2};
use crate::json::read::{Reader, RecordSeed};
use crate::json::record::Record;

/// Passes the envelope in `text` to `then`, if it has the usual form. `None` if it does not, if it is
/// invalid, or if `then` fails: reading it by [`Members`](super::Members) gives the error.
///
/// `then` is called before the rest of the text is known to be valid JSON; if it is not, the result is
/// discarded.
pub(crate) fn open_usual<T, E>(
    text: &str,
    then: &mut impl FnMut(RawEnvelope<'_>) -> Result<T, E>,
) -> Option<T> {
    let mut done = None;
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let open = OnePass(|envelope: RawEnvelope<'_>| {
        done = then(envelope).ok();
        done.is_some()
    });
    deserializer.deserialize_map(open).ok()?;
    deserializer.end().ok()?;
    done
}

/// Reads the members of an envelope and calls the function when it reaches the payload.
struct OnePass<F>(F);

impl<'de, F: FnMut(RawEnvelope<'_>) -> bool> Visitor<'de> for OnePass<F> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an envelope of protocol 2.0")
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<(), A::Error> {
        let unusual = || A::Error::custom("not an envelope of the usual form");
        let mut has_schema = false;
        let mut header = None;
        let mut has_event = false;
        while let Some(member) = map.next_key::<Member>()? {
            match member {
                Member::Schema if !has_schema => {
                    let schema: &RawValue = map.next_value()?;
                    has_schema = is_schema(schema.get());
                }
                Member::Header if header.is_none() && has_schema && !has_event => {
                    header = header_of(&mut map)?;
                    header.as_ref().ok_or_else(unusual)?;
                }
                Member::Event if !has_event => {
                    has_event = true;
                    let header = header.take().ok_or_else(unusual)?;
                    let mut payload = NextValue {
                        map: &mut map,
                        is_past: false,
                        text: PhantomData,
                    };
                    let envelope = RawEnvelope::new(header, LazyPayload::streaming(&mut payload));
                    if !(self.0)(envelope) {
                        return Err(unusual());
                    }
                    payload.skip()?;
                }
                Member::Other => drop(map.next_value::<IgnoredAny>()?),
                // Of a repeated member the last one counts, which one pass cannot know.
                _ => return Err(unusual()),
            }
        }
        Ok(())
    }
}

/// The payload, which is the next value of `map` until it `is_past` it.
struct NextValue<'m, 'de, A> {
    map: &'m mut A,
    is_past: bool,
    text: PhantomData<&'de str>,
}

impl<'de, A: MapAccess<'de>> NextValue<'_, 'de, A> {
    /// Skips the payload unless it has been read.
    fn skip(mut self) -> Result<(), A::Error> {
        if !self.is_past {
            self.raw().map_err(A::Error::custom)?;
        }
        Ok(())
    }
}

impl<'de, A: MapAccess<'de>> PayloadReader for NextValue<'_, 'de, A> {
    fn read(&mut self, record: &mut dyn Record, reader: &mut Reader) -> Result<(), Error> {
        self.is_past = true;
        let seed = RecordSeed::new(record, reader);
        self.map.next_value_seed(seed).map_err(Error::custom)
    }

    fn raw(&mut self) -> Result<&RawValue, Error> {
        self.is_past = true;
        let json: &RawValue = self.map.next_value().map_err(Error::custom)?;
        if json.get().starts_with('{') {
            Ok(json)
        } else {
            Err(Error::custom("an event must be an object"))
        }
    }
}

/// The names of an envelope's members, as far as they matter here.
enum Member {
    Schema,
    Header,
    Event,
    /// Only a check of a URL or an encrypted event has it.
    NotOfAnEvent,
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
                    "type" | "encrypt" => Member::NotOfAnEvent,
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
    Ok(members.checked(&reader.into_met().reports))
}

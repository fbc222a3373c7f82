//! The way of almost all events: protocol 2.0, the header before the event. They are read in one
//! pass over the bytes; to find the members first and read them then costs a third more.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserialize, Deserializer, Error as _, IgnoredAny, MapAccess, Visitor};
use serde_json::Error;
use serde_json::value::RawValue;

use super::members::is_schema;
use super::{LazyPayload, RawEnvelope};
use crate::event::envelope::lazy_payload::Ahead;
use crate::event::header::{Header, HeaderV2};
use crate::json::read::{Reader, RecordSeed};
use crate::json::record::Record;

/// Opens the envelope in `text` for `then`, if it has the usual form. `None` if it does not, if
/// anything is wrong with it, or if `then` fails: the other way reports what.
///
/// `then` is called before it is known whether the rest of the text is well-formed; the result
/// counts only if it is.
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

/// Reads the members of an envelope; hands it on where the payload begins.
struct OnePass<F>(F);

impl<'de, F: FnMut(RawEnvelope<'_>) -> bool> Visitor<'de> for OnePass<F> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an envelope of protocol 2.0")
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<(), A::Error> {
        let other_way = || A::Error::custom("to be read member by member");
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
                    header.as_ref().ok_or_else(other_way)?;
                }
                Member::Event if !has_event => {
                    has_event = true;
                    let header = header.take().ok_or_else(other_way)?;
                    let mut payload = Payload {
                        map: &mut map,
                        is_past: false,
                        text: PhantomData,
                    };
                    let envelope = RawEnvelope::new(header, LazyPayload::ahead(&mut payload));
                    if !(self.0)(envelope) {
                        return Err(other_way());
                    }
                    payload.pass()?;
                }
                Member::Other => drop(map.next_value::<IgnoredAny>()?),
                // Of a member that is repeated the last one counts.
                _ => return Err(other_way()),
            }
        }
        Ok(())
    }
}

/// The payload, which the reader stands before until it `is_past` it.
struct Payload<'m, 'de, A> {
    map: &'m mut A,
    is_past: bool,
    text: PhantomData<&'de str>,
}

impl<'de, A: MapAccess<'de>> Payload<'_, 'de, A> {
    /// Goes past the payload, if nobody has read it.
    fn pass(mut self) -> Result<(), A::Error> {
        if !self.is_past {
            self.raw().map_err(A::Error::custom)?;
        }
        Ok(())
    }
}

impl<'de, A: MapAccess<'de>> Ahead for Payload<'_, 'de, A> {
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

/// The members of an envelope that matter here.
enum Member {
    Schema,
    Header,
    Event,
    /// What only the check of a URL, or an encrypted event, has.
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

//! Reads an envelope of the usual form in one pass, and copies nothing of its header: protocol 2.0, the
//! header before the event. Almost all events have it.

use std::borrow::Cow;

use serde::de::Error as _;
use serde_json::Error;
use serde_json::value::RawValue;

use super::members::is_schema;
use super::{LazyPayload, RawEnvelope};
use crate::event::envelope::lazy_payload::PayloadReader;
use crate::event::unread_header::{STRINGS, TextHeader, UnreadHeader};
use crate::json::read::{Reader, read_record, read_value};
use crate::json::record::{Record, slot};
use crate::json::scan::{Scanner, Unusual};

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
    let mut open = |envelope: RawEnvelope<'_>| {
        done = then(envelope).ok();
        done.is_some()
    };
    let mut scan = Scanner::new(text);
    read_members(&mut scan, &mut open).ok()?;
    scan.end().ok()?;
    done
}

/// Reads the members of an envelope and calls `open` when it reaches the payload.
fn read_members(
    scan: &mut Scanner<'_>,
    open: &mut dyn FnMut(RawEnvelope<'_>) -> bool,
) -> Result<(), Unusual> {
    let mut has_schema = false;
    let mut header = None;
    let mut has_event = false;
    let mut has_more = scan.enter_object()?;
    while has_more {
        match &*next_name(scan)? {
            "schema" if !has_schema => has_schema = is_schema(scan.skip()?),
            "header" if header.is_none() && has_schema && !has_event => {
                header = Some(read_header(scan)?);
            }
            "event" if !has_event => {
                has_event = true;
                let header = UnreadHeader::InText(header.as_ref().ok_or(Unusual)?);
                let mut payload = NextValue {
                    scan: &mut *scan,
                    is_past: false,
                };
                let is_open = open(RawEnvelope::new(
                    header,
                    LazyPayload::streaming(&mut payload),
                ));
                if !is_open {
                    return Err(Unusual);
                }
                payload.pass()?;
            }
            // Of a repeated member the last one counts, which one pass cannot know. Only a check of a
            // URL has the last but one, and only an encrypted event the last.
            "schema" | "header" | "event" | "type" | "encrypt" => return Err(Unusual),
            _ => drop(scan.skip()?),
        }
        has_more = scan.more_members()?;
    }
    Ok(())
}

/// The name of the next member, which usually is one of three.
fn next_name<'a>(scan: &mut Scanner<'a>) -> Result<Cow<'a, str>, Unusual> {
    for name in ["schema", "header", "event"] {
        if scan.has_name(name) {
            return Ok(Cow::Borrowed(name));
        }
    }
    scan.name()
}

/// Reads the header that comes, if all that matters in it is a plain string.
fn read_header<'a>(scan: &mut Scanner<'a>) -> Result<TextHeader<'a>, Unusual> {
    let mut header = TextHeader::default();
    let mut expected = 0;
    let mut has_more = scan.enter_object()?;
    while has_more {
        let (name, index) = match STRINGS.get(expected) {
            Some(name) if scan.has_name(name) => (Cow::Borrowed(*name), Some(expected)),
            _ => {
                let name = scan.name()?;
                let index = STRINGS.iter().position(|string| *string == name);
                (name, index)
            }
        };
        if let Some(place) = index.and_then(|index| header.strings.get_mut(index)) {
            expected = index.map_or(expected, |index| index + 1);
            *place = if scan.peek()? == b'n' {
                scan.word("null", None)?
            } else {
                Some(scan.plain_string()?.ok_or(Unusual)?)
            };
        } else if name == "user_list" {
            // What it meets is not reported of a header.
            let users = &mut slot(&mut header.user_list);
            read_value(scan, users, &mut Reader::default())?;
        } else {
            scan.skip()?;
        }
        has_more = scan.more_members()?;
    }
    let event_type = header.event_type().filter(|name| !name.is_empty());
    event_type.map(|_| header).ok_or(Unusual)
}

/// The payload, which is the next value of `scan` until it `is_past` it.
struct NextValue<'m, 'a> {
    scan: &'m mut Scanner<'a>,
    is_past: bool,
}

impl NextValue<'_, '_> {
    /// Skips the payload unless it has been read.
    fn pass(&mut self) -> Result<(), Unusual> {
        if self.is_past {
            return Ok(());
        }
        if self.scan.peek()? != b'{' {
            return Err(Unusual);
        }
        self.scan.skip().map(drop)
    }
}

/// Reading the envelope by its members gives the error that users see.
#[cold]
fn unusual(_: Unusual) -> Error {
    Error::custom("not an envelope of the usual form")
}

impl PayloadReader for NextValue<'_, '_> {
    fn read(&mut self, record: &mut dyn Record, reader: &mut Reader) -> Result<(), Error> {
        self.is_past = true;
        read_record(self.scan, record, reader).map_err(unusual)
    }

    fn raw(&mut self) -> Result<&RawValue, Error> {
        self.is_past = true;
        let json = self.scan.skip().map_err(unusual)?;
        if json.starts_with('{') {
            serde_json::from_str(json)
        } else {
            Err(Error::custom("an event must be an object"))
        }
    }
}

//! Reads an envelope of the usual form in one pass, and copies nothing of its header: protocol 2.0, the
//! header before the event. Almost all events have it.

use std::borrow::Cow;

use serde::de::Error as _;
use serde_json::Error;
use serde_json::value::RawValue;

use super::members::is_schema;
use super::{LazyPayload, RawEnvelope};
use crate::event::envelope::lazy_payload::PayloadReader;
use crate::event::unread_header::{TextHeader, UnreadHeader};
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
    let mut header = TextHeader::default();
    let mut has_event = false;
    let begins_as_usual = scan.enter_object_with(r#"{"schema":"2.0","header":"#);
    let (mut has_schema, mut has_header) = (begins_as_usual, begins_as_usual);
    let mut has_more = if begins_as_usual {
        read_header(scan, &mut header)?;
        scan.more_members()?
    } else {
        scan.enter_object()?
    };
    while has_more {
        let name = if scan.has_name("event") {
            Cow::Borrowed("event")
        } else {
            scan.name()?
        };
        match &*name {
            "schema" if !has_schema => has_schema = is_schema(scan.skip()?),
            "header" if !has_header && has_schema && !has_event => {
                read_header(scan, &mut header)?;
                has_header = true;
            }
            "event" if !has_event && has_header => {
                has_event = true;
                let mut payload = NextValue {
                    scan: &mut *scan,
                    is_past: false,
                };
                let is_open = open(RawEnvelope::new(
                    UnreadHeader::InText(&header),
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

/// Reads the header that comes, if all that matters in it is a plain string.
fn read_header<'a>(scan: &mut Scanner<'a>, header: &mut TextHeader<'a>) -> Result<(), Unusual> {
    let mut has_more = scan.enter_object()?;
    while has_more {
        if let Some(more) = header.read_usual_member(scan) {
            has_more = more;
            continue;
        }
        let name = scan.name()?;
        if let Some(string) = header.string_mut(&name) {
            *string = if scan.peek()? == b'n' {
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
    let event_type = header.event_type.filter(|name| !name.is_empty());
    event_type.map(drop).ok_or(Unusual)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::envelope::Members;
    use crate::event::header::Header;

    /// The header, as both ways of reading give it.
    fn header(text: &str) -> Header {
        let mut read = |envelope: RawEnvelope<'_>| Ok::<_, ()>(envelope.header.to_read());
        let in_one_pass = open_usual(text, &mut read).unwrap_or_else(|| panic!("unusual: {text}"));
        let members = Members::from_text(text).unwrap().into_envelope().unwrap();
        assert_eq!(in_one_pass, members.header.to_read(), "{text}");
        in_one_pass
    }

    #[test]
    fn a_header_is_the_same_in_any_order_and_with_any_white_space() {
        let members = [
            r#""event_id":"5e37""#,
            r#""event_type":"acme.thing_v1""#,
            r#""create_time":"1608725989000""#,
            r#""token":"rvaY""#,
            r#""app_id":"cli_1""#,
            r#""tenant_key":"2ca1""#,
            r#""resource_id":"doc""#,
            r#""user_list":[{"open_id":"ou_1"}]"#,
            r#""later":{"event_id":["6"]}"#,
        ];
        let expected = header(&envelope(&members.map(str::to_owned), ","));
        assert_eq!(expected.tenant_key.as_deref(), Some("2ca1"));
        for step in [1, 2, 4, 5, 7, 8] {
            for begin in 0..members.len() {
                let mut order: Vec<_> = (0..members.len())
                    .map(|index| members[(begin + index * step) % members.len()].to_owned())
                    .collect();
                for blank in ["", " ", "\n\t"] {
                    let comma = format!("{blank},{blank}");
                    assert_eq!(header(&envelope(&order, &comma)), expected);
                    let colon = format!("\"{blank}:{blank}");
                    order = order
                        .iter()
                        .map(|it| it.replacen("\":", &colon, 1))
                        .collect();
                    assert_eq!(header(&envelope(&order, &comma)), expected);
                }
            }
        }
    }

    fn envelope(members: &[String], comma: &str) -> String {
        let members = members.join(comma);
        format!(r#"{{"schema":"2.0","header":{{{members}}},"event":{{}}}}"#)
    }

    #[test]
    fn of_a_repeated_member_of_the_header_the_last_one_counts() {
        let twice = [
            r#""event_type":"a""#,
            r#""app_id":null"#,
            r#""event_type":"b""#,
        ];
        let header = header(&envelope(&twice.map(str::to_owned), ","));
        assert_eq!((&*header.event_type, header.app_id), ("b", None));
    }
}

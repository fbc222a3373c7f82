//! Reading records straight from text of the usual form: what nearly all events are.
//!
//! It does what the visitors of [`super`] do when `serde_json` drives them, for the same slots and with
//! the same reports; what it doesn't read is [`Unusual`], and left to them.

use serde_json::Value;

use super::{Reader, Segment};
use crate::json::open_enum::WireValue;
use crate::json::record::{ListSlot, MapSlot, Record, Slot};
use crate::json::report::{Met, ReportKind};
use crate::json::scan::{Number, Scanner, Unusual};

/// Reads the whole of `json` into `record`, if it has the usual form.
pub(in crate::json) fn read_text(record: &mut dyn Record, json: &str) -> Option<Met> {
    let mut reader = Reader::of(record);
    let mut scan = Scanner::new(json);
    read_record(&mut scan, record, &mut reader).ok()?;
    scan.end().ok()?;
    Some(reader.into_met())
}

/// Reads the object that comes into `record`.
pub(crate) fn read_record(
    scan: &mut Scanner<'_>,
    record: &mut dyn Record,
    reader: &mut Reader,
) -> Result<(), Unusual> {
    if !scan.enter_object()? {
        return Ok(());
    }
    let names = record.def().fields;
    let mut result = Ok(());
    record.slots(&mut |slots| result = read_members(scan, names, slots, reader));
    result
}

fn read_members(
    scan: &mut Scanner<'_>,
    names: &'static [&'static str],
    slots: &mut [Slot<'_>],
    reader: &mut Reader,
) -> Result<(), Unusual> {
    let mut expected = 0;
    loop {
        let index = match names.get(expected) {
            // Members come in the documented order, so that most names need no search.
            Some(name) if scan.has_name(name) => Some(expected),
            _ => {
                let name = scan.name()?;
                let index = position(names, &name, expected);
                if index.is_none() {
                    let value = any(scan)?;
                    if !reader.is_of_envelope(&name) {
                        reader.report(ReportKind::Undocumented, value, Some(&name));
                    }
                }
                index
            }
        };
        if let Some(index) = index
            && let (Some(slot), Some(name)) = (slots.get_mut(index), names.get(index))
        {
            read_member(scan, name, slot, reader)?;
            expected = index + 1;
        }
        if !scan.more_members()? {
            return Ok(());
        }
    }
}

/// The index of `name`, looked for first behind the members that have been read.
fn position(names: &[&str], name: &str, expected: usize) -> Option<usize> {
    let (before, behind) = names.split_at_checked(expected).unwrap_or((names, &[]));
    // Names of the same length often begin alike: nearly all others differ in their last byte.
    let (length, last) = (name.len(), name.as_bytes().last());
    let is_name = |it: &&str| it.len() == length && it.as_bytes().last() == last && *it == name;
    let at = |names: &[&str]| names.iter().position(is_name);
    at(behind)
        .map(|index| expected + index)
        .or_else(|| at(before))
}

#[inline]
fn read_member(
    scan: &mut Scanner<'_>,
    name: &'static str,
    slot: &mut Slot<'_>,
    reader: &mut Reader,
) -> Result<(), Unusual> {
    // What nearly all are, and what nothing is reported of.
    if let (b'"', Slot::String(place)) = (scan.peek()?, &mut *slot) {
        **place = Some(scan.string()?.into_owned());
        return Ok(());
    }
    reader.path.push(Segment::Name(name));
    read_value(scan, slot, reader)?;
    reader.path.pop();
    Ok(())
}

/// Reads the value that comes into a place.
pub(crate) fn read_value(
    scan: &mut Scanner<'_>,
    slot: &mut Slot<'_>,
    reader: &mut Reader,
) -> Result<(), Unusual> {
    match (scan.peek()?, &mut *slot) {
        (b'"', Slot::String(place)) => **place = Some(scan.string()?.into_owned()),
        (b'"', Slot::Enum(place)) if !place.is_int() => {
            reader.set_enum(*place, WireValue::Text(&scan.string()?));
        }
        (b'"', Slot::StringOrObject(place)) => place.set_string(scan.string()?.into_owned()),
        (b'{', Slot::Object(place)) => read_record(scan, place.insert_empty(), reader)?,
        (b'{', Slot::StringOrObject(place)) => read_record(scan, place.insert_empty(), reader)?,
        (b'{', Slot::Map(map)) => read_entries(scan, *map, reader)?,
        (b'[', Slot::List(list)) => read_items(scan, *list, reader)?,
        (b'n', slot) => scan.word("null", slot).map(Slot::clear)?,
        (b't' | b'f', Slot::Bool(place)) => **place = Some(scan.boolean()?),
        (b'-' | b'0'..=b'9', Slot::Int(_) | Slot::Float(_) | Slot::Enum(_)) => {
            let (number, text) = scan.number()?;
            match (number, &mut *slot) {
                (Number::Int(int), Slot::Int(place)) => **place = Some(int),
                (Number::Int(int), Slot::Enum(place)) if place.is_int() => {
                    reader.set_enum(*place, WireValue::Int(int));
                }
                (Number::Float(float), Slot::Float(place)) => **place = Some(float),
                _ => reader.read_other_shape(slot, value_of(text)?),
            }
        }
        (_, Slot::Json(place)) => **place = Some(any(scan)?),
        (_, slot) => reader.read_other_shape(slot, any(scan)?),
    }
    Ok(())
}

/// The value that comes, whatever it is.
fn any(scan: &mut Scanner<'_>) -> Result<Value, Unusual> {
    value_of(scan.skip()?)
}

fn value_of(json: &str) -> Result<Value, Unusual> {
    json.parse().map_err(|_| Unusual)
}

fn read_items(
    scan: &mut Scanner<'_>,
    list: &mut dyn ListSlot,
    reader: &mut Reader,
) -> Result<(), Unusual> {
    list.insert_empty();
    let mut has_more = scan.enter_list()?;
    let mut index = 0;
    while has_more {
        reader.path.push(Segment::Index(index));
        let reports_before = reader.reports.len();
        let mut read = Ok(());
        let filled = list.push(&mut |mut slot| read = read_value(scan, &mut slot, reader));
        read?;
        if !filled && reader.reports.len() == reports_before {
            let expected = "item";
            reader.report(ReportKind::Unreadable { expected }, Value::Null, None);
        }
        reader.path.pop();
        has_more = scan.more_items()?;
        index += 1;
    }
    Ok(())
}

/// Reads the members of an object whose keys are data.
fn read_entries(
    scan: &mut Scanner<'_>,
    map: &mut dyn MapSlot,
    reader: &mut Reader,
) -> Result<(), Unusual> {
    map.insert_empty();
    let mut has_more = scan.enter_object()?;
    while has_more {
        let key = scan.name()?;
        reader.path.push_key(&key);
        let reports_before = reader.reports.len();
        let mut read = Ok(());
        let filled = map.entry(&key, &mut |mut slot| {
            read = read_value(scan, &mut slot, reader);
        });
        read?;
        if !filled && reader.reports.len() == reports_before {
            let expected = "value";
            reader.report(ReportKind::Unreadable { expected }, Value::Null, None);
        }
        reader.path.pop();
        has_more = scan.more_members()?;
    }
    Ok(())
}

//! Reading a record from JSON: tolerant of values in another form, with a report of each.
//!
//! Only the three adapters that meet serde ([`SlotSeed`], [`Members`], [`Items`]) are generic, over
//! the deserializer; everything behind them is compiled once for all types.

use std::fmt;

use serde::Deserialize;
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use crate::event_type::EventType;
use crate::open_enum::WireValue;
use crate::record::{Record, Slot};
use crate::report::{Report, ReportKind};
use crate::scalar;

/// Reads `json` into `record`; what disagrees with the documentation comes back as reports.
///
/// # Errors
/// Text that is no JSON object.
pub(crate) fn read_str(
    record: &mut dyn Record,
    json: &str,
) -> Result<Vec<Report>, serde_json::Error> {
    let mut reader = Reader::of(record);
    let mut deserializer = serde_json::Deserializer::from_str(json);
    RecordSeed {
        record,
        reader: &mut reader,
    }
    .deserialize(&mut deserializer)?;
    deserializer.end()?;
    Ok(reader.reports)
}

/// The body of every generated `Deserialize`: as [`read_str`], without the reports.
///
/// # Errors
/// Those of the deserializer, and input that is no object.
pub fn deserialize<'de, T, D>(deserializer: D) -> Result<T, D::Error>
where
    T: Record + Default,
    D: Deserializer<'de>,
{
    let mut record = T::default();
    let mut reader = Reader::of(&record);
    RecordSeed {
        record: &mut record,
        reader: &mut reader,
    }
    .deserialize(deserializer)?;
    Ok(record)
}

/// Where the reader stands, and what it has met.
struct Reader {
    event_type: Option<EventType>,
    path: Vec<Segment>,
    reports: Vec<Report>,
}

enum Segment {
    Name(&'static str),
    Index(usize),
}

impl Reader {
    fn of(record: &dyn Record) -> Self {
        Self {
            event_type: record.def().event,
            path: Vec::new(),
            reports: Vec::new(),
        }
    }

    fn report(&mut self, kind: ReportKind, found: Value, key: Option<&str>) {
        let mut path = String::new();
        for segment in &self.path {
            match segment {
                Segment::Name(name) => push_pointer(&mut path, name),
                Segment::Index(index) => path += &format!("/{index}"),
            }
        }
        if let Some(key) = key {
            push_pointer(&mut path, key);
        }
        self.reports.push(Report {
            event_type: self.event_type,
            path,
            kind,
            found,
        });
    }

    /// Reads what came in another shape than documented, if it can be read without loss.
    fn read_other_shape(&mut self, slot: &mut Slot<'_>, value: Value) {
        let expected = slot.expected();
        let reports_before = self.reports.len();
        let converted = scalar::convert(slot, &value) || self.read_unwrapped(slot, &value);
        if !converted {
            slot.clear();
            // What the attempt met says nothing that the report of the whole value does not.
            self.reports.truncate(reports_before);
        }
        let kind = if converted {
            ReportKind::Converted { expected }
        } else {
            ReportKind::Unreadable { expected }
        };
        self.report(kind, value, None);
    }

    /// Reads a single value where a list is documented, and the other way round.
    fn read_unwrapped(&mut self, slot: &mut Slot<'_>, value: &Value) -> bool {
        match (slot, value) {
            (Slot::List(list), single) if !single.is_array() => {
                list.insert_empty();
                list.push(&mut |mut item| self.read_value(&mut item, single))
            }
            (slot @ (Slot::Json(_) | Slot::List(_)), _) => {
                debug_assert!(matches!(slot, Slot::List(_)), "any JSON fits a Json slot");
                false
            }
            (slot, Value::Array(items)) if items.len() == 1 => {
                let reports_before = self.reports.len();
                self.read_value(slot, &items[0]);
                self.reports.len() == reports_before && !items[0].is_null()
            }
            _ => false,
        }
    }

    fn read_value(&mut self, slot: &mut Slot<'_>, value: &Value) {
        let seed = SlotSeed { slot, reader: self };
        // A `Value` is well-formed and every shape is visited, so there is no error to lose.
        let _: Result<(), serde_json::Error> = seed.deserialize(value);
    }
}

fn push_pointer(path: &mut String, key: &str) {
    path.push('/');
    path.push_str(&key.replace('~', "~0").replace('/', "~1"));
}

/// The error of a source, which keeps the deserializer's own error until the adapter collects it.
struct Stop;

enum Key {
    Documented(usize),
    Undocumented(String),
}

/// The members of an object.
trait ObjectSource {
    fn next_key(&mut self, names: &[&str], expected: usize) -> Result<Option<Key>, Stop>;
    fn next_value(&mut self, slot: &mut Slot<'_>, reader: &mut Reader) -> Result<(), Stop>;
    fn next_json(&mut self) -> Result<Value, Stop>;
}

/// The items of a list.
trait ListSource {
    fn next_item(&mut self, slot: &mut Slot<'_>, reader: &mut Reader) -> Result<bool, Stop>;
}

fn read_object(
    record: &mut dyn Record,
    source: &mut dyn ObjectSource,
    reader: &mut Reader,
) -> Result<(), Stop> {
    let names = record.def().fields;
    let mut result = Ok(());
    record.slots(&mut |slots| result = read_members(names, slots, source, reader));
    result
}

fn read_members(
    names: &'static [&'static str],
    slots: &mut [Slot<'_>],
    source: &mut dyn ObjectSource,
    reader: &mut Reader,
) -> Result<(), Stop> {
    let mut expected = 0;
    while let Some(key) = source.next_key(names, expected)? {
        match key {
            Key::Documented(index) => {
                reader.path.push(Segment::Name(names[index]));
                source.next_value(&mut slots[index], reader)?;
                reader.path.pop();
                expected = index + 1;
            }
            Key::Undocumented(name) => {
                let value = source.next_json()?;
                reader.report(ReportKind::Undocumented, value, Some(&name));
            }
        }
    }
    Ok(())
}

fn read_items(
    slot: &mut Slot<'_>,
    source: &mut dyn ListSource,
    reader: &mut Reader,
) -> Result<(), Stop> {
    let Slot::List(list) = slot else {
        return Ok(());
    };
    list.insert_empty();
    let mut index = 0;
    loop {
        let mut more = Ok(false);
        reader.path.push(Segment::Index(index));
        let reports_before = reader.reports.len();
        let filled = list.push(&mut |mut item| more = source.next_item(&mut item, reader));
        let more = more?;
        if more && !filled && reader.reports.len() == reports_before {
            reader.report(
                ReportKind::Unreadable { expected: "item" },
                Value::Null,
                None,
            );
        }
        reader.path.pop();
        if !more {
            return Ok(());
        }
        index += 1;
    }
}

/// The index of `key`, looked for first where document order expects it.
fn position(names: &[&str], key: &str, expected: usize) -> Option<usize> {
    if names.get(expected) == Some(&key) {
        return Some(expected);
    }
    names.iter().position(|name| *name == key)
}

struct RecordSeed<'a> {
    record: &'a mut dyn Record,
    reader: &'a mut Reader,
}

impl<'de> DeserializeSeed<'de> for RecordSeed<'_> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for RecordSeed<'_> {
    type Value = ();
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }
    fn visit_map<A: MapAccess<'de>>(self, access: A) -> Result<(), A::Error> {
        let mut members = Members {
            access,
            error: None,
        };
        let result = read_object(self.record, &mut members, self.reader);
        members.finish(result)
    }
}

struct SlotSeed<'a, 's> {
    slot: &'a mut Slot<'s>,
    reader: &'a mut Reader,
}

impl SlotSeed<'_, '_> {
    fn other_shape(self, value: impl Into<Value>) {
        match self.slot {
            Slot::Json(place) => **place = Some(value.into()),
            slot => self.reader.read_other_shape(slot, value.into()),
        }
    }
}

impl<'de> DeserializeSeed<'de> for SlotSeed<'_, '_> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for SlotSeed<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        self.slot.clear();
        Ok(())
    }

    fn visit_none<E>(self) -> Result<(), E> {
        self.slot.clear();
        Ok(())
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        self.deserialize(deserializer)
    }

    fn visit_bool<E>(self, value: bool) -> Result<(), E> {
        match self.slot {
            Slot::Bool(place) => **place = Some(value),
            _ => self.other_shape(value),
        }
        Ok(())
    }

    fn visit_i64<E>(self, value: i64) -> Result<(), E> {
        match self.slot {
            Slot::Int(place) => **place = Some(value),
            Slot::Enum(place) if place.is_int() => place.set(WireValue::Int(value)),
            _ => self.other_shape(value),
        }
        Ok(())
    }

    fn visit_u64<E>(self, value: u64) -> Result<(), E> {
        match (&mut *self.slot, i64::try_from(value)) {
            (Slot::Int(place), Ok(value)) => **place = Some(value),
            (Slot::Enum(place), Ok(value)) if place.is_int() => place.set(WireValue::Int(value)),
            _ => self.other_shape(value),
        }
        Ok(())
    }

    fn visit_f64<E>(self, value: f64) -> Result<(), E> {
        match self.slot {
            Slot::Float(place) => **place = Some(value),
            _ => self.other_shape(value),
        }
        Ok(())
    }

    fn visit_str<E>(self, value: &str) -> Result<(), E> {
        match self.slot {
            Slot::String(place) => **place = Some(value.to_owned()),
            Slot::Enum(place) if !place.is_int() => place.set(WireValue::Text(value)),
            _ => self.other_shape(value),
        }
        Ok(())
    }

    fn visit_string<E>(self, value: String) -> Result<(), E> {
        match self.slot {
            Slot::String(place) => **place = Some(value),
            Slot::Enum(place) if !place.is_int() => place.set(WireValue::Text(&value)),
            _ => self.other_shape(value),
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, access: A) -> Result<(), A::Error> {
        if !matches!(self.slot, Slot::List(_)) {
            self.other_shape(Value::deserialize(SeqAccessDeserializer::new(access))?);
            return Ok(());
        }
        let mut items = Items {
            access,
            error: None,
        };
        let result = read_items(self.slot, &mut items, self.reader);
        items.finish(result)
    }

    fn visit_map<A: MapAccess<'de>>(self, access: A) -> Result<(), A::Error> {
        match self.slot {
            Slot::Object(place) => {
                let record = place.insert_empty();
                RecordSeed {
                    record,
                    reader: self.reader,
                }
                .visit_map(access)
            }
            Slot::Map(place) => {
                let members = MapAccessDeserializer::new(access);
                let members = serde_json::Map::<String, Value>::deserialize(members)?;
                let map = place.insert(std::collections::BTreeMap::new());
                for (key, value) in members {
                    let mut text = None;
                    self.reader.read_entry(&key, value, &mut text);
                    map.extend(text.map(|text| (key, text)));
                }
                Ok(())
            }
            _ => {
                self.other_shape(Value::deserialize(MapAccessDeserializer::new(access))?);
                Ok(())
            }
        }
    }
}

impl Reader {
    /// Reads one entry of a `map<string, string>`.
    fn read_entry(&mut self, key: &str, value: Value, text: &mut Option<String>) {
        let expected = "string";
        match value {
            Value::String(value) => *text = Some(value),
            other if scalar::convert(&mut Slot::String(text), &other) => {
                self.report(ReportKind::Converted { expected }, other, Some(key));
            }
            other => self.report(ReportKind::Unreadable { expected }, other, Some(key)),
        }
    }
}

/// A `MapAccess` behind an interface without generics.
struct Members<A, E> {
    access: A,
    error: Option<E>,
}

impl<A, E: serde::de::Error> Members<A, E> {
    fn finish(self, result: Result<(), Stop>) -> Result<(), E> {
        result.map_err(|Stop| self.error.unwrap_or_else(|| E::custom("reading stopped")))
    }
}

impl<'de, A: MapAccess<'de>> ObjectSource for Members<A, A::Error> {
    fn next_key(&mut self, names: &[&str], expected: usize) -> Result<Option<Key>, Stop> {
        let seed = KeySeed { names, expected };
        self.access
            .next_key_seed(seed)
            .map_err(|error| keep(&mut self.error, error))
    }
    fn next_value(&mut self, slot: &mut Slot<'_>, reader: &mut Reader) -> Result<(), Stop> {
        let seed = SlotSeed { slot, reader };
        self.access
            .next_value_seed(seed)
            .map_err(|error| keep(&mut self.error, error))
    }
    fn next_json(&mut self) -> Result<Value, Stop> {
        self.access
            .next_value()
            .map_err(|error| keep(&mut self.error, error))
    }
}

/// A `SeqAccess` behind an interface without generics.
struct Items<A, E> {
    access: A,
    error: Option<E>,
}

impl<A, E: serde::de::Error> Items<A, E> {
    fn finish(self, result: Result<(), Stop>) -> Result<(), E> {
        result.map_err(|Stop| self.error.unwrap_or_else(|| E::custom("reading stopped")))
    }
}

impl<'de, A: SeqAccess<'de>> ListSource for Items<A, A::Error> {
    fn next_item(&mut self, slot: &mut Slot<'_>, reader: &mut Reader) -> Result<bool, Stop> {
        let seed = SlotSeed { slot, reader };
        let item = self.access.next_element_seed(seed);
        item.map(|item| item.is_some())
            .map_err(|error| keep(&mut self.error, error))
    }
}

fn keep<E>(place: &mut Option<E>, error: E) -> Stop {
    *place = Some(error);
    Stop
}

struct KeySeed<'a> {
    names: &'a [&'a str],
    expected: usize,
}

impl<'de> DeserializeSeed<'de> for KeySeed<'_> {
    type Value = Key;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Key, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for KeySeed<'_> {
    type Value = Key;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a member's name")
    }
    fn visit_str<E>(self, key: &str) -> Result<Key, E> {
        Ok(match position(self.names, key, self.expected) {
            Some(index) => Key::Documented(index),
            None => Key::Undocumented(key.to_owned()),
        })
    }
}

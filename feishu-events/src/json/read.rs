//! Reading a record from JSON: tolerant of values in another form, with a report of each.
//!
//! Generic code is generic over the deserializer, never over the type that is read, so that it is
//! compiled once for all types.

use std::fmt;

use serde::Deserialize;
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{DeserializeOwned, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use crate::catalog::event_type::EventType;
use crate::json::open_enum::WireValue;
use crate::json::record::{ListSlot, MapSlot, Record, Slot};
use crate::json::report::{Met, ReportKind};

mod direct;
mod members;
mod of_value;
mod path;
mod reader;
mod sanitize;

use path::Segment;
use sanitize::sanitize;

pub(in crate::json) use direct::read_text as read_directly;
pub(crate) use direct::{read_record, read_value};
use members::RecordSeed;
pub(in crate::json) use of_value::read_by_value;
pub(crate) use reader::Reader;

/// Reads `json` into `record`; differences from the documentation are returned as reports.
///
/// # Errors
/// Text that is not a JSON object, or is nested too deep.
pub(crate) fn read_str(record: &mut dyn Record, json: &str) -> Result<Met, serde_json::Error> {
    match read_directly(record, json) {
        Some(met) => Ok(met),
        // What a first attempt has put into the record, a second puts there again.
        None => read_unusual(record, json),
    }
}

/// Reads what is too deep for the direct reader, or cannot be read as it is; or says what is wrong.
#[cold]
fn read_unusual(record: &mut dyn Record, json: &str) -> Result<Met, serde_json::Error> {
    let event_type = record.def().event;
    read_by_value(record, json).or_else(|error| {
        let ((), met) = read_mended(event_type, json, error, |mended| {
            let met = match read_directly(record, mended) {
                Some(met) => met,
                None => read_by_value(record, mended)?,
            };
            Ok(((), met))
        })?;
        Ok(met)
    })
}

/// As [`read_str`], whatever form the text has, with `serde_json` driving the visitors: what the
/// direct reader is compared with.
#[cfg(test)]
pub(in crate::json) fn read_with_serde(
    record: &mut dyn Record,
    json: &str,
) -> Result<Met, serde_json::Error> {
    let event_type = record.def().event;
    let mut read = |json: &str| {
        let mut reader = Reader::of(record);
        let mut deserializer = serde_json::Deserializer::from_str(json);
        RecordSeed::new(record, &mut reader).deserialize(&mut deserializer)?;
        deserializer.end()?;
        Ok(((), reader.into_met()))
    };
    let ((), met) = read(json).or_else(|error| read_mended(event_type, json, error, read))?;
    Ok(met)
}

/// Reads `json` as any type, with reports of what had to be replaced for that.
///
/// # Errors
/// What serde cannot read as this type.
pub(crate) fn read_any<T: DeserializeOwned>(
    event_type: Option<EventType>,
    json: &str,
) -> Result<(T, Met), serde_json::Error> {
    let read = |json: &str| Ok((serde_json::from_str(json)?, Met::default()));
    read(json).or_else(|error| read_mended(event_type, json, error, read))
}

/// Reads `json` without the values that no type can hold, if it has any; otherwise `error` stands.
fn read_mended<T>(
    event_type: Option<EventType>,
    json: &str,
    error: serde_json::Error,
    read: impl FnOnce(&str) -> Result<(T, Met), serde_json::Error>,
) -> Result<(T, Met), serde_json::Error> {
    let Some(mended) = sanitize(json) else {
        return Err(error);
    };
    // What does not fit all the same did not fit before: the first error is about what came.
    let (value, mut met) = read(&mended.json).map_err(|_| error)?;
    mended.report(event_type, &mut met.reports);
    Ok((value, met))
}

/// The body of every generated `Deserialize`: as when an event is read, without the reports.
///
/// # Errors
/// Those of the deserializer, and input that is not an object.
pub fn deserialize<'de, T, D>(deserializer: D) -> Result<T, D::Error>
where
    T: Record + Default,
    D: Deserializer<'de>,
{
    let mut record = T::default();
    let mut reader = Reader::of(&record);
    RecordSeed::new(&mut record, &mut reader).deserialize(deserializer)?;
    Ok(record)
}

/// As [`deserialize`], for a value that is not a record.
pub(crate) fn read_item<'de, D: Deserializer<'de>>(
    mut slot: Slot<'_>,
    deserializer: D,
) -> Result<(), D::Error> {
    let mut reader = Reader::default();
    let (slot, reader) = (&mut slot, &mut reader);
    SlotSeed { slot, reader }.deserialize(deserializer)
}

fn read_items<'de, A: SeqAccess<'de>>(
    list: &mut dyn ListSlot,
    access: &mut A,
    reader: &mut Reader,
) -> Result<(), A::Error> {
    list.insert_empty();
    let mut index = 0;
    loop {
        let mut item = Ok(None);
        reader.path.push(Segment::Index(index));
        let reports_before = reader.reports.len();
        let filled = list.push(&mut |mut slot| {
            let seed = SlotSeed {
                slot: &mut slot,
                reader: &mut *reader,
            };
            item = access.next_element_seed(seed);
        });
        let more = item?.is_some();
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

/// Reads the members of an object whose keys are data.
fn read_entries<'de, A: MapAccess<'de>>(
    map: &mut dyn MapSlot,
    mut access: A,
    reader: &mut Reader,
) -> Result<(), A::Error> {
    map.insert_empty();
    while let Some(key) = access.next_key::<String>()? {
        let mut read = Ok(());
        reader.path.push_key(&key);
        let reports_before = reader.reports.len();
        let filled = map.entry(&key, &mut |mut slot| {
            let seed = SlotSeed {
                slot: &mut slot,
                reader: &mut *reader,
            };
            read = access.next_value_seed(seed);
        });
        read?;
        if !filled && reader.reports.len() == reports_before {
            let expected = "value";
            reader.report(ReportKind::Unreadable { expected }, Value::Null, None);
        }
        reader.path.pop();
    }
    Ok(())
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
            Slot::Enum(place) if place.is_int() => {
                self.reader.set_enum(*place, WireValue::Int(value));
            }
            _ => self.other_shape(value),
        }
        Ok(())
    }

    fn visit_u64<E>(self, value: u64) -> Result<(), E> {
        match (&mut *self.slot, i64::try_from(value)) {
            (Slot::Int(place), Ok(value)) => **place = Some(value),
            (Slot::Enum(place), Ok(value)) if place.is_int() => {
                self.reader.set_enum(*place, WireValue::Int(value));
            }
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
            Slot::StringOrObject(place) => place.set_string(value.to_owned()),
            Slot::Enum(place) if !place.is_int() => {
                self.reader.set_enum(*place, WireValue::Text(value));
            }
            _ => self.other_shape(value),
        }
        Ok(())
    }

    fn visit_string<E>(self, value: String) -> Result<(), E> {
        match self.slot {
            Slot::String(place) => **place = Some(value),
            Slot::StringOrObject(place) => place.set_string(value),
            Slot::Enum(place) if !place.is_int() => {
                self.reader.set_enum(*place, WireValue::Text(&value));
            }
            _ => self.other_shape(value),
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<(), A::Error> {
        if let Slot::List(list) = self.slot {
            return read_items(*list, &mut access, self.reader);
        }
        self.other_shape(Value::deserialize(SeqAccessDeserializer::new(access))?);
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, access: A) -> Result<(), A::Error> {
        match self.slot {
            Slot::Object(place) => {
                let record = place.insert_empty();
                RecordSeed::new(record, self.reader).visit_map(access)
            }
            Slot::StringOrObject(place) => {
                RecordSeed::new(place.insert_empty(), self.reader).visit_map(access)
            }
            Slot::Map(map) => read_entries(*map, access, self.reader),
            _ => {
                let value = Value::deserialize(MapAccessDeserializer::new(access))?;
                match (&mut *self.slot, &value) {
                    // With serde_json's feature `arbitrary_precision`, which any dependency of the
                    // user's can turn on, this is how a float comes.
                    (Slot::Float(place), Value::Number(number)) if number.is_f64() => {
                        **place = number.as_f64();
                    }
                    _ => self.other_shape(value),
                }
                Ok(())
            }
        }
    }
}

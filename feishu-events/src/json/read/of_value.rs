//! Reading from a [`Value`]: what came in another shape, and text that the direct reader leaves.
//!
//! By hand: to drive the visitors with a [`Value`] compiles all of `serde_json`'s parser again.

use serde::de::Error as _;
use serde_json::{Error, Map, Value};

use super::{Reader, Segment};
use crate::json::open_enum::WireValue;
use crate::json::record::{ListSlot, MapSlot, Record, Slot};
use crate::json::report::{Met, ReportKind, kind_of};

/// Reads `json` into `record`, by way of a [`Value`].
pub(in crate::json) fn read_by_value(record: &mut dyn Record, json: &str) -> Result<Met, Error> {
    let mut reader = Reader::of(record);
    match json.parse()? {
        Value::Object(members) => reader.read_record_of(record, members),
        other => {
            let kind = kind_of(&other);
            let message = format!("invalid type: {kind}, expected an object");
            return Err(Error::custom(message));
        }
    }
    Ok(reader.into_met())
}

impl Reader {
    /// Reads the value into a place.
    pub(super) fn read_value(&mut self, slot: &mut Slot<'_>, value: Value) {
        let int = value.as_i64();
        match (value, &mut *slot, int) {
            (Value::Null, slot, _) => slot.clear(),
            (Value::Bool(value), Slot::Bool(place), _) => **place = Some(value),
            (_, Slot::Int(place), Some(int)) => **place = Some(int),
            (_, Slot::Enum(place), Some(int)) if place.is_int() => {
                self.set_enum(*place, WireValue::Int(int));
            }
            (Value::Number(float), Slot::Float(place), _) if float.is_f64() => {
                **place = float.as_f64();
            }
            (Value::String(text), Slot::String(place), _) => **place = Some(text),
            (Value::String(text), Slot::StringOrObject(place), _) => place.set_string(text),
            (Value::String(text), Slot::Enum(place), _) if !place.is_int() => {
                self.set_enum(*place, WireValue::Text(&text));
            }
            (Value::Array(items), Slot::List(list), _) => self.read_items_of(*list, items),
            (Value::Object(members), Slot::Object(place), _) => {
                self.read_record_of(place.insert_empty(), members);
            }
            (Value::Object(members), Slot::StringOrObject(place), _) => {
                self.read_record_of(place.insert_empty(), members);
            }
            (Value::Object(members), Slot::Map(map), _) => self.read_entries_of(*map, members),
            (value, Slot::Json(place), _) => **place = Some(value),
            (value, slot, _) => self.read_other_shape(slot, value),
        }
    }

    fn read_record_of(&mut self, record: &mut dyn Record, mut members: Map<String, Value>) {
        let names = record.def().fields;
        record.slots(&mut |slots| {
            for (key, value) in std::mem::take(&mut members) {
                let mut fields = names.iter().zip(slots.iter_mut());
                if let Some((name, slot)) = fields.find(|(name, _)| **name == key) {
                    self.path.push(Segment::Name(name));
                    self.read_value(slot, value);
                    self.path.pop();
                } else if !self.is_of_envelope(&key) {
                    self.report(ReportKind::Undocumented, value, Some(&key));
                }
            }
        });
    }

    fn read_items_of(&mut self, list: &mut dyn ListSlot, items: Vec<Value>) {
        list.insert_empty();
        for (index, mut item) in items.into_iter().enumerate() {
            self.path.push(Segment::Index(index));
            let reports_before = self.reports.len();
            let filled = list.push(&mut |mut slot| self.read_value(&mut slot, item.take()));
            if !filled && self.reports.len() == reports_before {
                let expected = "item";
                self.report(ReportKind::Unreadable { expected }, Value::Null, None);
            }
            self.path.pop();
        }
    }

    fn read_entries_of(&mut self, map: &mut dyn MapSlot, members: Map<String, Value>) {
        map.insert_empty();
        for (key, mut value) in members {
            self.path.push_key(&key);
            let reports_before = self.reports.len();
            let filled = map.entry(&key, &mut |mut slot| {
                self.read_value(&mut slot, value.take());
            });
            if !filled && self.reports.len() == reports_before {
                let expected = "value";
                self.report(ReportKind::Unreadable { expected }, Value::Null, None);
            }
            self.path.pop();
        }
    }
}

//! Where a reader stands, what it has met, and how it reads values in another shape.

use serde_json::Value;

use super::path::Path;
use crate::catalog::event_type::EventType;
use crate::catalog::protocol::Protocol;
use crate::json::open_enum::{EnumSlot, WireValue};
use crate::json::record::{Record, Slot};
#[cfg(feature = "drift")]
use crate::json::report::Unlisted;
use crate::json::report::{Met, Report, ReportKind};
use crate::json::scalar;

/// How many values that are not listed are remembered of one event.
#[cfg(feature = "drift")]
const UNLISTED_LIMIT: usize = 256;

/// Where the reader stands, and what it has met.
#[derive(Default)]
pub(crate) struct Reader {
    event_type: Option<EventType>,
    pub(in crate::json::read) path: Path,
    pub(in crate::json::read) reports: Vec<Report>,
    #[cfg(feature = "drift")]
    unlisted: Vec<Unlisted>,
}

impl Reader {
    pub(crate) fn of(record: &dyn Record) -> Self {
        Self {
            event_type: record.def().event,
            ..Self::default()
        }
    }

    pub(crate) fn into_met(self) -> Met {
        Met {
            reports: self.reports,
            #[cfg(feature = "drift")]
            unlisted: self.unlisted,
        }
    }

    /// Puts a value into the place of an enum.
    pub(in crate::json::read) fn set_enum(
        &mut self,
        place: &mut dyn EnumSlot,
        value: WireValue<'_>,
    ) {
        if !place.set(value) {
            self.note_unlisted(value);
        }
    }

    #[cfg(not(feature = "drift"))]
    #[allow(clippy::unused_self)] // `drift` looks at it
    fn note_unlisted(&mut self, _: WireValue<'_>) {}

    #[cfg(feature = "drift")]
    #[cold]
    fn note_unlisted(&mut self, value: WireValue<'_>) {
        if self.unlisted.len() < UNLISTED_LIMIT {
            let text = match value {
                WireValue::Text(text) => Some(text.to_owned()),
                WireValue::Int(_) => None,
            };
            let path = self.path.pointer(None);
            self.unlisted.push(Unlisted { path, text });
        }
    }

    /// Whether `key` of the payload belongs to the envelope: protocol 1.0 has no other place for
    /// these, and they are read into the header.
    pub(in crate::json::read) fn is_of_envelope(&self, key: &str) -> bool {
        let is_v1 = |event_type: EventType| event_type.protocol() == Protocol::V1;
        self.path.is_empty()
            && self.event_type.is_some_and(is_v1)
            && matches!(key, "type" | "app_id" | "tenant_key")
    }

    pub(in crate::json::read) fn report(
        &mut self,
        kind: ReportKind,
        found: Value,
        key: Option<&str>,
    ) {
        self.reports.push(Report {
            event_type: self.event_type,
            path: self.path.pointer(key),
            kind,
            found,
        });
    }

    /// Reads what came in another shape than documented, if it can be read without loss.
    pub(in crate::json::read) fn read_other_shape(&mut self, slot: &mut Slot<'_>, value: Value) {
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
                list.push(&mut |mut item| self.read_value(&mut item, single.clone()))
            }
            (slot @ (Slot::Json(_) | Slot::List(_)), _) => {
                debug_assert!(matches!(slot, Slot::List(_)), "any JSON fits a Json slot");
                false
            }
            (slot, Value::Array(items)) => match items.as_slice() {
                // A list in the list would be copied at each of its levels, and is left out anyway.
                [Value::Null | Value::Array(_)] => false,
                [single] => {
                    let reports_before = self.reports.len();
                    self.read_value(slot, single.clone());
                    self.reports.len() == reports_before
                }
                _ => false,
            },
            _ => false,
        }
    }
}

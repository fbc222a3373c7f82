//! Events with something in every field, of any type.

use std::collections::BTreeMap;

use serde_json::json;

use super::plausible;
use crate::catalog::event_type::EventType;
use crate::event::payload::{Event, Payload};
use crate::json::open_enum::WireValue;
use crate::json::record::{Record, Slot};

/// How deep a sample goes: some documented types contain themselves.
const DEPTH: usize = 12;

/// The payload of an event with something plausible in every field.
///
/// The same type always gives the same sample, and the platform's ids look like its own.
///
/// ```
/// use feishu_events::contact::DepartmentUpdatedV3;
///
/// let event = feishu_events::testing::sample::<DepartmentUpdatedV3>();
/// let department = event.object.unwrap_or_default();
/// assert_eq!(department.name.as_deref(), Some("Ada"));
/// assert!(department.leaders.is_some_and(|leaders| leaders.len() == 1));
/// ```
pub fn sample<P: Payload>() -> P {
    let mut payload = P::default();
    fill(&mut payload, DEPTH);
    payload
}

/// The event of the given type with something plausible in every field; `None` if the feature of
/// its service is off.
pub fn sample_of(event_type: EventType) -> Option<Event> {
    let mut event = Event::empty(event_type)?;
    if let Some(record) = event.record_mut() {
        fill(record, DEPTH);
    }
    Some(event)
}

fn fill(record: &mut dyn Record, depth: usize) {
    let names = record.def().fields;
    record.slots(&mut |slots| {
        for (name, slot) in names.iter().zip(slots) {
            fill_slot(name, slot, depth);
        }
    });
}

fn fill_slot(name: &str, slot: &mut Slot<'_>, depth: usize) {
    match slot {
        Slot::String(place) => **place = Some(plausible::string(name)),
        Slot::Int(place) => **place = Some(plausible::int(name)),
        Slot::Float(place) => **place = Some(1.5),
        Slot::Bool(place) => **place = Some(true),
        Slot::Json(place) => **place = Some(json!({ "key": "value" })),
        Slot::Map(place) => {
            **place = Some(BTreeMap::from([("key".to_owned(), "value".to_owned())]));
        }
        Slot::Enum(place) if place.is_int() => place.set(WireValue::Int(plausible::int(name))),
        Slot::Enum(place) => place.set(WireValue::Text(&plausible::string(name))),
        Slot::Object(_) | Slot::List(_) if depth == 0 => {}
        Slot::Object(place) => fill(place.insert_empty(), depth - 1),
        Slot::List(list) => {
            list.insert_empty();
            list.push(&mut |mut item| fill_slot(name, &mut item, depth - 1));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Envelope;

    /// What is documented as a list of objects must have an object in its sample, and so on: a
    /// sample that is read again is the same, with nothing to report.
    #[test]
    fn the_sample_of_every_event_is_read_without_a_report() {
        let mut samples = 0;
        for event_type in EventType::ALL {
            let Some(event) = sample_of(*event_type) else {
                continue;
            };
            let bytes = super::super::EventRequest::from_sample(*event_type)
                .unwrap()
                .json();
            let envelope = Envelope::from_slice(bytes.as_bytes()).unwrap();
            assert_eq!(envelope.event.event_type(), Some(*event_type));
            assert!(envelope.reports.is_empty(), "{:?}", envelope.reports);
            // In protocol 1.0 the payload has the event's name in it.
            if event_type.protocol() == crate::Protocol::V2 {
                assert_eq!(envelope.event, event);
            }
            samples += 1;
        }
        let services = cfg!(feature = "all-services");
        assert!(!services || samples == EventType::ALL.len());
    }
}

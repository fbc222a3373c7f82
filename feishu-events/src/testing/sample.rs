//! Samples: events of any type with a value in every field.

use super::new_id::new_id;
use super::plausible;
use crate::catalog::event_type::EventType;
use crate::delivery::remembered_by;
use crate::event::payload::{Event, Payload};
use crate::json::open_enum::{EnumSlot, WireValue};
use crate::json::record::{Record, Slot};

/// How deep a sample is nested at most: some documented types contain themselves.
const DEPTH: usize = 12;

/// The payload of an event with a plausible value in every field.
///
/// Ids have the form of the platform's, and enums have a documented value. The same type always gives
/// the same sample, except for the id by which the event is
/// [remembered](crate::DedupeStore#what-an-event-is-remembered-by): each sample of
/// `im.message.receive_v1` is a new message.
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
    fill(&mut payload, IdField::of(P::EVENT_TYPE, &new_id()), DEPTH);
    payload
}

/// The event of the given type with a plausible value in every field; `None` if the feature of its
/// service is off.
pub fn sample_of(event_type: EventType) -> Option<Event> {
    sample_with_id(event_type, &new_id())
}

/// As [`sample_of`], with `id` in the field that identifies the event for deduplication.
pub(super) fn sample_with_id(event_type: EventType, id: &str) -> Option<Event> {
    let mut event = Event::empty(event_type)?;
    if let Some(record) = event.record_mut() {
        fill(record, IdField::of(event_type, id), DEPTH);
    }
    Some(event)
}

/// The field that identifies an event for deduplication, as a path from an object in its payload, and
/// the id to put there.
#[derive(Clone, Copy)]
struct IdField<'a> {
    path: &'a [&'a str],
    id: &'a str,
}

impl<'a> IdField<'a> {
    fn of(event_type: EventType, id: &'a str) -> Self {
        let path = remembered_by(event_type.as_str()).unwrap_or_default();
        Self { path, id }
    }

    /// The same field, as a path from the object in the field `name`; `None` if it is not in there.
    fn within(self, name: &str) -> Option<Self> {
        let (first, path) = self.path.split_first()?;
        (*first == name).then_some(Self { path, ..self })
    }
}

const ELSEWHERE: IdField<'static> = IdField { path: &[], id: "" };

fn fill(record: &mut dyn Record, id_field: IdField<'_>, depth: usize) {
    let names = record.def().fields;
    record.slots(&mut |slots| {
        for (name, slot) in names.iter().zip(slots) {
            match (slot, id_field.within(name)) {
                (Slot::String(place), Some(IdField { path: [], id })) => {
                    **place = Some(plausible::made_of(name, id));
                }
                (Slot::Object(place), Some(id_field)) if depth > 0 => {
                    fill(place.insert_empty(), id_field, depth - 1);
                }
                (slot, _) => fill_slot(name, slot, depth),
            }
        }
    });
}

fn fill_slot(name: &str, slot: &mut Slot<'_>, depth: usize) {
    match slot {
        Slot::String(place) => **place = Some(plausible::string(name)),
        Slot::Int(place) => **place = Some(plausible::int(name)),
        Slot::Float(place) => **place = Some(1.5),
        Slot::Bool(place) => **place = Some(true),
        Slot::Json(place) => **place = Some(plausible::json(name)),
        Slot::StringOrObject(place) => fill(place.insert_empty(), ELSEWHERE, depth),
        Slot::Enum(place) => fill_enum(name, *place),
        Slot::Object(_) | Slot::List(_) | Slot::Map(_) if depth == 0 => {}
        Slot::Map(map) => {
            map.insert_empty();
            map.entry("key", &mut |mut value| {
                fill_slot(name, &mut value, depth - 1);
            });
        }
        Slot::Object(place) => fill(place.insert_empty(), ELSEWHERE, depth - 1),
        Slot::List(list) => {
            list.insert_empty();
            list.push(&mut |mut item| fill_slot(name, &mut item, depth - 1));
        }
    }
}

/// Sets a documented value: the plausible one if it is documented, else the first.
fn fill_enum(name: &str, place: &mut dyn EnumSlot) {
    let text = plausible::string(name);
    let plausible = if place.is_int() {
        WireValue::Int(plausible::int(name))
    } else {
        WireValue::Text(&text)
    };
    let documented = place.documented();
    let value = match documented.first() {
        Some(first) if !documented.contains(&plausible) => *first,
        _ => plausible,
    };
    place.set(value);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Envelope;
    use crate::json::record::View;

    /// A sample that is serialized and read again is the same, without reports.
    #[test]
    fn the_sample_of_every_event_is_read_without_a_report() {
        let mut samples = 0;
        for event_type in EventType::ALL {
            let Some(event) = sample_of(*event_type) else {
                continue;
            };
            let request = super::super::EventRequest::from_sample(*event_type).unwrap();
            let bytes = request.event_id("5e37").json();
            let event = sample_with_id(event.event_type().unwrap(), "5e37").unwrap();
            samples += 1;
            if event_type.as_str() == crate::callback::OLD_CARD {
                // It has no envelope.
                let payload = serde_json::to_value(&event).unwrap();
                assert_eq!(bytes, payload.to_string());
                continue;
            }
            let envelope = Envelope::from_slice(bytes.as_bytes()).unwrap();
            assert_eq!(envelope.event.event_type(), Some(*event_type));
            assert!(envelope.reports.is_empty(), "{:?}", envelope.reports);
            // In protocol 1.0 the payload has the event's name in it.
            if event_type.protocol() == crate::Protocol::V2 {
                assert_eq!(envelope.event, event);
            }
        }
        let services = cfg!(feature = "all-services");
        assert!(!services || samples == EventType::ALL.len());
    }

    /// The enums in a value that are `Unknown`.
    fn unknown_values(view: View<'_>, path: &str, found: &mut Vec<String>) {
        match view {
            View::Enum(value) if format!("{value:?}").starts_with("Unknown") => {
                found.push(format!("{path}: {value:?}"));
            }
            View::Object(record) => record.views(&mut |views| {
                for (name, view) in record.def().fields.iter().zip(views) {
                    unknown_values(*view, &format!("{path}.{name}"), found);
                }
            }),
            View::List(list) => {
                for index in 0..list.len() {
                    unknown_values(list.item(index), &format!("{path}.{index}"), found);
                }
            }
            _ => {}
        }
    }

    #[test]
    fn every_enum_in_a_sample_has_a_documented_value() {
        let mut unknown = Vec::new();
        for event_type in EventType::ALL {
            if let Some(mut event) = sample_of(*event_type)
                && let Some(record) = event.record_mut()
            {
                unknown_values(View::Object(record), event_type.as_str(), &mut unknown);
            }
        }
        assert!(unknown.is_empty(), "{unknown:#?}");
    }
}

//! Why a field is `None`.

use std::fmt;

use serde_json::Value;

use crate::catalog::event_type::{EventType, FieldScopes};
use crate::event::envelope::Envelope;
use crate::event::payload::Event;
use crate::json::record::{Record, Slot};
use crate::json::report::{Report, ReportKind};

/// Why a field of an event is present or absent.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Explanation {
    /// The field is present.
    Present,
    /// It arrived in a form that cannot be read as the documented type.
    Unreadable(Box<Report>),
    /// The field, or an object that contains it, is sent only to apps with certain scopes: for each
    /// entry, any one of its scopes.
    NeedsScopes(Vec<FieldScopes>),
    /// The platform left the field out or sent null, and no scope is documented for it or for an
    /// object that contains it.
    Absent,
    /// It is not documented.
    Undocumented,
    /// The event has no type in this crate, so nothing is known about its fields.
    UnknownEvent,
}

impl Envelope {
    /// Why the field at `pointer`, a JSON pointer into the payload as received, is `None`. `-` in place
    /// of an index stands for all items of a list: the field is present if any item has it.
    ///
    /// ```
    /// use feishu_events::{Envelope, Explanation};
    ///
    /// let envelope = Envelope::from_slice(br#"{
    ///     "schema": "2.0",
    ///     "header": { "event_type": "contact.department.updated_v3" },
    ///     "event": { "object": { "name": { "en": "Keepers" } } }
    /// }"#)?;
    /// let why = envelope.explain("/object/leader_user_id");
    /// assert!(matches!(why, Explanation::NeedsScopes(_)));
    /// assert!(why.to_string().contains("contact:department.base:readonly"));
    /// assert!(matches!(envelope.explain("/object/name"), Explanation::Unreadable(_)));
    /// assert_eq!(envelope.explain("/object/colour"), Explanation::Undocumented);
    /// # Ok::<(), feishu_events::EnvelopeError>(())
    /// ```
    #[cfg_attr(not(debug_assertions), inline)]
    pub fn explain(&self, pointer: &str) -> Explanation {
        let Some(event_type) = self.event.event_type() else {
            return Explanation::UnknownEvent;
        };
        let json = serde_json::to_value(&self.event).unwrap_or_default();
        let is_left_out = |report: &&Report| matches!(report.kind, ReportKind::Unreadable { .. });
        let left_out: Vec<&Report> = self.reports.iter().filter(is_left_out).collect();
        let segments: Vec<&str> = pointer.split('/').collect();
        let is_pointer = segments[0].is_empty();
        if is_pointer && is_there(&json, "", &segments[1..], &left_out) {
            return Explanation::Present;
        }
        let report = left_out.iter().find(|report| {
            let outer: Vec<&str> = report.path.split('/').skip(1).collect();
            is_pointer && covers(&outer, &segments[1..])
        });
        match report {
            Some(report) => Explanation::Unreadable(Box::new((*report).clone())),
            None => event_type.explain(pointer),
        }
    }
}

/// Whether `value`, received at `path`, has a value other than null at `segments`. `left_out` are the
/// reports of list items that could not be read, and that `value` therefore lacks.
fn is_there(value: &Value, path: &str, segments: &[&str], left_out: &[&Report]) -> bool {
    let [segment, rest @ ..] = segments else {
        return !value.is_null();
    };
    match value {
        Value::Array(items) => {
            let is_out = |index: &usize| {
                let item = format!("{path}/{index}");
                left_out.iter().any(|report| report.path == item)
            };
            // The indices of the items in the list as received.
            let came = (0..).filter(|index| !is_out(index)).zip(items);
            came.into_iter()
                .filter(|(index, _)| *segment == "-" || *segment == index.to_string())
                .any(|(index, item)| is_there(item, &format!("{path}/{index}"), rest, left_out))
        }
        Value::Object(members) => {
            let name = segment.replace("~1", "/").replace("~0", "~");
            let member = members.get(&name);
            member.is_some_and(|it| is_there(it, &format!("{path}/{segment}"), rest, left_out))
        }
        _ => false,
    }
}

/// Whether `outer`, the path of a report, is `inner` or contains it.
fn covers(outer: &[&str], inner: &[&str]) -> bool {
    let is_item = |segment: &str| segment == "-" || segment.parse::<usize>().is_ok();
    match (outer, inner) {
        ([], _) => true,
        ([one, outer @ ..], [other, inner @ ..]) if one == other => covers(outer, inner),
        ([one, outer @ ..], ["-", inner @ ..]) if is_item(one) => covers(outer, inner),
        // A single value arrived where a list is documented: the report's path has no index for it.
        ([one, ..], [other, inner @ ..]) if !is_item(one) && matches!(*other, "-" | "0") => {
            covers(outer, inner)
        }
        _ => false,
    }
}

impl EventType {
    /// Why the field at `pointer` can be absent, according to the documentation. In the pointer, list
    /// items are `-` or an index.
    #[cfg_attr(not(debug_assertions), inline)]
    pub fn explain(self, pointer: &str) -> Explanation {
        let Some(mut event) = Event::empty(self) else {
            return Explanation::UnknownEvent;
        };
        let segments: Vec<&str> = pointer.split('/').skip(1).collect();
        let is_pointer = pointer.is_empty() || pointer.starts_with('/');
        let documented = is_pointer
            && event
                .record_mut()
                .is_some_and(|record| is_documented(record, &segments));
        if !documented {
            return Explanation::Undocumented;
        }
        let general: String = segments
            .iter()
            .map(|segment| match segment.parse::<usize>() {
                Ok(_) => "/-".to_owned(),
                Err(_) => format!("/{segment}"),
            })
            .collect();
        let scopes = self.field_scopes().iter();
        let scopes: Vec<FieldScopes> = scopes
            .filter(|field| holds(field.path, &general))
            .copied()
            .collect();
        if scopes.is_empty() {
            Explanation::Absent
        } else {
            Explanation::NeedsScopes(scopes)
        }
    }
}

/// Whether `inner` is `outer` or lies inside it.
fn holds(outer: &str, inner: &str) -> bool {
    let rest = inner.strip_prefix(outer);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Whether the path `segments` is documented. `record` is an empty payload that lists the fields.
fn is_documented(record: &mut dyn Record, segments: &[&str]) -> bool {
    let [name, rest @ ..] = segments else {
        return true;
    };
    let name = name.replace("~1", "/").replace("~0", "~");
    let Some(index) = record.def().fields.iter().position(|field| *field == name) else {
        return false;
    };
    let mut known = false;
    record.slots(&mut |slots| known = is_inside(&mut slots[index], rest));
    known
}

fn is_inside(slot: &mut Slot<'_>, segments: &[&str]) -> bool {
    match slot {
        _ if segments.is_empty() => true,
        Slot::Object(place) => is_documented(place.insert_empty(), segments),
        Slot::StringOrObject(place) => is_documented(place.insert_empty(), segments),
        Slot::List(list) => {
            let is_item = segments[0] == "-" || segments[0].parse::<usize>().is_ok();
            let mut known = false;
            list.insert_empty();
            list.push(&mut |mut item| known = is_inside(&mut item, &segments[1..]));
            is_item && known
        }
        // The documentation leaves open what is inside.
        Slot::Json(_) => true,
        Slot::Map(map) => {
            let mut known = false;
            map.entry(segments[0], &mut |mut value| {
                known = is_inside(&mut value, &segments[1..]);
            });
            known
        }
        _ => false,
    }
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Present => f.write_str("it is present"),
            Self::Unreadable(report) => report.fmt(f),
            Self::Absent => {
                f.write_str("no scope is documented for it; the platform sent no value")
            }
            Self::Undocumented => f.write_str("it is not documented"),
            Self::UnknownEvent => f.write_str("nothing is known about this event"),
            Self::NeedsScopes(fields) => {
                for (index, field) in fields.iter().enumerate() {
                    let separator = if index == 0 { "" } else { "; " };
                    let names: Vec<&str> = field.any_of.iter().map(|scope| scope.name).collect();
                    let (path, names) = (field.path, names.join(", "));
                    write!(f, "{separator}`{path}` needs any one of the scopes {names}")?;
                }
                Ok(())
            }
        }
    }
}

#[cfg(all(test, feature = "all-services"))]
mod tests {
    use super::*;

    #[test]
    fn a_field_inside_a_list_is_found_by_index_or_dash() {
        let explain = |pointer| EventType::ContactDepartmentUpdatedV3.explain(pointer);
        assert_eq!(explain("/object/open_department_id"), Explanation::Absent);
        for pointer in ["/object/leaders/-/leaderID", "/object/leaders/3/leaderID"] {
            let Explanation::NeedsScopes(fields) = explain(pointer) else {
                panic!("{pointer}")
            };
            let paths: Vec<&str> = fields.iter().map(|field| field.path).collect();
            assert_eq!(paths, ["/object/leaders/-/leaderID"]);
        }
        for pointer in ["/object/leaders/leaderID", "/object/name/x", "/objects"] {
            assert_eq!(explain(pointer), Explanation::Undocumented, "{pointer}");
        }
    }

    #[test]
    fn every_field_with_scopes_is_documented() {
        for event_type in EventType::ALL {
            for field in event_type.field_scopes() {
                let why = event_type.explain(field.path);
                assert!(
                    matches!(why, Explanation::NeedsScopes(_)),
                    "{event_type} {}",
                    field.path
                );
            }
        }
    }
}

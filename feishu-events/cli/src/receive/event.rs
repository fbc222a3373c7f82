//! An event as it is printed, passed on and kept.

use feishu_events::{Delivery, Event, EventType, Header, RawEvent, Report, ReportKind};
use serde_json::{Value, json};

/// An event on its way to where it goes.
pub(crate) struct Arrived {
    pub(crate) header: Header,
    /// Its JSON, in one line, without the verification token.
    pub(crate) json: String,
    /// Whether it may have been delivered before.
    pub(crate) is_repetition: bool,
}

/// What is known of an event beside its JSON.
pub(crate) struct Typed<'a> {
    pub(crate) event: &'a Event,
    pub(crate) reports: &'a [Report],
}

impl Arrived {
    pub(crate) fn new(
        mut event: RawEvent,
        delivery: &Delivery,
        typed: Option<&Typed<'_>>,
    ) -> Result<Self, serde_json::Error> {
        // It proves that a request is the platform's, and has been checked.
        event.header.token = None;
        let json = serde_json::to_string(&event)?;
        let mut json = one_line(json);
        if let Some(typed) = typed {
            add(&mut json, &typed.json());
        }
        Ok(Self {
            header: event.header,
            json,
            is_repetition: delivery.is_repetition(),
        })
    }

    /// The event's name and id, for messages.
    pub(crate) fn shown(&self) -> String {
        let id = self.header.event_id.as_deref().unwrap_or("without an id");
        format!("{} (event {id})", self.header.event_type)
    }
}

impl Typed<'_> {
    fn json(&self) -> Value {
        let known = self.event.event_type();
        let reports: Vec<Value> = self.reports.iter().map(disagreement).collect();
        json!({
            "known": known.is_some(),
            "document": known.and_then(EventType::document),
            "disagreements": reports,
        })
    }
}

fn disagreement(report: &Report) -> Value {
    let (kind, documented) = match report.kind {
        ReportKind::Converted { expected, .. } => ("converted", Some(expected)),
        ReportKind::Unreadable { expected, .. } => ("unreadable", Some(expected)),
        ReportKind::Undocumented => ("undocumented", None),
        ReportKind::Replaced => ("replaced", None),
        _ => ("other", None),
    };
    json!({
        "path": report.path,
        "kind": kind,
        "documented": documented,
        "found": report.found,
        "message": report.to_string(),
    })
}

/// Adds the member `typed` to the JSON of an object.
fn add(json: &mut String, typed: &Value) {
    if json.ends_with('}') {
        json.pop();
        json.push_str(",\"typed\":");
        json.push_str(&typed.to_string());
        json.push('}');
    }
}

/// JSON without line breaks: those that it has are between its values, since strings have them escaped.
fn one_line(json: String) -> String {
    if json.contains(['\n', '\r']) {
        json.replace(['\n', '\r'], "")
    } else {
        json
    }
}

#[cfg(test)]
mod tests {
    use feishu_events::Envelope;

    use super::*;

    #[test]
    fn a_pretty_event_becomes_one_line_with_the_same_values() {
        let pretty = "{\r\n  \"a\": [1,\n 2.50e3],\n \"b\": \"x\\n y\"\n}";
        let line = one_line(pretty.to_owned());
        assert!(!line.contains('\n') && !line.contains('\r'));
        let value = |text: &str| serde_json::from_str::<Value>(text).unwrap();
        assert_eq!(value(&line), value(pretty));
        assert!(line.contains("2.50e3"));
    }

    #[test]
    fn disagreements_stand_in_a_member_of_the_event() {
        let envelope = Envelope::from_slice(
            br#"{"schema":"2.0","header":{"event_type":"contact.department.updated_v3"},
                "event":{"object":{"order":"100","colour":"red"}}}"#,
        )
        .unwrap();
        let typed = Typed {
            event: &envelope.event,
            reports: &envelope.reports,
        };
        let mut json = r#"{"event":{}}"#.to_owned();
        add(&mut json, &typed.json());
        let json: Value = serde_json::from_str(&json).unwrap();
        let found = json["typed"]["disagreements"].as_array().unwrap();
        let kinds: Vec<&Value> = found.iter().map(|it| &it["kind"]).collect();
        assert_eq!(kinds, ["converted", "undocumented"]);
        assert_eq!(found[0]["documented"], "int");
        assert_eq!(json["typed"]["known"], true);
    }
}

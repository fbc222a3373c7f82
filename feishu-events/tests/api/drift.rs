//! Events that are not as documented are read all the same, and nothing is lost silently.

#![allow(clippy::unwrap_used)] // a failed test says where

use feishu_events::{Envelope, Event, Report, ReportKind, contact, vc};
use serde_json::{Value, json};

fn read(event_type: &str, payload: &Value) -> Envelope {
    let envelope = json!({
        "schema": "2.0",
        "header": { "event_id": "5e37", "event_type": event_type },
        "event": payload,
    });
    Envelope::from_slice(envelope.to_string().as_bytes()).unwrap()
}

fn department(payload: &Value) -> (contact::DepartmentEvent, Vec<Report>) {
    let envelope = read(
        "contact.department.created_v3",
        &json!({ "object": payload }),
    );
    let Event::ContactDepartmentCreatedV3(created) = envelope.event else {
        panic!()
    };
    (created.object.unwrap(), envelope.reports)
}

#[test]
fn a_value_in_another_form_is_converted_if_nothing_is_lost() {
    let (department, reports) = department(&json!({
        "order": "100",
        "name": 7,
        "status": { "is_deleted": "true" },
        "leaders": { "leaderType": 1.0 },
        "leader_user_id": ["ou_1"],
    }));
    assert_eq!(department.order, Some(100));
    assert_eq!(department.name.as_deref(), Some("7"));
    assert_eq!(department.status.unwrap().is_deleted, Some(true));
    let leaders = department.leaders.unwrap();
    assert_eq!(leaders[0].leader_type, Some(contact::LeaderType::Primary));
    assert_eq!(department.leader_user_id.as_deref(), Some("ou_1"));
    let found: Vec<&str> = reports.iter().map(|report| report.path.as_str()).collect();
    assert_eq!(
        found,
        [
            "/object/leader_user_id",
            // The pointer goes into what came, which was not a list.
            "/object/leaders/leaderType",
            "/object/leaders",
            "/object/name",
            "/object/order",
            "/object/status/is_deleted",
        ]
    );
    assert!(
        reports
            .iter()
            .all(|report| matches!(report.kind, ReportKind::Converted { .. }))
    );
}

#[test]
fn a_value_that_cannot_be_read_costs_its_field_only() {
    let (department, reports) = department(&json!({
        "order": "first",
        "name": { "en": "Keepers" },
        "status": 3,
        "leaders": [{ "leaderType": [] }, 5, { "leaderID": "ou_1" }],
        "chat_id": "oc_1",
    }));
    assert_eq!((department.order, department.name), (None, None));
    assert_eq!(department.status, None);
    assert_eq!(department.chat_id.as_deref(), Some("oc_1"));
    let leaders = department.leaders.unwrap();
    assert_eq!(leaders.len(), 2);
    assert_eq!(leaders[1].leader_id.as_deref(), Some("ou_1"));
    let texts: Vec<String> = reports.iter().map(ToString::to_string).collect();
    assert_eq!(
        texts,
        [
            "`/object/leaders/0/leaderType` arrived as list, documented as int; left out",
            "`/object/leaders/1` arrived as int, documented as object; left out",
            "`/object/name` arrived as object, documented as string; left out",
            "`/object/order` arrived as string, documented as int; left out",
            "`/object/status` arrived as int, documented as object; left out",
        ]
    );
    assert_eq!(reports[2].found, json!({ "en": "Keepers" }));
}

#[test]
fn what_is_not_documented_is_reported_with_its_value() {
    let (_, reports) = department(&json!({ "name": "Keepers", "colour/~": { "red": 1 } }));
    assert_eq!(reports.len(), 1);
    assert_eq!(reports[0].path, "/object/colour~1~0");
    assert_eq!(reports[0].kind, ReportKind::Undocumented);
    assert_eq!(reports[0].found, json!({ "red": 1 }));
}

#[test]
fn null_and_absent_are_none_without_a_word() {
    let (department, reports) =
        department(&json!({ "name": null, "leaders": null, "status": null }));
    assert_eq!(department, contact::DepartmentEvent::default());
    assert!(reports.is_empty());
}

#[test]
fn of_a_repeated_member_the_last_one_counts() {
    let json = r#"{ "name": "a", "leaders": [{ "leaderID": "x" }], "name": "b", "leaders": [] }"#;
    let department: contact::DepartmentEvent = serde_json::from_str(json).unwrap();
    assert_eq!(department.name.as_deref(), Some("b"));
    assert_eq!(department.leaders.as_deref(), Some(&[][..]));
}

#[test]
fn an_event_and_its_json_are_the_same() {
    let payload = json!({
        "meeting": { "id": "1", "topic": "Lamps", "host_user": { "id": { "open_id": "ou_1" } } },
        "operator": { "id": { "union_id": "on_1" }, "user_role": 1 },
    });
    let envelope = read("vc.meeting.meeting_started_v1", &payload);
    assert!(envelope.reports.is_empty(), "{:?}", envelope.reports);
    let json = serde_json::to_value(&envelope).unwrap();
    assert_eq!(json["event"], payload);
    assert_eq!(
        Envelope::from_slice(json.to_string().as_bytes()).unwrap(),
        envelope
    );
    let Event::VcMeetingMeetingStartedV1(started) = envelope.event else {
        panic!()
    };
    let again: vc::MeetingMeetingStartedV1 = serde_json::from_value(payload).unwrap();
    assert_eq!(*started, again);
}

#[test]
fn an_unknown_event_keeps_its_name_and_its_json() {
    let envelope = read("acme.thing.done_v1", &json!({ "a": [1, 2.50] }));
    let Event::Unknown(unknown) = &envelope.event else {
        panic!()
    };
    assert_eq!(unknown.event_type, "acme.thing.done_v1");
    assert_eq!(unknown.payload.get(), r#"{"a":[1,2.5]}"#);
    assert_eq!(envelope.event.event_type(), None);
    assert_eq!(
        serde_json::to_value(&envelope).unwrap()["event"],
        json!({ "a": [1, 2.50] })
    );
}

#[test]
fn debug_shows_what_is_there() {
    let (department, _) =
        department(&json!({ "name": "Keepers", "leaders": [{ "leaderType": 1 }] }));
    assert_eq!(
        format!("{department:?}"),
        r#"DepartmentEvent { name: "Keepers", leaders: [DepartmentLeader { leaderType: Primary, .. }], .. }"#
    );
}

/// A name that was cut off in the middle of an emoji, and a number that nothing can hold.
#[test]
fn what_no_rust_type_can_hold_costs_no_event() {
    let json = r#"{ "schema": "2.0",
        "header": { "event_id": "5e37", "event_type": "contact.department.created_v3" },
        "event": { "object": { "name": "Keepers \ud83d", "order": 1e400, "colour": "\udc00",
            "open_department_id": "od_1", "status": { "is_deleted": true } } } }"#;
    let envelope = Envelope::from_slice(json.as_bytes()).unwrap();
    let Event::ContactDepartmentCreatedV3(created) = envelope.event else {
        panic!()
    };
    let department = created.object.unwrap();
    assert_eq!(department.name.as_deref(), Some("Keepers \u{fffd}"));
    assert_eq!(department.order, None);
    assert_eq!(department.open_department_id.as_deref(), Some("od_1"));
    assert_eq!(department.status.unwrap().is_deleted, Some(true));
    let mut shown: Vec<String> = envelope.reports.iter().map(Report::to_string).collect();
    shown.sort();
    assert_eq!(
        shown,
        [
            "`/object/colour` is not documented",
            "`/object/name` contains a lone surrogate or an out-of-range number; replaced",
            "`/object/order` arrived as string, documented as int; left out",
        ]
    );
    let order = envelope
        .reports
        .iter()
        .find(|report| report.path == "/object/order");
    assert_eq!(order.unwrap().found, "1e400");
}

/// The header goes the same way, and is as tolerant.
#[test]
fn half_a_character_in_the_header_costs_no_event() {
    let json = r#"{ "schema": "2.0", "header": { "event_type": "contact.department.created_v3",
        "token": "a\ud83d", "tenant_key": "b\ud83d" }, "event": {} }"#;
    let header = Envelope::from_slice(json.as_bytes()).unwrap().header;
    assert_eq!(header.tenant_key.as_deref(), Some("b\u{fffd}"));
    assert_ne!(
        header.token.as_deref(),
        Some("a\u{fffd}"),
        "no token that can be guessed"
    );
}

#[test]
fn a_payload_that_is_nested_too_deep_says_where() {
    let deep = "[".repeat(200) + &"]".repeat(200);
    let json = format!(
        r#"{{ "schema": "2.0", "header": {{ "event_type": "contact.department.created_v3" }},
            "event": {{ "colour": {deep} }} }}"#
    );
    let error = Envelope::from_slice(json.as_bytes()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the payload of `contact.department.created_v3` cannot be read into its type, at line 1, \
         column 139 of it"
    );
}

#[test]
fn a_number_with_a_fraction_is_read_to_its_last_digit() {
    let number = "106.36118973127151";
    let json = format!(
        r#"{{ "schema": "2.0", "header": {{ "event_type": "attendance.user_flow.created_v1" }},
            "event": {{ "longitude": {number} }} }}"#
    );
    let envelope = Envelope::from_slice(json.as_bytes()).unwrap();
    // Also with `--features serde_json/arbitrary_precision`, which makes a map of such a number.
    assert_eq!(envelope.reports, []);
    let Event::AttendanceUserFlowCreatedV1(flow) = envelope.event else {
        panic!()
    };
    assert_eq!(flow.longitude, number.parse().ok());
}

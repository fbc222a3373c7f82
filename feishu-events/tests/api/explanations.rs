//! `explain` says nothing that is false: for each documented field and each way in which it can come,
//! the answer is what the schema says of it.

use std::path::Path;

use feishu_events::{Envelope, EventType, Explanation, ReportKind};
use feishu_events_gen::internals::Sources;
use feishu_events_gen::internals::schema::{EventSchema, Protocol, Row, RowPath, row_paths};
use serde_json::{Value, json};

use crate::row_scopes::is_list;

/// The ways in which a field can come.
const STATES: [&str; 7] = [
    "absent",
    "null",
    "text",
    "number",
    "empty text",
    "empty list",
    "empty object",
];

fn value(state: &str) -> Option<Value> {
    Some(match state {
        "null" => Value::Null,
        "text" => json!("x"),
        "number" => json!(7),
        "empty text" => json!(""),
        "empty list" => json!([]),
        "empty object" => json!({}),
        _ => return None,
    })
}

fn read(schema: &EventSchema, payload: Value) -> Envelope {
    let mut payload = payload;
    let envelope = if schema.protocol == Protocol::V1 {
        payload["type"] = schema.event_type.as_str().into();
        json!({ "type": "event_callback", "event": payload })
    } else {
        let header = json!({ "event_type": schema.event_type });
        json!({ "schema": "2.0", "header": header, "event": payload })
    };
    Envelope::from_slice(envelope.to_string().as_bytes()).expect("an envelope")
}

/// A payload with everything that the row stands in, and the row in a state; pointers to it.
fn payload(path: &RowPath<'_>, state: &str) -> (Value, String, String) {
    let name = path.row.name.replace('~', "~0").replace('/', "~1");
    let (mut first, mut all) = (format!("/{name}"), format!("/{name}"));
    let mut payload = match value(state) {
        Some(value) => json!({ &path.row.name: value }),
        None => json!({}),
    };
    for row in path.outer[1..].iter().rev() {
        let (mut one, mut any) = (format!("/{}", row.name), format!("/{}", row.name));
        if is_list(row) {
            payload = json!([payload]);
            one += "/0";
            any += "/-";
        }
        payload = json!({ &row.name: payload });
        first = one + &first;
        all = any + &all;
    }
    (payload, first, all)
}

/// The scopes of the row and of all that it stands in.
fn scopes<'a>(path: &'a RowPath<'_>) -> Vec<&'a [String]> {
    let rows = path.outer.iter().copied().chain([path.row]);
    let scopes = rows.map(|row: &Row| row.scopes.as_slice());
    scopes.filter(|scopes| !scopes.is_empty()).collect()
}

#[test]
fn the_answer_fits_the_schema_in_whatever_way_a_field_comes() {
    let schemas = Path::new(env!("CARGO_MANIFEST_DIR")).join("../schemas");
    let sources = Sources::load(&schemas).expect("the schemas of the repository");
    let (mut asked, mut wrong) = (0, Vec::new());
    for file in sources.schemas.iter() {
        let schema = &file.schema;
        for path in row_paths(&schema.fields) {
            let is_inside = path
                .outer
                .first()
                .is_some_and(|event| event.name == "event");
            // Without `type` nobody knows of which event of protocol 1.0 a payload is.
            let names_event = schema.protocol == Protocol::V1 && path.row.name == "type";
            if !is_inside || (names_event && path.outer.len() == 1) {
                continue;
            }
            for state in STATES {
                let (payload, first, all) = payload(&path, state);
                let envelope = read(schema, payload);
                for pointer in [first, all] {
                    asked += 1;
                    let why = envelope.explain(&pointer);
                    if let Err(problem) = fits(&why, &envelope, &path, state) {
                        let name = &schema.event_type;
                        wrong.push(format!("{name} {pointer}, {state}: {problem}: {why}"));
                    }
                }
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {asked} are false:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    assert!(asked > 40_000, "{asked}");
}

fn fits(
    why: &Explanation,
    envelope: &Envelope,
    path: &RowPath<'_>,
    state: &str,
) -> Result<(), String> {
    let sent = !matches!(state, "absent" | "null");
    let unreadable = envelope
        .reports
        .iter()
        .find(|report| matches!(report.kind, ReportKind::Unreadable { .. }));
    let is_right = match (why, unreadable) {
        // It did not come: its scopes are the reason, or there are none.
        (Explanation::NeedsScopes(fields), None) if !sent => {
            let said: Vec<Vec<&str>> = fields
                .iter()
                .map(|field| field.any_of.iter().map(|scope| scope.name).collect())
                .collect();
            said == scopes(path)
        }
        (Explanation::Absent, None) if !sent => scopes(path).is_empty(),
        (Explanation::Present, None) if sent => true,
        (Explanation::Unreadable(said), Some(report)) => **said == *report,
        _ => false,
    };
    let problem = || {
        format!(
            "{} reports, scopes {:?}",
            envelope.reports.len(),
            scopes(path)
        )
    };
    if is_right { Ok(()) } else { Err(problem()) }
}

#[test]
fn items_are_counted_as_they_came() {
    let leaders =
        json!([{ "leaderType": [] }, 5, { "leaderID": "ou_1" }, null, { "leaderType": 1 }]);
    let envelope = json!({ "schema": "2.0", "header": { "event_type": "contact.department.updated_v3" },
        "event": { "object": { "leaders": leaders } } });
    let envelope = Envelope::from_slice(envelope.to_string().as_bytes()).expect("an envelope");
    let explain = |place: &str| envelope.explain(&format!("/object/leaders{place}"));
    for place in [
        "",
        "/-",
        "/0",
        "/2",
        "/2/leaderID",
        "/-/leaderID",
        "/4/leaderType",
        "/-/leaderType",
    ] {
        assert_eq!(explain(place), Explanation::Present, "{place}");
    }
    for place in ["/1", "/1/leaderID", "/3", "/0/leaderType"] {
        assert!(
            matches!(explain(place), Explanation::Unreadable(_)),
            "{place}"
        );
    }
    for place in ["/0/leaderID", "/4/leaderID", "/5/leaderID"] {
        assert!(
            matches!(explain(place), Explanation::NeedsScopes(_)),
            "{place}"
        );
    }
}

#[test]
fn a_single_value_that_came_for_a_list_is_asked_for_as_its_first_item() {
    let envelope = json!({ "schema": "2.0", "header": { "event_type": "contact.department.updated_v3" },
        "event": { "object": { "leaders": { "leaderType": [], "leaderID": "ou_1" } } } });
    let envelope = Envelope::from_slice(envelope.to_string().as_bytes()).expect("an envelope");
    let explain = |place: &str| envelope.explain(&format!("/object/leaders{place}"));
    assert_eq!(explain("/0/leaderID"), Explanation::Present);
    assert!(matches!(
        explain("/0/leaderType"),
        Explanation::Unreadable(_)
    ));
    assert!(matches!(
        explain("/-/leaderType"),
        Explanation::Unreadable(_)
    ));
}

#[test]
fn what_is_not_a_pointer_leads_nowhere() {
    let event_type = EventType::ContactDepartmentUpdatedV3;
    for pointer in ["object/name", "x/object/name", "object"] {
        assert_eq!(
            event_type.explain(pointer),
            Explanation::Undocumented,
            "{pointer}"
        );
    }
}

//! What a page says of the scopes that a field needs is what the answers about the field say.

use std::path::Path;

use feishu_events::{EventType, Explanation, FieldScopes, Manifest};
use feishu_events_gen::internals::Sources;
use feishu_events_gen::internals::schema::{Row, RowPath, row_paths};

pub(crate) fn is_list(row: &Row) -> bool {
    let spelled = match row.sample_type.as_deref() {
        Some(sample) if sample.starts_with("object") => sample,
        _ => row.type_name.as_str(),
    };
    spelled.ends_with("[]") || spelled == "list" || spelled == "array"
}

/// `event`, `users` (a list), `user_id` → `/users/-/user_id`; `None` outside the payload.
fn pointer(path: &RowPath<'_>) -> Option<String> {
    let [event, outer @ ..] = path.outer.as_slice() else {
        return None;
    };
    let outer = outer.iter().map(|row| {
        let item = if is_list(row) { "/-" } else { "" };
        format!("/{}{item}", row.name)
    });
    (event.name == "event").then(|| outer.collect::<String>() + "/" + &path.row.name)
}

fn names(field: &FieldScopes) -> Vec<&str> {
    field.any_of.iter().map(|scope| scope.name).collect()
}

#[test]
fn each_row_with_a_scope_answers_with_it() {
    let schemas = Path::new(env!("CARGO_MANIFEST_DIR")).join("../schemas");
    let sources = Sources::load(&schemas).expect("the schemas of the repository");
    let (mut rows, mut events) = (0, 0);
    for file in sources.schemas.iter() {
        let schema = &file.schema;
        let event_type: EventType = schema.event_type.parse().expect("a generated event");
        let manifest = Manifest::from_events([event_type]);
        let mut documented = 0;
        for path in row_paths(&schema.fields).filter(|path| !path.row.scopes.is_empty()) {
            let pointer = pointer(&path).expect("a row of the payload");
            let place = format!("{event_type} {pointer}");
            let scopes: Vec<&str> = path.row.scopes.iter().map(String::as_str).collect();

            let of_event = event_type.field_scopes().iter();
            let field = of_event.clone().find(|field| field.path == pointer);
            assert_eq!(field.map(names), Some(scopes.clone()), "{place}");

            let Explanation::NeedsScopes(fields) = event_type.explain(&pointer) else {
                panic!("{place} is said to need no scope");
            };
            let said = fields.iter().find(|field| field.path == pointer);
            assert_eq!(said.map(names), Some(scopes.clone()), "{place}");

            let granted = manifest.scopes.iter();
            let is_there = granted.clone().any(|scope| scopes.contains(&scope.name));
            let unlocked = manifest.optional_scopes.iter().any(|unlock| {
                scopes.contains(&unlock.scope.name)
                    && unlock.fields.iter().any(|(_, path)| *path == pointer)
            });
            assert!(is_there || unlocked, "{place} is not in the manifest");
            documented += 1;
        }
        assert_eq!(event_type.field_scopes().len(), documented, "{event_type}");
        rows += documented;
        events += usize::from(documented > 0);
    }
    assert!(
        rows >= 321 && events >= 76,
        "{rows} rows of {events} events"
    );
}

#[test]
fn the_id_of_a_sender_needs_its_scope_as_that_of_one_who_is_mentioned_does() {
    let event_type = EventType::ImMessageReceiveV1;
    for pointer in [
        "/sender/sender_id/user_id",
        "/message/mentions/0/id/user_id",
    ] {
        let why = event_type.explain(pointer).to_string();
        assert!(why.contains("contact:user.employee_id:readonly"), "{why}");
    }
    let open_id = event_type.explain("/sender/sender_id/open_id");
    assert_eq!(open_id, Explanation::Absent);
    let text = Manifest::from_events([event_type]).to_string();
    let unlocked = "With contact:user.employee_id:readonly these fields appear too:\n  \
                    im.message.receive_v1 /sender/sender_id/user_id\n";
    assert!(text.contains(unlocked), "{text}");
}

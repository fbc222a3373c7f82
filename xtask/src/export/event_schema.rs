//! The JSON Schema of one event: the whole body of a request, after decryption.

use feishu_events_gen::internals::model::{Event, Service};

use super::definitions::{Definitions, event_facts};
use super::envelope::HEADER;
use super::json::Object;
use super::profile::Profile;
use super::rows::EventRows;
use super::types::Types;

/// Where the schemas are published: their ids are addresses.
pub(super) const PUBLISHED: &str = "https://feishu-events.github.io/feishu-events/schemas";

/// The path of an event's schema below the folder of its profile.
pub(super) fn file_of(event: &Event<'_>) -> String {
    format!("{}/{}.json", event.service, event.rest)
}

/// The id of an event's schema.
pub(super) fn id_of(event: &Event<'_>, profile: Profile) -> String {
    format!("{PUBLISHED}/{}/{}", profile.name(), file_of(event))
}

/// The schema of an event.
pub fn event_schema(event: &Event<'_>, service: &Service, profile: Profile) -> Object {
    let rows = EventRows::of(event, service);
    let types = Types {
        profile,
        definitions: "#/$defs/",
        prefix: "",
    };
    let definitions = Definitions {
        types,
        service,
        rows: Some(&rows),
    };
    let found = definitions.reached_from([event.payload.as_str()]);
    let types = &definitions.types;
    let mut all = Object::new();
    for (name, definition) in found {
        if name == event.payload {
            all.push(name, types.with_header_members(event, &definition));
        } else {
            all.push(name, definition);
        }
    }
    all.push(HEADER, types.header(Some(&event.schema.event_type)));
    let all = all.and(types.common_definitions());
    let payload = types.common(&event.payload);
    let envelope = types.envelope(event, payload, types.common(HEADER));
    let schema = Object::new()
        .with("$schema", "https://json-schema.org/draft/2020-12/schema")
        .with("$id", id_of(event, profile))
        .with("title", title(event))
        .with_some("description", event.doc.as_ref())
        .and(event_facts(event))
        .and(envelope);
    let used = used(&schema, &all);
    schema.with("$defs", used)
}

/// The title of the event's page, in English if there is such a page.
pub(super) fn title<'e>(event: &'e Event<'_>) -> &'e str {
    let schema = event.schema;
    let titles = [schema.title_en.as_deref(), Some(schema.title.as_str())];
    let mut titles = titles.into_iter().flatten();
    titles
        .find(|title| !title.is_empty())
        .unwrap_or(&schema.event_type)
}

/// The definitions that `schema` refers to, directly or through others.
fn used(schema: &Object, all: &Object) -> Object {
    let mut names = schema.references();
    let mut index = 0;
    while index < names.len() {
        let more = all.get(&names[index]).map(Object::references);
        for name in more.unwrap_or_default() {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        index += 1;
    }
    all.filtered(|name| names.iter().any(|used| used == name))
}

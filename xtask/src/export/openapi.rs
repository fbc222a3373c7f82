//! OpenAPI 3.1: one webhook per event.

use feishu_events_gen::Result;
use feishu_events_gen::internals::model::{Event, Model};
use feishu_events_gen::internals::schema::EventKind;

use super::callbacks::response_of;
use super::components::{
    CHALLENGE, CHALLENGE_ANSWER, ENCRYPTED, envelope_name, name_of, schemas, version,
};
use super::event_schema::title;
use super::json::{Json, Object};
use super::received::typed;
use super::types::schema_ref;

/// The headers of a request, and what they are.
pub(super) const HEADERS: [(&str, &str, &str); 3] = [
    (
        "RequestTimestamp",
        "X-Lark-Request-Timestamp",
        "When the request was signed, in seconds since 1970. Only with an Encrypt Key.",
    ),
    (
        "RequestNonce",
        "X-Lark-Request-Nonce",
        "A random text that is part of the signature. Only with an Encrypt Key.",
    ),
    (
        "Signature",
        "X-Lark-Signature",
        "Lower-case hex of the SHA-256 of timestamp, nonce, Encrypt Key and the body as received, one after \
         the other. Only with an Encrypt Key.",
    ),
];

const DESCRIPTION: &str = "The events that Feishu and Lark send to the address of an app. With an Encrypt Key, \
     every body is an `EncryptedBody`, which contains the same JSON. An event that is not answered with 200 \
     within three seconds is sent again, up to four times; a callback is not. All fields of a payload are \
     optional: the platform leaves out what an app has no scope for. Values that are listed are not complete.";

/// The document.
///
/// # Errors
/// Two definitions of one name.
pub(super) fn document(model: &Model<'_>) -> Result<Object> {
    let mut webhooks = Object::new();
    for event in &model.events {
        webhooks.push(&*event.schema.event_type, webhook(event));
    }
    webhooks.push("url_verification", url_verification());
    let mut tags = Vec::new();
    for service in &model.services {
        let tag = Object::new().with("name", &service.name);
        tags.push(tag.with_some("description", service.doc.as_ref()));
    }
    let mut parameters = Object::new();
    for (name, header, description) in HEADERS {
        let parameter = Object::new()
            .with("name", header)
            .with("in", "header")
            .with("required", false)
            .with("description", description)
            .with("schema", typed("string"));
        parameters.push(name, parameter);
    }
    let acknowledged = Object::new()
        .with(
            "description",
            "The event was received. The body is not read.",
        )
        .with("content", json(typed("object")));
    let components = Object::new()
        .with("parameters", parameters)
        .with(
            "responses",
            Object::new().with("Acknowledged", acknowledged),
        )
        .with("schemas", schemas(model)?);
    Ok(Object::new()
        .with("openapi", "3.1.0")
        .with(
            "info",
            info(model, "Events of Feishu and Lark", DESCRIPTION),
        )
        .with("tags", tags)
        .with("webhooks", webhooks)
        .with("components", components))
}

/// What every document says of itself.
pub(super) fn info(model: &Model<'_>, title: &str, description: &str) -> Object {
    let license = Object::new()
        .with("name", "MIT OR Apache-2.0")
        .with("url", "https://github.com/feishu-events/feishu-events");
    Object::new()
        .with("title", title)
        .with("version", version(model))
        .with("description", description)
        .with("license", license)
}

fn webhook(event: &Event<'_>) -> Object {
    let response = match response_of(event) {
        Some(name) => Object::new()
            .with("description", "What the user sees.")
            .with("content", json(schema_ref(name))),
        None => Object::new().with("$ref", "#/components/responses/Acknowledged"),
    };
    let kind = match event.schema.kind {
        EventKind::Event => "event",
        EventKind::Callback => "callback",
    };
    let operation = Object::new()
        .with("operationId", format!("on{}", name_of(event)))
        .with("tags", vec![Json::from(&event.service)])
        .with("summary", title(event))
        .with_some("description", event.doc.as_ref())
        .with("x-feishu-kind", kind);
    received(operation, schema_ref(&envelope_name(event)), response)
}

fn url_verification() -> Object {
    let answer = Object::new()
        .with("description", "The address belongs to the app.")
        .with("content", json(schema_ref(CHALLENGE_ANSWER)));
    let operation = Object::new()
        .with("operationId", "onUrlVerification")
        .with(
            "summary",
            "The check of an address when it is saved in the developer console",
        )
        .with("description", "It may be sent without a signature.");
    received(operation, schema_ref(CHALLENGE), answer)
}

fn received(operation: Object, body: Object, response: Object) -> Object {
    let parameters = HEADERS
        .map(|(name, ..)| Object::new().with("$ref", format!("#/components/parameters/{name}")));
    let body = Object::new().with("anyOf", vec![body, schema_ref(ENCRYPTED)]);
    let body = Object::new()
        .with("required", true)
        .with("content", json(body));
    let operation = operation
        .with("parameters", Vec::from(parameters))
        .with("requestBody", body)
        .with("responses", Object::new().with("200", response));
    Object::new().with("post", operation)
}

fn json(schema: Object) -> Object {
    Object::new().with("application/json", Object::new().with("schema", schema))
}

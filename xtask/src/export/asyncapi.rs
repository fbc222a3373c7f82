//! AsyncAPI 3.1: the same events over both transports.

use feishu_events_gen::Result;
use feishu_events_gen::internals::model::Model;

use super::callbacks::response_of;
use super::components::{CHALLENGE, CHALLENGE_ANSWER, ENCRYPTED, envelope_name, name_of, schemas};
use super::definitions::event_facts;
use super::event_schema::title;
use super::json::{Json, Object};
use super::openapi::{HEADERS, info};
use super::received::typed;
use super::types::schema_ref;

const DESCRIPTION: &str = "The events of Feishu and Lark, over both ways in which an app can receive them: \
     requests to its own address, and a connection that it opens. The bodies are the same JSON.";

/// What all events have in common that arrive as requests.
const SIGNED: &str = "SignedRequest";

/// The answer to an event: its body is not read.
const ACKNOWLEDGED: &str = "Acknowledged";

/// What is sent beside events, and what it is.
const TRANSPORT: [(&str, &str); 4] = [
    (CHALLENGE, "The check of an address."),
    (CHALLENGE_ANSWER, "The answer to the check of an address."),
    (ENCRYPTED, "Any message to an app with an Encrypt Key."),
    (
        ACKNOWLEDGED,
        "The answer to an event, whose body is not read.",
    ),
];

const LONG_CONNECTION: &str = "A WebSocket that the app opens. Its address comes from \
     `POST /callback/ws/endpoint` on open.feishu.cn or open.larksuite.com, with the app's id and secret as JSON, \
     and is new for each connection. Each binary message is one frame of Protocol Buffers (`SeqID`, `LogID`, \
     `service`, `method`, `headers`, `payload`, …); the payload of a data frame is the JSON of an event or a \
     part of it, neither encrypted nor signed. The app sends each frame back with the answer as payload, within \
     three seconds.";

/// The document.
///
/// # Errors
/// Two definitions of one name.
pub(super) fn document(model: &Model<'_>) -> Result<Object> {
    let events: Vec<String> = model.events.iter().map(name_of).collect();
    let mut callbacks: Vec<&str> = model.events.iter().filter_map(response_of).collect();
    callbacks.sort_unstable();
    callbacks.dedup();
    let answers: Vec<&str> = callbacks.iter().copied().chain([ACKNOWLEDGED]).collect();
    let components = Object::new()
        .with("messages", messages(model, &callbacks))
        .with("messageTraits", Object::new().with(SIGNED, http_headers()))
        .with("schemas", schemas(model)?);
    Ok(Object::new()
        .with("asyncapi", "3.1.0")
        .with(
            "info",
            info(model, "Events of Feishu and Lark", DESCRIPTION),
        )
        .with("defaultContentType", "application/json")
        .with("servers", servers())
        .with("channels", channels(&events, &answers))
        .with("operations", operations(&events, &answers))
        .with("components", components))
}

fn messages(model: &Model<'_>, callbacks: &[&str]) -> Object {
    let mut messages = Object::new();
    for event in &model.events {
        let signed = reference("components/messageTraits", SIGNED);
        let message = Object::new()
            .with("name", &event.schema.event_type)
            .with("title", title(event))
            .with_some("summary", event.doc.as_ref())
            .with("tags", vec![Object::new().with("name", &event.service)])
            .with("contentType", "application/json")
            .with("payload", schema_ref(&envelope_name(event)))
            .with("traits", vec![signed])
            .and(event_facts(event));
        messages.push(name_of(event), message);
    }
    for (name, summary) in TRANSPORT {
        messages.push(name, plain_message(name, summary));
    }
    for name in callbacks {
        messages.push(*name, plain_message(name, "The answer to a callback."));
    }
    messages
}

fn channels(events: &[String], answers: &[&str]) -> Object {
    let messages = || {
        events
            .iter()
            .map(String::as_str)
            .chain(answers.iter().copied())
    };
    let of_requests = [CHALLENGE, ENCRYPTED, CHALLENGE_ANSWER];
    let webhook = channel(Json::from("/"), "webhook", messages().chain(of_requests)).with(
        "description",
        "The address that is set in the developer console.",
    );
    let address = Json::Plain(serde_json::Value::Null);
    let long_connection = channel(address, "longConnection", messages())
        .with("description", LONG_CONNECTION)
        .with("bindings", binding("ws", "GET", "0.1.0"));
    Object::new()
        .with("webhook", webhook)
        .with("longConnection", long_connection)
}

fn operations(events: &[String], answers: &[&str]) -> Object {
    let events = || events.iter().map(String::as_str);
    let request = operation(
        "webhook",
        "An event arrives as a request",
        events().chain([ENCRYPTED]),
        answers,
    );
    let check = operation(
        "webhook",
        "The address is checked",
        [CHALLENGE],
        &[CHALLENGE_ANSWER],
    );
    let frame = operation(
        "longConnection",
        "An event arrives over the connection",
        events(),
        answers,
    );
    let post = binding("http", "POST", "0.3.0");
    Object::new()
        .with("receiveRequest", request.with("bindings", post.clone()))
        .with("verifyAddress", check.with("bindings", post))
        .with("receiveFrame", frame)
}

fn binding(protocol: &str, method: &str, version: &str) -> Object {
    let binding = Object::new()
        .with("method", method)
        .with("bindingVersion", version);
    Object::new().with(protocol, binding)
}

fn servers() -> Object {
    let own = Object::new()
        .with("host", "{host}")
        .with("protocol", "https")
        .with(
            "description",
            "The app's own server, which the platform sends requests to.",
        )
        .with("variables", host("example.com"));
    let platform = Object::new()
        .with("host", "{host}")
        .with("protocol", "wss")
        .with("description", "The platform's gateway; custom apps only.")
        .with("variables", host("msg-frontier.feishu.cn"));
    Object::new()
        .with("webhook", own)
        .with("longConnection", platform)
}

fn host(default: &str) -> Object {
    Object::new().with("host", Object::new().with("default", default))
}

fn channel<'a>(address: Json, server: &str, messages: impl Iterator<Item = &'a str>) -> Object {
    let mut all = Object::new();
    for name in messages {
        all.push(name, reference("components/messages", name));
    }
    Object::new()
        .with("address", address)
        .with("servers", vec![reference("servers", server)])
        .with("messages", all)
}

fn operation<'a>(
    channel: &str,
    summary: &str,
    messages: impl IntoIterator<Item = &'a str>,
    answers: &[&str],
) -> Object {
    let place = format!("channels/{channel}/messages");
    let all = |names: &mut dyn Iterator<Item = &str>| -> Vec<Object> {
        names.map(|name| reference(&place, name)).collect()
    };
    let reply = Object::new()
        .with("channel", reference("channels", channel))
        .with("messages", all(&mut answers.iter().copied()));
    Object::new()
        .with("action", "receive")
        .with("summary", summary)
        .with("channel", reference("channels", channel))
        .with("messages", all(&mut messages.into_iter()))
        .with("reply", reply)
}

/// A message that is not an event, with the payload of the same name.
fn plain_message(name: &str, summary: &str) -> Object {
    let payload = if name == ACKNOWLEDGED {
        typed("object")
    } else {
        schema_ref(name)
    };
    Object::new()
        .with("name", name)
        .with("summary", summary)
        .with("contentType", "application/json")
        .with("payload", payload)
}

/// The headers of a signed request; frames have none of them.
fn http_headers() -> Object {
    let mut properties = Object::new();
    for (_, header, description) in HEADERS {
        properties.push(header, typed("string").with("description", description));
    }
    let headers = typed("object").with("properties", properties);
    let http = Object::new()
        .with("headers", headers)
        .with("bindingVersion", "0.3.0");
    Object::new().with("bindings", Object::new().with("http", http))
}

fn reference(place: &str, name: &str) -> Object {
    Object::new().with("$ref", format!("#/{place}/{name}"))
}

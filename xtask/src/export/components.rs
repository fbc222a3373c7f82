//! The types of all services in one document, for those that describe an interface as a whole.

use std::collections::BTreeMap;

use feishu_events_gen::internals::model::{Event, Model};
use feishu_events_gen::internals::names::type_name;
use feishu_events_gen::{Error, Result};

use super::callbacks;
use super::definitions::{Definitions, event_facts};
use super::envelope::HEADER;
use super::event_schema::title;
use super::json::{Object, strings};
use super::profile::Profile;
use super::received::typed;
use super::types::{COMPONENTS, Types, schema_ref};

pub(super) const ENCRYPTED: &str = "EncryptedBody";
pub(super) const CHALLENGE: &str = "UrlVerification";
pub(super) const CHALLENGE_ANSWER: &str = "UrlVerificationAnswer";

/// The name of an event in such documents, and of its payload: `ImMessageReceiveV1`.
pub(super) fn name_of(event: &Event<'_>) -> String {
    format!("{}{}", type_name(&event.service), event.payload)
}

/// The name of the definition of an event's envelope.
pub(super) fn envelope_name(event: &Event<'_>) -> String {
    format!("{}Envelope", name_of(event))
}

/// All definitions, by name.
///
/// # Errors
/// Two definitions of one name.
pub(super) fn schemas(model: &Model<'_>) -> Result<Object> {
    let mut all: BTreeMap<String, Object> = BTreeMap::new();
    let mut add = |name: String, definition: Object| {
        if all.insert(name.clone(), definition).is_some() {
            return Err(Error::Event {
                path: "schemas".into(),
                problem: format!("two definitions of the export are named `{name}`"),
            });
        }
        Ok(())
    };
    for service in &model.services {
        let prefix = type_name(&service.name);
        let definitions = Definitions {
            types: documented(&prefix),
            service,
            rows: None,
        };
        let events = model.events.iter();
        let events: Vec<_> = events
            .filter(|event| event.service == service.name)
            .collect();
        let payloads = events.iter().map(|event| event.payload.as_str());
        for (name, definition) in definitions.reached_from(payloads) {
            let event = events.iter().find(|event| name_of(event) == name);
            let definition = match event {
                Some(event) => definitions.types.with_header_members(event, &definition),
                None => definition,
            };
            add(name, definition)?;
        }
        for event in events {
            let payload = schema_ref(&name_of(event));
            let envelope = definitions
                .types
                .envelope(event, payload, schema_ref(HEADER));
            let envelope = Object::new()
                .with("title", title(event))
                .with_some("description", event.doc.as_ref())
                .and(event_facts(event))
                .and(envelope);
            add(envelope_name(event), envelope)?;
        }
    }
    let types = documented("");
    for (name, definition) in types.common_definitions().into_objects() {
        add(name, definition)?;
    }
    add(HEADER.to_owned(), types.header(None))?;
    for (name, definition) in transport().into_iter().chain(callbacks::responses()) {
        add(name.to_owned(), definition)?;
    }
    let mut schemas = Object::new();
    for (name, definition) in all {
        schemas.push(name, definition);
    }
    Ok(schemas)
}

fn documented(prefix: &str) -> Types<'_> {
    Types {
        profile: Profile::Documented,
        definitions: COMPONENTS,
        prefix,
    }
}

/// The newest day on which a page was changed: the version of the facts.
pub fn version<'m>(model: &'m Model<'_>) -> &'m str {
    let pages = model
        .events
        .iter()
        .filter_map(|event| event.schema.document.as_ref());
    let days = pages.filter_map(|page| page.updated.as_deref());
    days.max().unwrap_or("0")
}

/// What the address is sent beside events.
fn transport() -> [(&'static str, Object); 3] {
    let text = |description: &str| typed("string").with("description", description);
    let challenge = || text("A text that the answer repeats.");
    let object = |properties: Object, required: &[&str]| {
        typed("object")
            .with("properties", properties)
            .with("required", strings(required))
    };
    let encrypt = text(
        "Base64 of 16 bytes of initialization vector and the body, encrypted with AES-256-CBC and PKCS#7 \
         padding; the key is the SHA-256 of the app's Encrypt Key.",
    );
    let verification = Object::new()
        .with("challenge", challenge())
        .with("token", text("The verification token of the app."))
        .with("type", Object::new().with("const", "url_verification"));
    [
        (
            ENCRYPTED,
            object(Object::new().with("encrypt", encrypt), &["encrypt"]).with(
                "description",
                "The body of every request to an app with an Encrypt Key.",
            ),
        ),
        (
            CHALLENGE,
            object(verification, &["challenge", "type"]).with(
                "description",
                "The check of an address when it is saved in the developer console.",
            ),
        ),
        (
            CHALLENGE_ANSWER,
            object(Object::new().with("challenge", challenge()), &["challenge"])
                .with("description", "The answer to the check, within one second."),
        ),
    ]
}

//! Requests as the platform sends them.

use std::time::{SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use http::{HeaderValue, Method, Request, Response};
use serde::Serialize;
use serde_json::{Value, json};

use super::content::EventContent;
use super::new_id::new_id;
use super::sample::sample_with_id;
use super::set;
use crate::callback::OLD_CARD;
use crate::catalog::event_type::EventType;
use crate::catalog::protocol::Protocol;
use crate::event::payload::Payload;
use crate::redact::secret::Secret;
use crate::webhook::Webhook;
use crate::webhook::crypto::{self, Signed};

/// A request like those of the platform: an event in its envelope, or a check of the URL.
///
/// Each request has a new event id, unless one is set. Clones share it, like an event that the platform
/// sends again, which a receiver handles once: see
/// [`DedupeStore`](crate::DedupeStore#what-an-event-is-remembered-by).
///
/// ```
/// use feishu_events::testing::EventRequest;
/// use feishu_events::EventType;
///
/// let request = EventRequest::from_sample(EventType::ContactUserCreatedV3).expect("contact is on");
/// let request = request.token("the verification token").set("object.name", "Ada");
/// assert!(request.json().contains(r#""name":"Ada""#));
/// ```
#[derive(Debug, Clone)]
#[must_use]
pub struct EventRequest {
    body: Body,
    token: Option<Secret>,
    encrypt_key: Option<Secret>,
}

#[derive(Debug, Clone)]
enum Body {
    Event(EventContent),
    Recorded(String),
    Challenge(String),
}

impl EventRequest {
    /// The request that sends `payload`, in the protocol of its event.
    pub fn new<P: Payload + Serialize>(payload: &P) -> Self {
        let payload = serde_json::to_value(payload).unwrap_or_default();
        let event_type = P::EVENT_TYPE;
        Self::from_json(event_type.as_str(), event_type.protocol(), payload)
    }

    /// The request that sends the [`sample`](super::sample) of an event; `None` if the feature of
    /// its service is off.
    pub fn from_sample(event_type: EventType) -> Option<Self> {
        let event_id = new_id();
        let payload = sample_with_id(event_type, &event_id)?;
        let payload = serde_json::to_value(payload).unwrap_or_default();
        let mut request = Self::from_json(event_type.as_str(), event_type.protocol(), payload);
        request.event("of").event_id = event_id;
        Some(request)
    }

    /// The request that sends an event with any name and payload.
    pub fn from_json(event_type: &str, protocol: Protocol, payload: Value) -> Self {
        Self {
            body: Body::Event(EventContent {
                protocol,
                event_type: event_type.to_owned(),
                event_id: new_id(),
                app_id: "cli_a1b2c3d4e5f60718".to_owned(),
                tenant_key: "2ca1d211f64f6438".to_owned(),
                create_time: SystemTime::now(),
                payload,
            }),
            token: None,
            encrypt_key: None,
        }
    }

    /// A request that sends a recorded event again, in its decrypted form: from a log, or a documented
    /// sample. It is sent unchanged, with its own token and id; only the
    /// [`encrypt_key`](Self::encrypt_key) can be chosen.
    pub fn recorded(json: impl Into<String>) -> Self {
        Self {
            body: Body::Recorded(json.into()),
            token: None,
            encrypt_key: None,
        }
    }

    /// The check of a URL that the platform sends when the URL is saved in the console: the receiver
    /// must answer with `challenge`.
    pub fn challenge(challenge: &str) -> Self {
        Self {
            body: Body::Challenge(challenge.to_owned()),
            token: None,
            encrypt_key: None,
        }
    }

    /// Sets the verification token of the app.
    ///
    /// # Panics
    /// If the request is recorded: it has its own.
    #[track_caller]
    pub fn token(mut self, token: impl Into<String>) -> Self {
        let is_recorded = matches!(self.body, Body::Recorded(_));
        assert!(
            !is_recorded,
            "a recorded request is sent unchanged, so `token` would have no effect"
        );
        self.token = Some(Secret::new(token.into()));
        self
    }

    /// Encrypts and signs the request with the encrypt key of the app; a check of the URL is only
    /// encrypted.
    pub fn encrypt_key(mut self, key: impl Into<String>) -> Self {
        self.encrypt_key = Some(Secret::new(key.into()));
        self
    }

    /// Sets the id of the event: two requests with the same event name and id are the same event.
    ///
    /// Some events are identified by a field of the payload instead, as `im.message.receive_v1` is by the
    /// message's id. If the request was made by [`from_sample`](Self::from_sample), that field is derived
    /// from this id; a payload of your own is not changed.
    ///
    /// # Panics
    /// If the request is recorded, or a check of the URL: neither has one to change.
    #[track_caller]
    pub fn event_id(mut self, id: impl Into<String>) -> Self {
        self.event("event_id").set_event_id(id.into());
        self
    }

    /// Sets the app that receives the event.
    ///
    /// # Panics
    /// If the request is recorded, or a check of the URL: neither has one to change.
    #[track_caller]
    pub fn app_id(mut self, id: impl Into<String>) -> Self {
        self.event("app_id").app_id = id.into();
        self
    }

    /// Sets the tenant in which the event happened.
    ///
    /// # Panics
    /// If the request is recorded, or a check of the URL: neither has one to change.
    #[track_caller]
    pub fn tenant_key(mut self, key: impl Into<String>) -> Self {
        self.event("tenant_key").tenant_key = key.into();
        self
    }

    /// Sets a value in the payload. `path` has names and indices: `object.leaders.0.leaderID`. Objects
    /// that are missing are created; an index past the end of a list adds an item.
    ///
    /// # Panics
    /// If the request is recorded, or a check of the URL: neither has one to change.
    #[track_caller]
    pub fn set(mut self, path: &str, value: impl Into<Value>) -> Self {
        set::set(&mut self.event("set").payload, path, value.into());
        self
    }

    /// The event, to be changed by the function named `change`. Panics if there is none, so that a
    /// test does not rely on a change that was not made.
    #[track_caller]
    fn event(&mut self, change: &str) -> &mut EventContent {
        match &mut self.body {
            Body::Event(event) => event,
            Body::Recorded(_) => {
                panic!("a recorded request is sent unchanged, so `{change}` would have no effect")
            }
            Body::Challenge(_) => {
                panic!("a check of a URL has no event, so `{change}` would have no effect")
            }
        }
    }

    /// The body of the request before encryption.
    pub fn json(&self) -> String {
        let token = self.token.as_ref().map_or("", Secret::expose);
        match &self.body {
            Body::Challenge(challenge) => {
                let check =
                    json!({ "challenge": challenge, "token": token, "type": "url_verification" });
                check.to_string()
            }
            Body::Event(event) => event.envelope(token),
            Body::Recorded(json) => json.clone(),
        }
    }

    /// The request, to be sent to the app's request URL with any client.
    pub fn into_http(self) -> Request<Bytes> {
        let json = self.json();
        let encrypt_key = self.encrypt_key.as_ref().map(Secret::expose);
        match (encrypt_key, &self.body) {
            // An old card's callback is never encrypted; its signature is made with the token.
            (_, Body::Event(event)) if event.event_type == OLD_CARD => {
                let token = self.token.as_ref().map_or("", Secret::expose);
                signed(json, |parts| crypto::card_signature(token, parts).to_vec())
            }
            (None, _) => post(json),
            (Some(key), Body::Event(_) | Body::Recorded(_)) => encrypted(key, json.as_bytes()),
            // The check of a URL is encrypted, and not signed.
            (Some(key), Body::Challenge(_)) => post(encrypted_body(key, json.as_bytes())),
        }
    }

    /// Sends the request to `webhook`, without a network.
    pub async fn send_to(self, webhook: &Webhook) -> Response<Bytes> {
        let (head, body) = self.into_http().into_parts();
        webhook.handle(&head.headers, &body).await
    }
}

/// An encrypted and signed request.
pub(super) fn encrypted(encrypt_key: &str, event: &[u8]) -> Request<Bytes> {
    let body = encrypted_body(encrypt_key, event);
    signed(body, |parts| {
        crypto::event_signature(encrypt_key, parts).to_vec()
    })
}

/// A request with the signature that `sign` computes.
fn signed(body: String, sign: impl FnOnce(Signed<'_>) -> Vec<u8>) -> Request<Bytes> {
    let now = since_1970(SystemTime::now());
    let (timestamp, nonce) = (now.as_secs().to_string(), now.subsec_nanos().to_string());
    let parts = Signed {
        timestamp: timestamp.as_bytes(),
        nonce: nonce.as_bytes(),
        body: body.as_bytes(),
    };
    let signature = sign(parts);
    let mut request = post(body);
    let headers: [(_, &[u8]); 3] = [
        ("x-lark-request-timestamp", timestamp.as_bytes()),
        ("x-lark-request-nonce", nonce.as_bytes()),
        ("x-lark-signature", &signature),
    ];
    for (name, value) in headers {
        let value = HeaderValue::from_bytes(value).expect("digits and hex are valid in a header");
        request.headers_mut().insert(name, value);
    }
    request
}

fn encrypted_body(encrypt_key: &str, event: &[u8]) -> String {
    let seed = since_1970(SystemTime::now()).as_nanos().to_le_bytes();
    json!({ "encrypt": crypto::encrypt(encrypt_key, &seed, event) }).to_string()
}

fn post(body: String) -> Request<Bytes> {
    let mut request = Request::new(Bytes::from(body));
    *request.method_mut() = Method::POST;
    let json = HeaderValue::from_static("application/json; charset=utf-8");
    request.headers_mut().insert("content-type", json);
    request
}

fn since_1970(time: SystemTime) -> std::time::Duration {
    time.duration_since(UNIX_EPOCH).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The message of the panic of `change`.
    fn panic_of(change: impl FnOnce() -> EventRequest + std::panic::UnwindSafe) -> String {
        let panic = std::panic::catch_unwind(change).unwrap_err();
        *panic.downcast::<String>().unwrap()
    }

    #[test]
    fn a_change_without_effect_panics() {
        let recorded = || EventRequest::recorded("{}");
        let check = || EventRequest::challenge("c");
        let said = [
            panic_of(move || recorded().set("a", 1)),
            panic_of(move || recorded().event_id("e")),
            panic_of(move || recorded().app_id("a")),
            panic_of(move || recorded().tenant_key("t")),
        ];
        for (said, change) in said.iter().zip(["set", "event_id", "app_id", "tenant_key"]) {
            assert!(said.starts_with("a recorded request"), "{said}");
            assert!(said.contains(&format!("`{change}`")), "{said}");
        }
        let said = panic_of(move || check().set("a", 1));
        assert!(said.starts_with("a check of a URL"), "{said}");
        let token = std::panic::catch_unwind(move || recorded().token("t"));
        assert!(token.is_err(), "a recorded request has its own token");
        // The token of a check of a URL can be set.
        assert!(check().token("t").json().contains(r#""token":"t""#));
    }
}

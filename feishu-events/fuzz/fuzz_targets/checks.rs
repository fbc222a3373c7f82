//! What the targets do with bytes; a test calls the same with the seeds, without a fuzzer.

use feishu_events::testing::encrypted_request;
use feishu_events::{Envelope, Protocol, Webhook, WebhookBuilder, dispatcher};
use http::HeaderMap;
use tokio::runtime::{Builder, Runtime};

const KEY: &str = "an invented encrypt key";
const TOKEN: &str = "an invented verification token";

/// The webhooks that requests are sent to: one for each set of secrets.
struct Server {
    runtime: Runtime,
    with_key: Webhook,
    with_token: Webhook,
    without_secret: Webhook,
}

impl Server {
    fn new() -> Self {
        let runtime = Builder::new_current_thread().enable_time().build();
        let webhook = |secrets: fn(WebhookBuilder) -> WebhookBuilder| {
            let webhook = secrets(Webhook::builder(dispatcher![])).build();
            webhook.expect("a webhook with a secret, or asked to do without")
        };
        Self {
            runtime: runtime.expect("a runtime without I/O is made of memory alone"),
            with_key: webhook(|it| it.encrypt_key(KEY)),
            with_token: webhook(|it| it.verification_token(TOKEN)),
            without_secret: webhook(WebhookBuilder::insecure_accept_anything),
        }
    }

    /// Sends a request, and checks that its status is one of those that the webhook documents.
    fn answer(&self, webhook: &Webhook, headers: &HeaderMap, body: &[u8]) {
        let response = self.runtime.block_on(webhook.handle(headers, body));
        let status = response.status().as_u16();
        assert!([200, 401, 413, 500].contains(&status), "{status}");
    }
}

thread_local! {
    static SERVER: Server = Server::new();
}

/// Any bytes as the body of an unsigned request, whatever secrets the webhook has.
pub(crate) fn request(bytes: &[u8]) {
    SERVER.with(|server| {
        for webhook in [&server.with_key, &server.with_token, &server.without_secret] {
            server.answer(webhook, &HeaderMap::new(), bytes);
        }
    });
}

/// Any bytes as the event of a signed and encrypted request: it is answered, whatever it is.
pub(crate) fn decrypt(bytes: &[u8]) {
    let (head, body) = encrypted_request(KEY, bytes).into_parts();
    SERVER.with(|server| server.answer(&server.with_key, &head.headers, &body));
}

/// Any bytes as an envelope: what can be read can be written, and reads the same again.
pub(crate) fn envelope(bytes: &[u8]) {
    let Ok(envelope) = Envelope::from_slice(bytes) else {
        return;
    };
    let json = serde_json::to_vec(&envelope).expect("an envelope is written");
    let again = Envelope::from_slice(&json).expect("what was written is an envelope");
    assert_eq!(again.header.event_id, envelope.header.event_id);
    // In protocol 1.0 the header writes members of the payload: a value with a report is written as
    // the header has it.
    if envelope.header.protocol == Protocol::V2 || envelope.reports.is_empty() {
        assert_eq!(again.event, envelope.event);
    }
}

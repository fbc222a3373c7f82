//! Receiving events over HTTP, on any server.

use std::collections::BTreeMap;
use std::fmt;
use std::mem::Discriminant;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, Response};
use tokio::time::Instant;

use crate::delivery::{Acceptor, Answering, DeliveryStatus, Drained, LogLimit};
use crate::handler::dispatcher::Dispatcher;
use crate::redact::secret::Secret;
use crate::webhook::crypto::EncryptKey;

#[cfg_attr(not(feature = "tower"), allow(dead_code))] // only the service reads bodies
mod arriving;
mod build_error;
mod builder;
mod check;
pub(crate) mod crypto;
mod refusal;
mod respond;
#[cfg(feature = "tower")]
mod service;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod vectors;

use arriving::Arriving;
pub use build_error::WebhookBuildError;
pub use builder::WebhookBuilder;
use check::{Received, explain};
pub use refusal::Refusal;

/// A receiver for the requests that the platform sends to an app's request URL.
///
/// It answers the URL check, verifies signature and token, decrypts, and passes the event to
/// its handler. See [`encrypt_key`](WebhookBuilder::encrypt_key) and
/// [`verification_token`](WebhookBuilder::verification_token) for what a request must contain.
///
/// It is server-agnostic: [`handle`](Self::handle) takes headers and body and returns a response.
/// With the feature `tower` it is also a `tower::Service`, which axum and hyper accept directly.
///
/// Handlers run as tasks of the tokio runtime in which it is called. Clones share one receiver.
///
/// The platform's page on the [request URL][page] says what it sends there, the `challenge` of the
/// check among it.
///
/// [page]: https://open.feishu.cn/document/server-docs/event-subscription-guide/event-subscription-configure-/request-url-configuration-case
///
/// # What it answers
///
/// | status | when |
/// | --- | --- |
/// | 200 | the event was handled, was handled before, has no handler, or its handler continues beyond the deadline |
/// | 500 | the handler failed, or the payload cannot be read into its type |
/// | 503 | too many events at a time, or too large together; the same event is being handled; the dedupe store failed; it has no handler, with [`UnhandledPolicy::Refuse`](crate::UnhandledPolicy::Refuse); shutting down |
/// | 401, 413 | the request is not the platform's, or not an event; the reason is only logged |
///
/// After any status but 200, the platform sends an event again, but not a callback. As a service it
/// answers 405 to requests other than POST, 408 to a body that takes too long, and 400 to one that
/// breaks off.
#[derive(Clone)]
pub struct Webhook(Arc<Receiver>);

struct Receiver {
    acceptor: Acceptor,
    encrypt_keys: Vec<EncryptKey>,
    verification_tokens: Vec<Secret>,
    event_size_limit: usize,
    body_limit: usize,
    max_age: Option<Duration>,
    max_callback_age: Option<Duration>,
    legacy_cards: bool,
    /// Whether an encrypt key begins or ends with whitespace.
    key_has_blanks: bool,
    refusals: LogLimit<Discriminant<Refusal>>,
    #[cfg_attr(not(feature = "tower"), expect(dead_code))] // only the service reads bodies
    arriving: Arriving,
}

impl Webhook {
    /// A builder for a webhook that passes events to `dispatcher`.
    ///
    /// ```
    /// use feishu_events::{Webhook, dispatcher};
    ///
    /// let webhook = Webhook::builder(dispatcher![])
    ///     .encrypt_key("the app's encrypt key")
    ///     .verification_token("the app's verification token")
    ///     .build()?;
    /// # Ok::<(), feishu_events::WebhookBuildError>(())
    /// ```
    pub fn builder(dispatcher: Dispatcher) -> WebhookBuilder {
        WebhookBuilder::new(dispatcher)
    }

    /// The maximum size of a body in bytes, a server need not read further: that of an encrypted event
    /// of [`event_size_limit`](crate::DeliveryOptions::event_size_limit) bytes.
    pub fn body_limit(&self) -> usize {
        self.0.body_limit
    }

    /// Handles one request: `body` is the raw body, unchanged by middleware.
    ///
    /// ```
    /// use feishu_events::{Webhook, dispatcher};
    /// use http::HeaderMap;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), feishu_events::WebhookBuildError> {
    /// let webhook = Webhook::builder(dispatcher![])
    ///     .verification_token("the token")
    ///     .build()?;
    /// let check = br#"{"type":"url_verification","token":"the token","challenge":"ajls384"}"#;
    /// let response = webhook.handle(&HeaderMap::new(), check).await;
    /// assert_eq!(response.status(), 200);
    /// assert_eq!(*response.body(), r#"{"challenge":"ajls384"}"#);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Panics
    /// Outside a tokio runtime with a timer.
    pub async fn handle(&self, headers: &HeaderMap, body: &[u8]) -> Response<Bytes> {
        self.handle_since(Instant::now(), headers, body).await
    }

    /// Handles a request that began to arrive at this time.
    async fn handle_since(
        &self,
        arrived: Instant,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Response<Bytes> {
        match self.begin(arrived, headers, body) {
            Ok((answering, is_callback)) => respond::answer(answering.await, is_callback),
            Err(response) => *response,
        }
    }

    /// The handling of a request, and whether it is a callback; or its response, without an event.
    fn begin(
        &self,
        arrived: Instant,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Result<(Answering, bool), Box<Response<Bytes>>> {
        match self.0.receive(headers, body) {
            Ok(Received::Event(taken)) => {
                let is_callback = taken.is_callback();
                Ok((taken.arrived(arrived).answer(), is_callback))
            }
            Ok(Received::Challenge(answer)) => Err(Box::new(respond::challenge(answer))),
            Err(refusal) => {
                let refusal = explain(&self.0, refusal, headers, body);
                Err(Box::new(self.refuse(&refusal, headers)))
            }
        }
    }

    fn refuse(&self, refusal: &Refusal, headers: &HeaderMap) -> Response<Bytes> {
        if let Some(left_out) = self.0.refusals.pass(std::mem::discriminant(refusal)) {
            respond::log_refusal(refusal, headers, left_out);
        }
        respond::refusal(refusal)
    }

    /// How many handlers run and how many events wait right now, and the oldest of them.
    pub fn status(&self) -> DeliveryStatus {
        self.0.acceptor.monitor().status()
    }

    /// How many events without a handler were received, by event type.
    ///
    /// The app is subscribed to them needlessly; the first of each type is logged.
    pub fn unhandled(&self) -> BTreeMap<String, u64> {
        self.0.acceptor.unhandled()
    }

    /// Refuses new events, gives running handlers `time` to finish, and returns the events whose
    /// handlers did not.
    ///
    /// Handlers that are not done then are stopped at their next `.await`. If there are any, this may
    /// take 5 s more than `time`: that is how long the [`DedupeStore`](crate::DedupeStore) has to release
    /// the claims on events that were cut off, so that another process can handle them.
    pub async fn shut_down(&self, time: Duration) -> Drained {
        self.0.acceptor.shut_down(time).await
    }
}

impl fmt::Debug for Webhook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let receiver = &*self.0;
        f.debug_struct("Webhook")
            .field("dispatcher", receiver.acceptor.dispatcher())
            .field("delivery", receiver.acceptor.options())
            .field("encrypt_keys", &receiver.encrypt_keys)
            .field("verification_tokens", &receiver.verification_tokens)
            .field("max_age", &receiver.max_age)
            .field("max_callback_age", &receiver.max_callback_age)
            .field("legacy_cards", &receiver.legacy_cards)
            .finish_non_exhaustive()
    }
}

//! Receiving events over HTTP, on any server.

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Response, StatusCode, header};

use crate::dispatch::{DispatchError, Dispatched, Dispatcher, Started};
use crate::secret::Secret;

mod check;
mod refusal;
#[cfg(test)]
mod vectors;

use check::Received;
pub use refusal::Refusal;

/// The largest body that is read unless the builder says otherwise: 1 MiB.
const BODY_LIMIT: usize = 1024 * 1024;

/// A receiver for the requests that the platform sends to an app's request URL.
///
/// It answers the check of the URL, verifies signature and token, decrypts, and hands the event to
/// its handler. Whatever secret it has been given is enforced on every request.
///
/// It knows no server: [`handle`](Self::handle) takes headers and body and gives back a response.
#[derive(Debug, Clone)]
pub struct Webhook {
    dispatcher: Dispatcher,
    encrypt_keys: Vec<Secret>,
    verification_tokens: Vec<Secret>,
    body_limit: usize,
}

/// Builds a [`Webhook`].
#[derive(Debug, Clone)]
#[must_use]
pub struct WebhookBuilder {
    webhook: Webhook,
    insecure: bool,
}

/// A webhook was built with neither encrypt key nor verification token: it could not tell the
/// platform from a stranger.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoSecret;

impl std::fmt::Display for NoSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(
            "a webhook needs the app's encrypt key or verification token (developer console, \
             Events & Callbacks, Encryption Strategy), or `.insecure_accept_anything()`",
        )
    }
}

impl std::error::Error for NoSecret {}

impl WebhookBuilder {
    /// The app's encrypt key: only encrypted or signed requests are accepted.
    ///
    /// Called more than once, any of the keys will do: for the time in which a key is replaced.
    pub fn encrypt_key(mut self, key: impl Into<String>) -> Self {
        self.webhook.encrypt_keys.push(Secret::new(key.into()));
        self
    }

    /// The app's verification token: only requests that carry it are accepted.
    ///
    /// Called more than once, any of the tokens will do.
    pub fn verification_token(mut self, token: impl Into<String>) -> Self {
        self.webhook
            .verification_tokens
            .push(Secret::new(token.into()));
        self
    }

    /// The size in bytes above which a body is refused; 1 MiB if it is not set.
    pub fn body_limit(mut self, bytes: usize) -> Self {
        self.webhook.body_limit = bytes;
        self
    }

    /// Accepts events from anyone who knows the URL. For tests, and behind a gateway that checks.
    pub fn insecure_accept_anything(mut self) -> Self {
        self.insecure = true;
        self
    }

    /// Builds the webhook.
    ///
    /// # Errors
    /// Neither encrypt key nor verification token was given; an empty one counts as none.
    pub fn build(mut self) -> Result<Webhook, NoSecret> {
        let webhook = &mut self.webhook;
        webhook.encrypt_keys.retain(|key| !key.expose().is_empty());
        webhook
            .verification_tokens
            .retain(|token| !token.expose().is_empty());
        let secured = !(webhook.encrypt_keys.is_empty() && webhook.verification_tokens.is_empty());
        if secured || self.insecure {
            Ok(self.webhook)
        } else {
            Err(NoSecret)
        }
    }
}

impl Webhook {
    /// A builder for a webhook that hands events to `dispatcher`.
    ///
    /// ```
    /// use feishu_events::{Webhook, dispatcher};
    ///
    /// let webhook = Webhook::builder(dispatcher![])
    ///     .encrypt_key("the app's encrypt key")
    ///     .verification_token("the app's verification token")
    ///     .build()?;
    /// # Ok::<(), feishu_events::NoSecret>(())
    /// ```
    pub fn builder(dispatcher: Dispatcher) -> WebhookBuilder {
        let webhook = Self {
            dispatcher,
            encrypt_keys: Vec::new(),
            verification_tokens: Vec::new(),
            body_limit: BODY_LIMIT,
        };
        WebhookBuilder {
            webhook,
            insecure: false,
        }
    }

    /// The size in bytes above which a body is refused; a server need not read further.
    pub fn body_limit(&self) -> usize {
        self.body_limit
    }

    /// Handles one request: `body` as it came, before any middleware changes it.
    ///
    /// The answer is 200 when the event was handled or has no handler, so that the platform does
    /// not send it again; 500 when its handler failed, so that it does; 4xx to strangers, with
    /// the reason in the log only.
    pub async fn handle(&self, headers: &HeaderMap, body: &[u8]) -> Response<Bytes> {
        match self.receive(headers, body) {
            Ok(Received::Challenge(answer)) => respond(StatusCode::OK, answer),
            Ok(Received::Event(started)) => finish(started).await,
            Err(refusal) => {
                tracing::warn!(%refusal, "refused a webhook request");
                respond(refusal.status(), r#"{"msg":"refused"}"#)
            }
        }
    }
}

async fn finish(started: Started) -> Response<Bytes> {
    match started.finish().await {
        Ok(Dispatched::Handled(_)) => {}
        Ok(Dispatched::Unhandled { event_type }) => {
            tracing::info!(
                event_type,
                "subscribed to, but has no handler: add one or untick it"
            );
        }
        Err(error) => {
            let source = std::error::Error::source(&error).map(tracing::field::display);
            tracing::error!(%error, source, "an event was not handled");
            let failed = matches!(error, DispatchError::Handler { .. });
            let status = if failed {
                StatusCode::INTERNAL_SERVER_ERROR
            } else {
                StatusCode::BAD_REQUEST
            };
            return respond(status, r#"{"msg":"failed"}"#);
        }
    }
    respond(StatusCode::OK, r#"{"msg":"success"}"#)
}

fn respond(status: StatusCode, body: impl Into<Bytes>) -> Response<Bytes> {
    let mut response = Response::new(body.into());
    *response.status_mut() = status;
    let json = HeaderValue::from_static("application/json; charset=utf-8");
    response.headers_mut().insert(header::CONTENT_TYPE, json);
    response
}

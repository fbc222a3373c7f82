//! Building a webhook: no secret, no webhook.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::{Receiver, Webhook};
use crate::delivery::{Acceptor, DeliveryOptions};
use crate::handler::dispatcher::Dispatcher;
use crate::redact::secret::Secret;
use crate::webhook::crypto::EncryptKey;

/// The largest body that is read unless the builder says otherwise: 1 MiB.
const BODY_LIMIT: usize = 1024 * 1024;

/// Builds a [`Webhook`].
#[derive(Debug, Clone)]
#[must_use]
pub struct WebhookBuilder {
    dispatcher: Dispatcher,
    encrypt_keys: Vec<Secret>,
    verification_tokens: Vec<Secret>,
    body_limit: usize,
    max_age: Option<Duration>,
    legacy_cards: bool,
    delivery: DeliveryOptions,
    insecure: bool,
}

/// A webhook was built without the secret that it needs: it could not tell the platform from a
/// stranger.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoSecret;

impl fmt::Display for NoSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "a webhook needs the app's encrypt key or verification token, for the callbacks of \
             old cards the latter (developer console, Events & Callbacks, Encryption Strategy), \
             or `.insecure_accept_anything()`",
        )
    }
}

impl std::error::Error for NoSecret {}

impl WebhookBuilder {
    pub(super) fn new(dispatcher: Dispatcher) -> Self {
        Self {
            dispatcher,
            encrypt_keys: Vec::new(),
            verification_tokens: Vec::new(),
            body_limit: BODY_LIMIT,
            max_age: None,
            legacy_cards: false,
            delivery: DeliveryOptions::new(),
            insecure: false,
        }
    }

    /// The app's encrypt key. Events must be signed with it; the check of the URL need not be.
    /// How the platform signs and encrypts is on the page [Encrypt Key][page].
    ///
    /// [page]: https://open.feishu.cn/document/server-docs/event-subscription-guide/event-subscription-configure-/encrypt-key-encryption-configuration-case
    ///
    /// Called more than once, any of the keys will do: for the time in which a key is replaced.
    pub fn encrypt_key(mut self, key: impl Into<String>) -> Self {
        self.encrypt_keys.push(Secret::new(key.into()));
        self
    }

    /// The app's verification token. A request with another token is refused. A request without one
    /// is refused too, unless it is signed with the encrypt key. The
    /// console shows it where the [request URL][page] is set.
    ///
    /// [page]: https://open.feishu.cn/document/server-docs/event-subscription-guide/event-subscription-configure-/request-url-configuration-case
    ///
    /// Called more than once, any of the tokens will do.
    pub fn verification_token(mut self, token: impl Into<String>) -> Self {
        self.verification_tokens.push(Secret::new(token.into()));
        self
    }

    /// The size in bytes above which a body is refused; 1 MiB if it is not set.
    pub fn body_limit(mut self, bytes: usize) -> Self {
        self.body_limit = bytes;
        self
    }

    /// Refuses requests whose signed timestamp is further than this from the clock of this
    /// machine; not checked if it is not set.
    ///
    /// It keeps a request that somebody overheard from being sent again later. Nobody but the
    /// platform knows whether it signs anew when it sends an event again, the last time after 7 h
    /// 5 min 15 s: with less than 8 h, its later attempts may be refused.
    pub fn max_age(mut self, age: Duration) -> Self {
        self.max_age = Some(age);
        self
    }

    /// Makes this the receiver of the callbacks of old cards (`card.action.trigger_v1`), which
    /// have a URL of their own and are signed with the verification token.
    pub fn legacy_cards(mut self) -> Self {
        self.legacy_cards = true;
        self
    }

    /// When events are acknowledged, how many run at a time, and what remembers them.
    pub fn delivery(mut self, options: DeliveryOptions) -> Self {
        self.delivery = options;
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
    pub fn build(self) -> Result<Webhook, NoSecret> {
        let given = |secrets: Vec<Secret>| {
            let given = secrets.into_iter();
            given.filter(|secret| !secret.expose().is_empty())
        };
        let keys: Vec<_> = given(self.encrypt_keys).map(EncryptKey::new).collect();
        let tokens: Vec<_> = given(self.verification_tokens).collect();
        let secured = !tokens.is_empty() || (!keys.is_empty() && !self.legacy_cards);
        if !secured && !self.insecure {
            return Err(NoSecret);
        }
        Ok(Webhook(Arc::new(Receiver {
            acceptor: Acceptor::new(self.dispatcher, self.delivery),
            encrypt_keys: keys,
            verification_tokens: tokens,
            body_limit: self.body_limit,
            max_age: self.max_age,
            legacy_cards: self.legacy_cards,
        })))
    }
}

//! Building a webhook, which needs a secret.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::{Receiver, Webhook};
use crate::delivery::{Acceptor, DeliveryOptions};
use crate::handler::dispatcher::Dispatcher;
use crate::redact::secret::Secret;
use crate::webhook::crypto::EncryptKey;

/// The default size limit of a body: 1 MiB.
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

/// A webhook was built without a secret, so it could not verify that requests come from the
/// platform.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoSecret;

impl fmt::Display for NoSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "a webhook needs the app's encrypt key or verification token, which the developer \
             console shows under Events & Callbacks, Encryption Strategy; the callbacks of old cards \
             need the token. For tests, there is `.insecure_accept_anything()`",
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

    /// The app's encrypt key. Events must be signed with it; the URL check need not be.
    /// The platform describes how it signs and encrypts under [Encrypt Key][page].
    ///
    /// [page]: https://open.feishu.cn/document/server-docs/event-subscription-guide/event-subscription-configure-/encrypt-key-encryption-configuration-case
    ///
    /// If called more than once, any of the keys is accepted, which allows key rotation.
    pub fn encrypt_key(mut self, key: impl Into<String>) -> Self {
        self.encrypt_keys.push(Secret::new(key.into()));
        self
    }

    /// The app's verification token. A request with a different token is refused. A request without
    /// one is refused too, unless it is signed with the encrypt key.
    /// The console shows it where the [request URL][page] is set.
    ///
    /// [page]: https://open.feishu.cn/document/server-docs/event-subscription-guide/event-subscription-configure-/request-url-configuration-case
    ///
    /// If called more than once, any of the tokens is accepted.
    pub fn verification_token(mut self, token: impl Into<String>) -> Self {
        self.verification_tokens.push(Secret::new(token.into()));
        self
    }

    /// The maximum size of a body in bytes; 1 MiB by default.
    pub fn body_limit(mut self, bytes: usize) -> Self {
        self.body_limit = bytes;
        self
    }

    /// Refuses requests whose signed timestamp differs from this machine's clock by more than this;
    /// not checked by default.
    ///
    /// It prevents replays of intercepted requests. It is not documented whether the platform creates
    /// a new signature when it sends an event again, the last time after 7 h 5 min 15 s: with less than
    /// 8 h, its later attempts may be refused.
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

    /// When events are acknowledged, how many run at a time, and how they are deduplicated.
    pub fn delivery(mut self, options: DeliveryOptions) -> Self {
        self.delivery = options;
        self
    }

    /// Accepts unauthenticated events. For tests, and behind a gateway that verifies requests.
    pub fn insecure_accept_anything(mut self) -> Self {
        self.insecure = true;
        self
    }

    /// Builds the webhook.
    ///
    /// # Errors
    /// Neither encrypt key nor verification token was given; an empty one counts as missing.
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

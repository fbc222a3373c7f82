//! Building a webhook, which needs a secret.

use std::sync::Arc;
use std::time::Duration;

use super::build_error::WebhookBuildError;
use super::{Receiver, Webhook};
use crate::delivery::{Acceptor, DeliveryOptions, LogLimit};
use crate::handler::dispatcher::Dispatcher;
use crate::redact::secret::Secret;
use crate::webhook::arriving::Arriving;
use crate::webhook::crypto::{self, EncryptKey};

/// For how long a signature is good: longer than the platform's attempts to send an event, which end
/// after 7 h 5 min 15 s.
const MAX_AGE: Duration = Duration::from_secs(8 * 60 * 60);

/// For how long the signature of a callback is good, which the platform sends once.
const MAX_CALLBACK_AGE: Duration = Duration::from_secs(60 * 60);

/// What a body has beside its event: `{"encrypt":""}`, and blanks that a writer of JSON may add.
const AROUND: usize = 64;

/// Builds a [`Webhook`].
#[derive(Debug, Clone)]
#[must_use]
pub struct WebhookBuilder {
    dispatcher: Dispatcher,
    encrypt_keys: Vec<Secret>,
    verification_tokens: Vec<Secret>,
    max_age: Option<Duration>,
    max_callback_age: Option<Duration>,
    legacy_cards: bool,
    delivery: DeliveryOptions,
    insecure: bool,
}

impl WebhookBuilder {
    pub(super) fn new(dispatcher: Dispatcher) -> Self {
        Self {
            dispatcher,
            encrypt_keys: Vec::new(),
            verification_tokens: Vec::new(),
            max_age: Some(MAX_AGE),
            max_callback_age: Some(MAX_CALLBACK_AGE),
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

    /// Refuses requests that were signed longer ago than this, or more than 1 h in the future (or this,
    /// if it is less); 8 h by default, `None` for never.
    ///
    /// It prevents replays of intercepted requests. It is not documented whether the platform creates
    /// a new signature when it sends an event again, the last time after 7 h 5 min 15 s: with less than
    /// 8 h, its later attempts may be refused. Requests without a signature, where there is only a
    /// verification token, have no age that could be trusted.
    pub fn max_age(mut self, age: impl Into<Option<Duration>>) -> Self {
        self.max_age = age.into();
        self
    }

    /// Refuses callbacks that were signed longer ago than this; 1 h by default, `None` for no other
    /// limit than [`max_age`](Self::max_age).
    ///
    /// The platform sends a callback once. For as long as its signature is good, its answer is
    /// remembered, and a repetition gets the same answer without a call of the handler.
    pub fn max_callback_age(mut self, age: impl Into<Option<Duration>>) -> Self {
        self.max_callback_age = age.into();
        self
    }

    /// Receives nothing but the callbacks of old cards (`card.action.trigger_v1`), signed with the
    /// verification token.
    ///
    /// It is not needed to receive them, and excludes everything else: any webhook with a verification token recognizes them by
    /// their signature, beside the events and new cards that are signed with the encrypt key.
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
    /// Whitespace around an encrypt key is taken as part of it, as the platform does, and a warning in the
    /// log says so.
    ///
    /// # Errors
    /// Neither encrypt key nor verification token was given; an empty one counts as missing. Or one of
    /// them is blank or has a line end or another control character in it, or the token begins or ends with
    /// whitespace.
    pub fn build(self) -> Result<Webhook, WebhookBuildError> {
        let any = |secrets: &[Secret], is: fn(&str) -> bool| {
            let mut secrets = secrets.iter().map(Secret::expose);
            secrets.any(is)
        };
        // The platform makes the token, and an app's administrator can choose the key.
        if any(&self.encrypt_keys, |key| {
            has_control(key) || (!key.is_empty() && key.trim().is_empty())
        }) {
            return Err(WebhookBuildError::EncryptKey);
        }
        if any(&self.verification_tokens, |token| {
            has_control(token) || has_blank_ends(token)
        }) {
            return Err(WebhookBuildError::VerificationToken);
        }
        let key_has_blanks = any(&self.encrypt_keys, has_blank_ends);
        if key_has_blanks {
            tracing::warn!(
                "the encrypt key begins or ends with whitespace, which is taken as part of it: does \
                 the developer console show it so? Otherwise use `.trim()`"
            );
        }
        let given = |secrets: Vec<Secret>| {
            let given = secrets.into_iter();
            given.filter(|secret| !secret.expose().is_empty())
        };
        let keys: Vec<_> = given(self.encrypt_keys).map(EncryptKey::new).collect();
        let tokens: Vec<_> = given(self.verification_tokens).collect();
        let secured = !tokens.is_empty() || (!keys.is_empty() && !self.legacy_cards);
        if !secured && !self.insecure {
            return Err(WebhookBuildError::NoSecret);
        }
        if let Some(age) = self.max_callback_age {
            // A clock may be ahead by as much.
            self.delivery.remember_answers_for(age.saturating_mul(2));
        }
        let event_size_limit = self.delivery.largest_event();
        Ok(Webhook(Arc::new(Receiver {
            acceptor: Acceptor::new(self.dispatcher, self.delivery),
            encrypt_keys: keys,
            verification_tokens: tokens,
            event_size_limit,
            body_limit: crypto::encrypted_size(event_size_limit).saturating_add(AROUND),
            max_age: self.max_age,
            max_callback_age: self.max_callback_age,
            legacy_cards: self.legacy_cards,
            key_has_blanks,
            refusals: LogLimit::default(),
            arriving: Arriving::default(),
        })))
    }
}

/// Whether a secret has a character that nobody can type into the console: a file or a variable gave it.
fn has_control(secret: &str) -> bool {
    secret.chars().any(|c| c.is_control() && c != '\t')
}

fn has_blank_ends(secret: &str) -> bool {
    secret.trim() != secret
}

//! What an app has to do beyond subscribing in the console so that an event arrives.

use std::collections::BTreeMap;

/// The entries of one service, by the event's name without it.
#[derive(Debug, Clone, Default, serde::Deserialize)]
#[serde(transparent)]
pub struct ServiceAccess(pub BTreeMap<String, EventAccess>);

/// What one event needs.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EventAccess {
    /// The events that scopes bring, where each brings others: what, and any one of which scopes.
    /// Scopes that the event's page does not name are left out.
    #[serde(default)]
    pub brings: Vec<(String, Vec<String>)>,
    /// As whom an app can subscribe: `app`, `user`.
    #[serde(default)]
    pub identities: Vec<Identity>,
    /// The call that subscribes, if one is needed.
    #[serde(default)]
    pub subscription: Option<SubscriptionCall>,
    /// Where this is said: an address, or an SDK.
    pub source: String,
}

/// As whom an app subscribes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Identity {
    /// As itself, with its tenant access token.
    App,
    /// For a user, with that user's access token.
    User,
}

/// A call of the platform's API that subscribes to an event.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SubscriptionCall {
    /// The HTTP method.
    pub method: String,
    /// The path, with what it is about as `:name`.
    pub path: String,
    /// What each call is for: `file`, `user`.
    pub per: String,
}

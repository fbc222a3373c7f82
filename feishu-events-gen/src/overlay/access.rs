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
    /// If scopes cover different parts of the events: each part, and its scopes, any one of which is
    /// enough. Scopes that the event's page does not name are left out.
    #[serde(default)]
    pub brings: Vec<(String, Vec<String>)>,
    /// The identities with which an app can subscribe: `app`, `user`.
    #[serde(default)]
    pub identities: Vec<Identity>,
    /// The call that subscribes, if one is needed.
    #[serde(default)]
    pub subscription: Option<SubscriptionCall>,
    /// The source of the entry: an address, or an SDK.
    pub source: String,
}

/// The identity with which an app subscribes.
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
    /// The path, with parameters as `:name`.
    pub path: String,
    /// What one call subscribes to: `file`, `user`.
    pub per: String,
}

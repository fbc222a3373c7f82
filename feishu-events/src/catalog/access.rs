//! What an app has to do beyond subscribing in the console so that an event arrives.

use crate::catalog::event_type::{EventType, Scope};
use crate::generated::catalog::metadata;

/// Some of the events of one type, and the scopes that let an app receive them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct ScopeGroup {
    /// The events, in English: `messages in chats with the bot`.
    pub brings: &'static str,
    /// The scopes; any one of them is enough.
    pub any_of: &'static [Scope],
}

impl ScopeGroup {
    pub(crate) const fn new(brings: &'static str, any_of: &'static [Scope]) -> Self {
        Self { brings, any_of }
    }
}

/// A call of the platform's API without which an event does not arrive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Subscription {
    /// The HTTP method.
    pub method: &'static str,
    /// The path, with parameters as `:name`:
    /// `/open-apis/drive/v1/files/:file_token/subscribe`.
    pub path: &'static str,
    /// What one call subscribes to: `file`, `calendar`.
    pub per: &'static str,
}

impl Subscription {
    pub(crate) const fn new(method: &'static str, path: &'static str, per: &'static str) -> Self {
        Self { method, path, per }
    }
}

/// The identity with which an app subscribes to an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Identity {
    /// As itself, with its tenant access token.
    App,
    /// For a user, with that user's access token.
    User,
}

impl EventType {
    /// Which events each of the [`scopes`](Self::scopes) covers, if each covers only a part of them.
    /// Empty if any one of the scopes is enough for all.
    ///
    /// ```
    /// use feishu_events::EventType;
    ///
    /// let groups = EventType::ImMessageReceiveV1.scope_groups();
    /// let private = groups.iter().find(|group| group.brings.contains("chats with the bot"));
    /// assert_eq!(private.unwrap().any_of[0].name, "im:message.p2p_msg:readonly");
    /// ```
    pub fn scope_groups(self) -> &'static [ScopeGroup] {
        metadata::SCOPE_GROUPS[self as usize]
    }

    /// The call that subscribes to the event: without it, the event does not arrive, however the
    /// console is set up. `None` if no call is needed.
    ///
    /// ```
    /// use feishu_events::EventType;
    ///
    /// let call = EventType::DriveFileEditV1.subscription().expect("a call for each file");
    /// assert_eq!(call.path, "/open-apis/drive/v1/files/:file_token/subscribe");
    /// assert_eq!(EventType::ImMessageReceiveV1.subscription(), None);
    /// ```
    pub fn subscription(self) -> Option<Subscription> {
        metadata::SUBSCRIPTIONS[self as usize]
    }

    /// The identities with which an app can subscribe; empty for most events, because the pages do not
    /// say.
    pub fn identities(self) -> &'static [Identity] {
        metadata::IDENTITIES[self as usize]
    }
}

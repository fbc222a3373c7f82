//! The known events' names, and what is documented about each.

use std::fmt;
use std::str::FromStr;

use crate::catalog::all_names;
use crate::catalog::protocol::Protocol;
pub use crate::generated::catalog::event_type::EventType;
use crate::generated::catalog::metadata;

/// The kinds of app.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum AppType {
    /// An app built by a company for itself (自建应用).
    Custom,
    /// An app in the store (商店应用).
    Isv,
}

/// A scope (权限) that an app can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub struct Scope {
    /// The scope's name, for example `contact:contact.base:readonly`.
    pub name: &'static str,
    /// Whether the scope is history: apps that have it keep it, but it can no longer be applied for.
    pub history: bool,
}

impl Scope {
    pub(crate) const fn current(name: &'static str) -> Self {
        Self {
            name,
            history: false,
        }
    }

    pub(crate) const fn history(name: &'static str) -> Self {
        Self {
            name,
            history: true,
        }
    }
}

/// A field that is sent only to apps with certain scopes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct FieldScopes {
    /// The field, as a JSON pointer into the payload with `-` for list items:
    /// `/object/leaders/-/leaderID`.
    pub path: &'static str,
    /// The scopes; with any one of them the field is sent.
    pub any_of: &'static [Scope],
}

impl FieldScopes {
    pub(crate) const fn new(path: &'static str, any_of: &'static [Scope]) -> Self {
        Self { path, any_of }
    }
}

impl EventType {
    /// The event's name on the wire.
    pub fn as_str(self) -> &'static str {
        all_names::name(self as usize).unwrap_or_default()
    }

    /// The service that sends the event: the module of its type, and its cargo feature.
    pub fn service(self) -> &'static str {
        metadata::SERVICES[self as usize]
    }

    /// The title of the documentation page, in Chinese; empty for an event without a page.
    pub fn title(self) -> &'static str {
        metadata::TITLES[self as usize]
    }

    /// The envelope format in which the event arrives.
    pub fn protocol(self) -> Protocol {
        metadata::PROTOCOLS[self as usize]
    }

    /// The kinds of app that can receive the event; empty for an event without a page.
    pub fn app_types(self) -> &'static [AppType] {
        metadata::APP_TYPES[self as usize]
    }

    /// The scopes, any one of which lets an app subscribe to the event; empty if none is needed,
    /// or if they are not known because no page documents the event.
    ///
    /// ```
    /// use feishu_events::EventType;
    ///
    /// let scopes = EventType::ContactDepartmentUpdatedV3.scopes();
    /// assert!(scopes.iter().any(|scope| scope.name == "contact:contact.base:readonly"));
    /// ```
    pub fn scopes(self) -> &'static [Scope] {
        metadata::SCOPES[self as usize]
    }

    /// The fields that are sent only to apps with certain scopes.
    pub fn field_scopes(self) -> &'static [FieldScopes] {
        metadata::FIELD_SCOPES[self as usize]
    }

    /// Whether this is a callback: the platform waits for its response.
    pub fn is_callback(self) -> bool {
        metadata::ARE_CALLBACKS[self as usize]
    }

    /// The official SDKs that know the event, if no page documents it.
    pub fn known_to(self) -> &'static [&'static str] {
        metadata::KNOWN_TO[self as usize]
    }

    /// The day on which the documentation page was last changed (`YYYY-MM-DD`), if it is known.
    pub fn document_updated(self) -> Option<&'static str> {
        Some(metadata::UPDATED[self as usize]).filter(|day| !day.is_empty())
    }
}

impl fmt::Display for EventType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for EventType {
    type Err = UnknownEventType;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::from_name(name).ok_or_else(|| UnknownEventType(name.to_owned()))
    }
}

/// The error of parsing an [`EventType`] from a name that no known event has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownEventType(String);

impl fmt::Display for UnknownEventType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is not the name of a known event", self.0)
    }
}

impl std::error::Error for UnknownEventType {}

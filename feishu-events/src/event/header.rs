//! The header of an event's envelope, in one form for both protocols.

use std::time::SystemTime;

use std::fmt;

use crate::catalog::protocol::Protocol;
use crate::event::time::instant;
use crate::event::user_id::UserId;
use crate::json::record::{Record, RecordDef, Slot, View, slot, view};
use crate::json::report::Report;

/// The header of an event's envelope.
///
/// ```
/// # use feishu_events::Envelope;
/// let envelope = Envelope::from_slice(br#"{
///     "ts": "1502199207.7171419", "uuid": "bc44", "token": "41a9", "type": "event_callback",
///     "event": { "type": "acme_thing", "app_id": "cli_1", "tenant_key": "2ca1" }
/// }"#)?;
/// assert_eq!(envelope.header.event_id.as_deref(), Some("bc44"));
/// assert_eq!(envelope.header.tenant_key.as_deref(), Some("2ca1"));
/// # Ok::<(), feishu_events::EnvelopeError>(())
/// ```
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub struct Header {
    /// The format of the envelope.
    pub protocol: Protocol,
    /// The name of the event: `header.event_type`, in protocol 1.0 `event.type`.
    pub event_type: String,
    /// The id of this event, the same when it is sent again; in protocol 1.0 `uuid`.
    pub event_id: Option<String>,
    /// When the event was sent, as received: milliseconds or microseconds since 1970; in
    /// protocol 1.0 `ts`, seconds with a fraction.
    pub create_time: Option<String>,
    /// The verification token of the app.
    pub token: Option<String>,
    /// The app that receives the event.
    pub app_id: Option<String>,
    /// The tenant in which the event happened.
    pub tenant_key: Option<String>,
    /// The resource that was subscribed to, in events of cloud documents.
    pub resource_id: Option<String>,
    /// The users on whose behalf the resource was subscribed to, in events of cloud documents.
    pub user_list: Option<Vec<UserId>>,
}

impl fmt::Debug for Header {
    /// All but the verification token, which must not be logged.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let token = self.token.as_ref().map(|_| "[secret]");
        f.debug_struct("Header")
            .field("protocol", &self.protocol)
            .field("event_type", &self.event_type)
            .field("event_id", &self.event_id)
            .field("create_time", &self.create_time)
            .field("token", &token)
            .field("app_id", &self.app_id)
            .field("tenant_key", &self.tenant_key)
            .field("resource_id", &self.resource_id)
            .field("user_list", &self.user_list)
            .finish()
    }
}

impl Header {
    /// [`create_time`](Self::create_time) as a point in time.
    ///
    /// Time crates convert from [`SystemTime`]: `jiff::Timestamp::try_from`,
    /// `time::OffsetDateTime::from`, `chrono::DateTime::<Utc>::from`.
    pub fn create_time_at(&self) -> Option<SystemTime> {
        // Protocol 1.0 has seconds with a fraction.
        let whole = self.create_time.as_deref()?.split('.').next();
        instant(&whole)
    }

    /// A header with only the protocol and the event type.
    pub(crate) fn new(protocol: Protocol, event_type: String) -> Self {
        Self {
            protocol,
            event_type,
            event_id: None,
            create_time: None,
            token: None,
            app_id: None,
            tenant_key: None,
            resource_id: None,
            user_list: None,
        }
    }
}

/// Stands in for a token that is not a string, and matches no verification token.
pub(crate) const NO_TOKEN: &str = "(a token that is not a string)";

/// The member `header` of protocol 2.0, as in the JSON.
#[derive(Default)]
pub(crate) struct HeaderV2 {
    pub(crate) event_id: Option<String>,
    pub(crate) event_type: Option<String>,
    pub(crate) create_time: Option<String>,
    /// Some approval events have this instead of `create_time`.
    pub(crate) event_create_time: Option<String>,
    pub(crate) token: Option<String>,
    pub(crate) app_id: Option<String>,
    pub(crate) tenant_key: Option<String>,
    pub(crate) resource_id: Option<String>,
    pub(crate) user_list: Option<Vec<UserId>>,
}

impl HeaderV2 {
    /// The header, if it names an event.
    ///
    /// Unlike a payload, it is not converted: the event's name must be a string, because it decides what
    /// the rest means, and a token that is not a string is replaced by one that matches nothing.
    pub(crate) fn checked(mut self, reports: &[Report]) -> Option<Header> {
        let is_string = |path| !reports.iter().any(|report| report.path == path);
        if !is_string("/token") {
            self.token = Some(NO_TOKEN.to_owned());
        }
        self.into_header().filter(|_| is_string("/event_type"))
    }

    fn into_header(self) -> Option<Header> {
        Some(Header {
            protocol: Protocol::V2,
            event_type: self.event_type.filter(|name| !name.is_empty())?,
            event_id: self.event_id,
            create_time: self.create_time.or(self.event_create_time),
            token: self.token,
            app_id: self.app_id,
            tenant_key: self.tenant_key,
            resource_id: self.resource_id,
            user_list: self.user_list,
        })
    }
}

impl From<&Header> for HeaderV2 {
    fn from(header: &Header) -> Self {
        let header = header.clone();
        Self {
            event_id: header.event_id,
            event_type: Some(header.event_type),
            create_time: header.create_time,
            event_create_time: None,
            token: header.token,
            app_id: header.app_id,
            tenant_key: header.tenant_key,
            resource_id: header.resource_id,
            user_list: header.user_list,
        }
    }
}

impl Record for HeaderV2 {
    fn def(&self) -> &'static RecordDef {
        &RecordDef {
            event: None,
            name: "Header",
            fields: &[
                "event_id",
                "event_type",
                "create_time",
                "event_create_time",
                "token",
                "app_id",
                "tenant_key",
                "resource_id",
                "user_list",
            ],
        }
    }
    fn slots(&mut self, fill: &mut dyn FnMut(&mut [Slot<'_>])) {
        fill(&mut [
            slot(&mut self.event_id),
            slot(&mut self.event_type),
            slot(&mut self.create_time),
            slot(&mut self.event_create_time),
            slot(&mut self.token),
            slot(&mut self.app_id),
            slot(&mut self.tenant_key),
            slot(&mut self.resource_id),
            slot(&mut self.user_list),
        ]);
    }
    fn views(&self, show: &mut dyn FnMut(&[View<'_>])) {
        show(&[
            view(&self.event_id),
            view(&self.event_type),
            view(&self.create_time),
            view(&self.event_create_time),
            view(&self.token),
            view(&self.app_id),
            view(&self.tenant_key),
            view(&self.resource_id),
            view(&self.user_list),
        ]);
    }
}

//! Reads any envelope in two steps: finds its members, then reads them.

use serde_json::value::RawValue;

use super::raw_members::each_member;
use super::{EnvelopeError, LazyPayload, RawEnvelope};
use crate::catalog::protocol::Protocol;
use crate::event::header::{Header, HeaderV2, NO_TOKEN};
use crate::json::read;
use crate::json::scan::whole_string;

/// The outermost members of an event or a check of a URL, not parsed yet.
///
/// If a member is repeated, the last one counts, as in the official SDKs.
#[derive(Default)]
pub(crate) struct Members<'a> {
    schema: Option<&'a str>,
    header: Option<&'a str>,
    event: Option<&'a str>,
    ts: Option<&'a str>,
    uuid: Option<&'a str>,
    kind: Option<&'a str>,
    pub(crate) token: Option<&'a str>,
    pub(crate) challenge: Option<&'a str>,
    pub(crate) encrypt: Option<&'a str>,
}

impl<'a> Members<'a> {
    #[cfg(any(feature = "webhook", feature = "long-connection", test))]
    pub(crate) fn from_slice(bytes: &'a [u8]) -> Result<Self, EnvelopeError> {
        let text = std::str::from_utf8(bytes).map_err(EnvelopeError::NotUtf8)?;
        Self::from_text(text)
    }

    pub(in crate::event::envelope) fn from_text(text: &'a str) -> Result<Self, EnvelopeError> {
        Self::read(text).map_err(EnvelopeError::NotAnObject)
    }

    /// Whether this is the platform's check of a URL rather than an event.
    #[cfg(feature = "webhook")]
    pub(crate) fn is_url_verification(&self) -> bool {
        string(self.kind).as_deref() == Some("url_verification")
    }

    /// Whether there is an event in these, or something encrypted: a bare callback has neither.
    #[cfg(feature = "webhook")]
    pub(crate) fn is_enveloped(&self) -> bool {
        let of_events = [self.schema, self.header, self.event, self.encrypt];
        of_events.iter().any(Option::is_some)
    }

    /// The verification token, in either protocol. Nothing else is read, because the sender has not
    /// been verified yet.
    #[cfg(feature = "webhook")]
    pub(crate) fn verification_token(&self) -> Result<Option<String>, EnvelopeError> {
        let is_v2 = self.schema.is_some_and(is_schema);
        if !is_v2 || self.is_url_verification() {
            return Ok(token(self.token));
        }
        let header = HeaderToken::read(object(self.header, "header")?)
            .map_err(EnvelopeError::NotAnObject)?;
        Ok(token(header.token))
    }

    /// Reads the members as an envelope, in either protocol.
    pub(crate) fn into_envelope(self) -> Result<RawEnvelope<'a>, EnvelopeError> {
        let has_schema = self.schema.is_some_and(is_schema);
        let payload = object(self.event, "event")
            .and_then(|json| serde_json::from_str(json).map_err(EnvelopeError::NotAnObject));
        if has_schema {
            let json = object(self.header, "header")?;
            let mut members = HeaderV2::default();
            let met = read::read_str(&mut members, json).map_err(EnvelopeError::NotAnObject)?;
            let reports = met.reports;
            let header = members.checked(&reports);
            let header = header.ok_or(EnvelopeError::NoEventType("header.event_type"))?;
            return Ok(RawEnvelope::new(header, LazyPayload::found(payload?)));
        }
        let payload: &RawValue = payload?;
        let inner = InnerV1::read(payload.get()).map_err(EnvelopeError::NotAnObject)?;
        let event_type = string(inner.kind).filter(|name| !name.is_empty());
        let event_type = event_type.ok_or(EnvelopeError::NoEventType("event.type"))?;
        let header = Header {
            event_id: text(self.uuid),
            create_time: text(self.ts),
            token: token(self.token),
            app_id: text(inner.app_id),
            tenant_key: text(inner.tenant_key),
            ..Header::new(Protocol::V1, event_type)
        };
        Ok(RawEnvelope::new(header, LazyPayload::found(payload)))
    }
}

/// Whether the JSON of the member `schema` means protocol 2.0.
pub(in crate::event::envelope) fn is_schema(json: &str) -> bool {
    !matches!(json, "\"\"" | "null")
}

fn object<'a>(member: Option<&'a str>, name: &'static str) -> Result<&'a str, EnvelopeError> {
    match member {
        Some("null") => Err(EnvelopeError::Null(name)),
        _ => member
            .filter(|json| json.starts_with('{'))
            .ok_or(EnvelopeError::NoObject(name)),
    }
}

/// The value of a member that is a string.
pub(crate) fn string(member: Option<&str>) -> Option<String> {
    whole_string(member?)
}

/// The token; [`NO_TOKEN`] for one that is not a string.
fn token(member: Option<&str>) -> Option<String> {
    let member = member.filter(|json| *json != "null")?;
    Some(string(Some(member)).unwrap_or_else(|| NO_TOKEN.to_owned()))
}

/// The value of a member that is a string, or the digits of one that is a number.
fn text(member: Option<&str>) -> Option<String> {
    let json = member?;
    let is_number = json.starts_with(|c: char| c == '-' || c.is_ascii_digit());
    if is_number {
        Some(json.to_owned())
    } else {
        string(member)
    }
}

/// The members of a 1.0 payload that name the event, the app and the tenant.
#[derive(Default)]
struct InnerV1<'a> {
    kind: Option<&'a str>,
    app_id: Option<&'a str>,
    tenant_key: Option<&'a str>,
}

/// The member of a 2.0 header that authenticates its sender.
#[cfg(feature = "webhook")]
#[derive(Default)]
struct HeaderToken<'a> {
    token: Option<&'a str>,
}

/// Implements `read`: the listed members of an object.
macro_rules! raw_members {
    ($type:ident { $($name:literal => $field:ident,)* }) => {
        impl<'a> $type<'a> {
            fn read(text: &'a str) -> Result<Self, serde_json::Error> {
                let mut members = Self::default();
                each_member(text, &mut |name, json| match name {
                    $($name => members.$field = Some(json),)*
                    _ => {}
                })?;
                Ok(members)
            }
        }
    };
}

raw_members!(Members {
    "schema" => schema,
    "header" => header,
    "event" => event,
    "ts" => ts,
    "uuid" => uuid,
    "type" => kind,
    "token" => token,
    "challenge" => challenge,
    "encrypt" => encrypt,
});

raw_members!(InnerV1 {
    "type" => kind,
    "app_id" => app_id,
    "tenant_key" => tenant_key,
});

#[cfg(feature = "webhook")]
raw_members!(HeaderToken {
    "token" => token,
});

//! Reads any envelope in two steps: finds its members, then reads them.

use std::fmt;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::{EnvelopeError, LazyPayload, RawEnvelope};
use crate::catalog::protocol::Protocol;
use crate::event::header::{Header, HeaderV2, NO_TOKEN};
use crate::json::read;

/// The outermost members of an event or a check of a URL, not parsed yet.
///
/// If a member is repeated, the last one counts, as in the official SDKs.
#[derive(Default)]
pub(crate) struct Members<'a> {
    schema: Option<&'a RawValue>,
    header: Option<&'a RawValue>,
    event: Option<&'a RawValue>,
    ts: Option<&'a RawValue>,
    uuid: Option<&'a RawValue>,
    kind: Option<&'a RawValue>,
    pub(crate) token: Option<&'a RawValue>,
    pub(crate) challenge: Option<&'a RawValue>,
    pub(crate) encrypt: Option<&'a RawValue>,
}

impl<'a> Members<'a> {
    #[cfg(any(feature = "webhook", feature = "long-connection", test))]
    pub(crate) fn from_slice(bytes: &'a [u8]) -> Result<Self, EnvelopeError> {
        let text = std::str::from_utf8(bytes).map_err(EnvelopeError::NotUtf8)?;
        Self::from_text(text)
    }

    pub(in crate::event::envelope) fn from_text(text: &'a str) -> Result<Self, EnvelopeError> {
        serde_json::from_str(text).map_err(EnvelopeError::NotAnObject)
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
        let is_v2 = self.schema.is_some_and(|schema| is_schema(schema.get()));
        if !is_v2 || self.is_url_verification() {
            return Ok(token(self.token));
        }
        let header: HeaderToken<'_> = serde_json::from_str(object(self.header, "header")?.get())
            .map_err(EnvelopeError::NotAnObject)?;
        Ok(token(header.token))
    }

    /// Reads the members as an envelope, in either protocol.
    pub(crate) fn into_envelope(self) -> Result<RawEnvelope<'a>, EnvelopeError> {
        let has_schema = self.schema.is_some_and(|schema| is_schema(schema.get()));
        let payload = object(self.event, "event");
        if has_schema {
            let json = object(self.header, "header")?.get();
            let mut members = HeaderV2::default();
            let met = read::read_str(&mut members, json).map_err(EnvelopeError::NotAnObject)?;
            let reports = met.reports;
            let header = members.checked(&reports);
            let header = header.ok_or(EnvelopeError::NoEventType("header.event_type"))?;
            return Ok(RawEnvelope::new(header, LazyPayload::found(payload?)));
        }
        let payload = payload?;
        let inner: InnerV1<'_> =
            serde_json::from_str(payload.get()).map_err(EnvelopeError::NotAnObject)?;
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

fn object<'a>(
    member: Option<&'a RawValue>,
    name: &'static str,
) -> Result<&'a RawValue, EnvelopeError> {
    match member.map(RawValue::get) {
        Some("null") => Err(EnvelopeError::Null(name)),
        _ => member
            .filter(|json| json.get().starts_with('{'))
            .ok_or(EnvelopeError::NoObject(name)),
    }
}

/// The value of a member that is a string.
pub(crate) fn string(member: Option<&RawValue>) -> Option<String> {
    serde_json::from_str(member?.get()).ok()
}

/// The token; [`NO_TOKEN`] for one that is not a string.
fn token(member: Option<&RawValue>) -> Option<String> {
    let member = member.filter(|json| json.get() != "null")?;
    Some(string(Some(member)).unwrap_or_else(|| NO_TOKEN.to_owned()))
}

/// The value of a member that is a string, or the digits of one that is a number.
fn text(member: Option<&RawValue>) -> Option<String> {
    let json = member?.get();
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
    kind: Option<&'a RawValue>,
    app_id: Option<&'a RawValue>,
    tenant_key: Option<&'a RawValue>,
}

/// The member of a 2.0 header that authenticates its sender.
#[cfg(feature = "webhook")]
#[derive(Default)]
struct HeaderToken<'a> {
    token: Option<&'a RawValue>,
}

/// Reads a member's name as one of these, or `None`, without copying it.
struct OneOf<'n>(&'n [&'static str]);

impl<'de> DeserializeSeed<'de> for OneOf<'_> {
    type Value = Option<&'static str>;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for OneOf<'_> {
    type Value = Option<&'static str>;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a member's name")
    }
    fn visit_str<E>(self, name: &str) -> Result<Self::Value, E> {
        Ok(self.0.iter().copied().find(|known| *known == name))
    }
}

/// Implements `Deserialize`: reads the listed members of an object as raw JSON and skips others.
macro_rules! raw_members {
    ($type:ident { $($name:literal => $field:ident,)* }) => {
        impl<'de: 'a, 'a> Deserialize<'de> for $type<'a> {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Read;
                impl<'de> Visitor<'de> for Read {
                    type Value = $type<'de>;
                    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                        f.write_str("an object")
                    }
                    fn visit_map<A: MapAccess<'de>>(
                        self,
                        mut map: A,
                    ) -> Result<Self::Value, A::Error> {
                        let mut members = $type::default();
                        while let Some(name) = map.next_key_seed(OneOf(&[$($name,)*]))? {
                            match name {
                                $(Some($name) => members.$field = Some(map.next_value()?),)*
                                _ => drop(map.next_value::<IgnoredAny>()?),
                            }
                        }
                        Ok(members)
                    }
                }
                deserializer.deserialize_map(Read)
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

//! Why a request is refused.

use std::fmt;
use std::time::Duration;

use http::StatusCode;

use crate::event::envelope::EnvelopeError;
use crate::webhook::crypto::DecryptError;

/// Why a webhook request is refused. Each is logged with what to check.
///
/// The HTTP response does not say which it was, so that an attacker learns nothing from it.
#[derive(Debug)]
#[non_exhaustive]
pub enum Refusal {
    /// The body has more bytes than the limit.
    BodyTooLarge {
        /// The limit in bytes.
        limit: usize,
    },
    /// The bodies that are arriving take as much memory as allowed.
    TooManyBodies,
    /// An encrypt key is configured and this signature header is missing.
    SignatureMissing(&'static str),
    /// An encrypt key is configured, and the request is neither signed nor encrypted: the developer
    /// console probably has no encrypt key.
    NotSigned,
    /// This signature header came with underscores in its name.
    HeaderRenamed(&'static str),
    /// The body is compressed.
    Compressed,
    /// The signature does not match the body, or a signature header was given twice.
    SignatureMismatch,
    /// The request fits no encrypt key, and one that is configured begins or ends with whitespace.
    EncryptKeyHasBlanks,
    /// The request is signed as the callback of an old card, and the signature does not match the body.
    CardSignatureMismatch,
    /// The request is signed as the callback of an old card, and no verification token is configured.
    CardTokenMissing,
    /// The request is signed as the callback of an old card, and is something else.
    CardSignatureOnEvent,
    /// Only the callbacks of old cards are received, and the request is signed with an encrypt key.
    NotAnOldCard,
    /// The request was signed too long ago or in the future, so it may be a replay.
    TooOld {
        /// How old a request may be.
        max_age: Duration,
    },
    /// The body is not a JSON object.
    BodyNotJson(EnvelopeError),
    /// The body is encrypted, and no encrypt key is configured.
    EncryptKeyMissing,
    /// The member `encrypt` is not a string.
    EncryptNotString,
    /// The body cannot be decrypted.
    Decrypt(DecryptError),
    /// The decrypted text is not a JSON object.
    PlaintextNotJson(EnvelopeError),
    /// A verification token is configured, and the request has none.
    TokenMissing,
    /// The request's verification token does not match.
    TokenMismatch,
    /// A check of the URL has no challenge, or one that is not a string.
    ChallengeInvalid,
    /// The request is authentic, but not an event that can be handled.
    Envelope(EnvelopeError),
}

impl Refusal {
    /// The status of the answer.
    pub(super) fn status(&self) -> StatusCode {
        match self {
            Self::BodyTooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooManyBodies => StatusCode::SERVICE_UNAVAILABLE,
            // The request is authentic: the platform sends it again, so there is time to fix the type.
            Self::Envelope(EnvelopeError::Payload { .. }) => StatusCode::INTERNAL_SERVER_ERROR,
            // One status for everything else: it must not reveal how far a forged request got.
            _ => StatusCode::UNAUTHORIZED,
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BodyTooLarge { limit } => write!(
                f,
                "the body has more than {limit} bytes: see `event_size_limit`"
            ),
            Self::TooManyBodies => f.write_str(
                "the bodies that are arriving take as much memory as `memory_limit` allows",
            ),
            Self::NotSigned => f.write_str(
                "the request is neither signed nor encrypted, but the webhook has an encrypt key: \
                 does the developer console have it too (Events & Callbacks, Encryption Strategy)?",
            ),
            Self::HeaderRenamed(header) => write!(
                f,
                "the header `{header}` came with `_` in place of `-`: a proxy or gateway renamed \
                 it, and has to pass it on as it is"
            ),
            Self::Compressed => f.write_str(
                "the body is compressed, and the platform sends and signs it uncompressed: a proxy \
                 compressed it, so turn that off, or decompress it before the webhook",
            ),
            Self::EncryptKeyHasBlanks => f.write_str(
                "the request does not fit the encrypt key, which begins or ends with whitespace: is \
                 the whitespace part of it in the developer console? Otherwise use `.trim()`",
            ),
            Self::CardSignatureMismatch => f.write_str(
                "signed with a verification token as the callback of an old card, and the signature \
                 does not match the body: is this the token of another app, or did a middleware \
                 change the body?",
            ),
            Self::CardTokenMissing => f.write_str(
                "signed with a verification token as the callback of an old card, but the webhook \
                 has no verification token: add `.verification_token(…)`",
            ),
            Self::CardSignatureOnEvent => f.write_str(
                "an event that is signed with a verification token, as only the callbacks of old \
                 cards are: was it sent by someone other than the platform?",
            ),
            Self::NotAnOldCard => f.write_str(
                "signed with an encrypt key, but this webhook receives only the callbacks of old \
                 cards: for events and new cards, add `.encrypt_key(…)` and remove `.legacy_cards()`",
            ),
            Self::SignatureMissing(header) => write!(
                f,
                "the header `{header}` is missing: events are signed once the app has an encrypt \
                 key; does a proxy drop headers?"
            ),
            Self::SignatureMismatch => f.write_str(
                "the signature does not match the body: did a middleware change the body, or is \
                 this the encrypt key of another app?",
            ),
            Self::TooOld { max_age } => write!(
                f,
                "signed more than {max_age:?} before or after now: is the clock right, or is \
                 this a replayed request?"
            ),
            Self::BodyNotJson(error) => write!(f, "the body is not an event: {error}"),
            Self::EncryptKeyMissing => f.write_str(
                "the body is encrypted, but the webhook has no encrypt key: copy it from the \
                 developer console (Events & Callbacks, Encryption Strategy)",
            ),
            Self::EncryptNotString => f.write_str(
                "the member `encrypt` is not a string: did a middleware change the body?",
            ),
            Self::Decrypt(error) => error.fmt(f),
            Self::PlaintextNotJson(error) => write!(
                f,
                "decrypted, but not an event ({error}): is this the encrypt key of another app?"
            ),
            Self::TokenMissing => f.write_str(
                "the verification token is missing: was this sent by someone other than the \
                 platform?",
            ),
            Self::TokenMismatch => f.write_str(
                "the verification token does not match: is this request for another app?",
            ),
            Self::ChallengeInvalid => f.write_str(
                "a check of the URL without a challenge: was it sent by someone other than the \
                 platform?",
            ),
            Self::Envelope(error) => write!(
                f,
                "authenticated, but not an event that can be handled: {error}"
            ),
        }
    }
}

impl std::error::Error for Refusal {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::BodyNotJson(error) | Self::PlaintextNotJson(error) | Self::Envelope(error) => {
                error.source()
            }
            _ => None,
        }
    }
}

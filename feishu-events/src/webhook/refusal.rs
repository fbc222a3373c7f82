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
    /// An encrypt key is configured and this signature header is missing.
    SignatureMissing(&'static str),
    /// The signature does not match the body, or a signature header was given twice.
    SignatureMismatch,
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
            Self::BodyTooLarge { limit } => write!(f, "the body has more than {limit} bytes"),
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

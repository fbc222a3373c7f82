//! Why a request is refused.

use std::fmt;
use std::time::Duration;

use http::StatusCode;

use crate::event::envelope::EnvelopeError;
use crate::webhook::crypto::DecryptError;

/// Why a webhook request is refused. Each is logged with what to check.
///
/// The HTTP answer does not tell which it was: a stranger learns nothing from it.
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
    /// The signature does not fit the body, or a signature header was given twice.
    SignatureMismatch,
    /// The request was signed at another time than now, so it may be an old one sent again.
    TooOld {
        /// How old a request may be.
        max_age: Duration,
    },
    /// The body is no JSON object.
    BodyNotJson(EnvelopeError),
    /// The body is encrypted, and no encrypt key is configured.
    EncryptKeyMissing,
    /// The member `encrypt` is not a string.
    EncryptNotString,
    /// The body cannot be decrypted.
    Decrypt(DecryptError),
    /// What was decrypted is no JSON object.
    PlaintextNotJson(EnvelopeError),
    /// A verification token is configured, and the request has none.
    TokenMissing,
    /// The request's verification token is another one.
    TokenMismatch,
    /// A check of the URL has no challenge, or one that is not a string.
    ChallengeInvalid,
    /// The request is authentic, and no event.
    Envelope(EnvelopeError),
}

impl Refusal {
    /// The status of the answer.
    pub(super) fn status(&self) -> StatusCode {
        match self {
            Self::BodyTooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            // The sender is who it says: the platform sends it again while this is mended.
            Self::Envelope(EnvelopeError::Payload { .. }) => StatusCode::INTERNAL_SERVER_ERROR,
            // One status for all else: the answer must not tell how far a forgery came.
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
                "the signature does not fit the body: did a middleware change the body, or is \
                 this the encrypt key of another app?",
            ),
            Self::TooOld { max_age } => write!(
                f,
                "signed more than {max_age:?} before or after now: is the clock right, or is \
                 this an old request sent again?"
            ),
            Self::BodyNotJson(error) => write!(f, "the body is no event: {error}"),
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
                "decrypted, but no event ({error}): is this the encrypt key of another app?"
            ),
            Self::TokenMissing => f.write_str(
                "the verification token is missing: was this sent by someone else than the \
                 platform?",
            ),
            Self::TokenMismatch => f.write_str(
                "the verification token is another one: is this request for another app?",
            ),
            Self::ChallengeInvalid => f.write_str(
                "a check of the URL without a challenge: was it sent by someone else than the \
                 platform?",
            ),
            Self::Envelope(error) => write!(
                f,
                "signed or with the right token, but no event that can be handled: {error}"
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

//! The signature of a body, and its age.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http::{HeaderMap, HeaderName};

use super::SignedBy;
use crate::webhook::crypto::{Signed, card_signature, equal};
use crate::webhook::{Receiver, Refusal};

static TIMESTAMP: HeaderName = HeaderName::from_static("x-lark-request-timestamp");
static NONCE: HeaderName = HeaderName::from_static("x-lark-request-nonce");
static SIGNATURE: HeaderName = HeaderName::from_static("x-lark-signature");

impl Receiver {
    /// Verifies the signature and returns the secret that made it.
    pub(super) fn verify_signature(
        &self,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Result<SignedBy<'_>, Refusal> {
        let unsigned = if self.legacy_cards {
            self.verification_tokens.is_empty()
        } else {
            self.encrypt_keys.is_empty()
        };
        if unsigned {
            return Ok(SignedBy::Nobody);
        }
        let parts = Signed {
            timestamp: single(headers, &TIMESTAMP)?,
            nonce: single(headers, &NONCE)?,
            body,
        };
        let signature = single(headers, &SIGNATURE)?;
        let signed_by = if self.legacy_cards {
            let mut tokens = self.verification_tokens.iter();
            tokens
                .any(|token| equal(&card_signature(token.expose(), parts), signature))
                .then_some(SignedBy::VerificationToken)
        } else {
            let mut keys = self.encrypt_keys.iter();
            keys.find(|key| key.signed(signature, parts))
                .map(SignedBy::EncryptKey)
        };
        let signed_by = signed_by.ok_or(Refusal::SignatureMismatch)?;
        if let Some(max_age) = self.max_age {
            check_age(parts.timestamp, max_age)?;
        }
        Ok(signed_by)
    }
}

/// Checks that `timestamp`, in seconds since 1970, is not further from now than `max_age`.
fn check_age(timestamp: &[u8], max_age: Duration) -> Result<(), Refusal> {
    let seconds = std::str::from_utf8(timestamp)
        .ok()
        .and_then(|text| text.parse().ok());
    let signed_at =
        seconds.and_then(|seconds| UNIX_EPOCH.checked_add(Duration::from_secs(seconds)));
    let signed_at = signed_at.ok_or(Refusal::TooOld { max_age })?;
    let distance = match SystemTime::now().duration_since(signed_at) {
        Ok(past) => past,
        Err(future) => future.duration(),
    };
    if distance > max_age {
        return Err(Refusal::TooOld { max_age });
    }
    Ok(())
}

/// The value of a header that may be given once, or several times with the same value.
fn single<'a>(headers: &'a HeaderMap, name: &'static HeaderName) -> Result<&'a [u8], Refusal> {
    let mut values = headers.get_all(name).iter();
    let first = values
        .next()
        .ok_or(Refusal::SignatureMissing(name.as_str()))?;
    if values.any(|other| other != first) {
        return Err(Refusal::SignatureMismatch);
    }
    Ok(first.as_bytes())
}

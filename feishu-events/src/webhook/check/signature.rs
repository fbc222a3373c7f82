//! The signature of a body, and its age.

use std::time::{Duration, SystemTime};

use http::{HeaderMap, HeaderName, HeaderValue};

use super::SignedBy;
use crate::event::time::instant;
use crate::webhook::crypto::{Signed, card_signature, equal};
use crate::webhook::{Receiver, Refusal};

const TIMESTAMP: &str = "x-lark-request-timestamp";
const NONCE: &str = "x-lark-request-nonce";
const SIGNATURE: &str = "x-lark-signature";

/// Made beforehand: to look a header up by text compiles the list of all names.
static SIGNATURE_NAME: HeaderName = HeaderName::from_static(SIGNATURE);

/// How many hex digits the signature of an old card's callback has: SHA-1. Any other has more.
const CARD_SIGNATURE: usize = 40;

/// How far ahead the clock may be that signed a request.
const AHEAD: Duration = Duration::from_secs(60 * 60);

impl Receiver {
    /// Verifies the signature and returns the secret that made it.
    pub(super) fn verify_signature<'a>(
        &'a self,
        headers: &'a HeaderMap,
        body: &'a [u8],
    ) -> Result<SignedBy<'a>, Refusal> {
        let given = || headers.get(&SIGNATURE_NAME).map(HeaderValue::as_bytes);
        let is_card = |signature: &[u8]| signature.len() == CARD_SIGNATURE;
        if !self.verification_tokens.is_empty() && given().is_some_and(is_card) {
            return self.verify_card(Request::of(headers, body)?);
        }
        if self.legacy_cards && !self.verification_tokens.is_empty() {
            Request::of(headers, body)?;
            return Err(Refusal::NotAnOldCard);
        }
        if !self.encrypt_keys.is_empty() && !self.legacy_cards {
            let Request { parts, signature } = Request::of(headers, body)?;
            if is_card(signature) {
                return Err(Refusal::CardTokenMissing);
            }
            let mut keys = self.encrypt_keys.iter();
            let key = keys.find(|key| key.signed(signature, parts));
            let key = key.ok_or(Refusal::SignatureMismatch)?;
            let age = self.check_age(parts.timestamp, self.max_age)?;
            return Ok(SignedBy::EncryptKey { key, age });
        }
        Ok(SignedBy::Nobody)
    }

    fn verify_card<'a>(&self, request: Request<'a>) -> Result<SignedBy<'a>, Refusal> {
        let Request { parts, signature } = request;
        let mut tokens = self.verification_tokens.iter();
        if !tokens.any(|token| equal(&card_signature(token.expose(), parts), signature)) {
            return Err(Refusal::CardSignatureMismatch);
        }
        let age = self.check_age(parts.timestamp, self.max_age)?;
        self.check_callback_age(age)?;
        Ok(SignedBy::VerificationToken { signature })
    }

    /// Checks the age of a callback, however old events may be.
    pub(super) fn check_callback_age(&self, age: Option<Duration>) -> Result<(), Refusal> {
        match self.max_callback_age {
            Some(max_age) if age.is_none_or(|age| age > max_age) => {
                Err(Refusal::TooOld { max_age })
            }
            _ => Ok(()),
        }
    }

    /// Checks that a signature's timestamp is not too old or in the future, and gives back its age,
    /// unless it does not matter or the timestamp is none.
    fn check_age(
        &self,
        timestamp: &[u8],
        max_age: Option<Duration>,
    ) -> Result<Option<Duration>, Refusal> {
        if max_age.is_none() && self.max_callback_age.is_none() {
            return Ok(None);
        }
        let text = std::str::from_utf8(timestamp).ok();
        let age =
            instant(&text).and_then(|signed| match SystemTime::now().duration_since(signed) {
                Ok(age) => Some(age),
                Err(ahead) => (ahead.duration() <= AHEAD).then_some(ahead.duration()),
            });
        match max_age {
            Some(max_age) if age.is_none_or(|age| age > max_age) => {
                Err(Refusal::TooOld { max_age })
            }
            _ => Ok(age),
        }
    }
}

/// A request that has all headers of a signed one.
#[derive(Clone, Copy)]
struct Request<'a> {
    parts: Signed<'a>,
    signature: &'a [u8],
}

impl<'a> Request<'a> {
    /// Each header may be given once, or several times with the same value.
    fn of(headers: &'a HeaderMap, body: &'a [u8]) -> Result<Self, Refusal> {
        let mut found = [None; 3];
        // One pass over all of them costs less than to look up each.
        for (name, value) in headers {
            let place = match name.as_str() {
                TIMESTAMP => &mut found[0],
                NONCE => &mut found[1],
                SIGNATURE => &mut found[2],
                _ => continue,
            };
            let value = value.as_bytes();
            if *place.get_or_insert(value) != value {
                return Err(Refusal::SignatureMismatch);
            }
        }
        let [timestamp, nonce, signature] = found;
        let parts = Signed {
            timestamp: timestamp.ok_or(Refusal::SignatureMissing(TIMESTAMP))?,
            nonce: nonce.ok_or(Refusal::SignatureMissing(NONCE))?,
            body,
        };
        let signature = signature.ok_or(Refusal::SignatureMissing(SIGNATURE))?;
        Ok(Self { parts, signature })
    }
}

//! From a request to an event that is known to come from the platform.
//!
//! The order of the checks keeps a stranger from learning anything: the signature is verified
//! over the bytes as they came, before anything is parsed or decrypted.

use bytes::Bytes;
use http::HeaderMap;
use serde_json::value::RawValue;

use super::{Refusal, Webhook};
use crate::context::{Delivery, Transport};
use crate::crypto;
use crate::dispatch::Started;
use crate::envelope::{Members, string};
use crate::secret::Secret;

const TIMESTAMP: &str = "x-lark-request-timestamp";
const NONCE: &str = "x-lark-request-nonce";
const SIGNATURE: &str = "x-lark-signature";

/// A request that passed all checks.
pub(super) enum Received {
    /// A check of the URL, and its answer.
    Challenge(Bytes),
    /// An event with its handler.
    Event(Started),
}

impl Webhook {
    pub(super) fn receive(&self, headers: &HeaderMap, body: &[u8]) -> Result<Received, Refusal> {
        if body.len() > self.body_limit {
            return Err(Refusal::BodyTooLarge {
                limit: self.body_limit,
            });
        }
        let signed = self.verify_signature(headers, body);
        if let Err(mismatch @ Refusal::SignatureMismatch) = signed {
            return Err(mismatch);
        }
        let outer = Members::from_slice(body).map_err(Refusal::BodyNotJson)?;
        let plaintext;
        let members = match outer.encrypt {
            None => outer,
            Some(encrypt) => {
                let signed_with = signed.as_ref().ok().copied().flatten();
                plaintext = self.decrypt(encrypt, signed_with)?;
                Members::from_slice(&plaintext).map_err(Refusal::PlaintextNotJson)?
            }
        };
        if members.is_url_verification() {
            self.check_token(string(members.token).as_deref(), true)?;
            let challenge = string(members.challenge).ok_or(Refusal::ChallengeInvalid)?;
            let answer = serde_json::json!({ "challenge": challenge });
            return Ok(Received::Challenge(answer.to_string().into()));
        }
        signed?;
        let envelope = members.into_envelope().map_err(Refusal::Envelope)?;
        // A signature is worth more than the token, which is then checked only if it is there.
        let token_required = self.encrypt_keys.is_empty();
        self.check_token(envelope.header.token.as_deref(), token_required)?;
        let delivery = Delivery::new(Transport::Webhook);
        let started = self
            .dispatcher
            .start(envelope, delivery)
            .map_err(Refusal::Envelope)?;
        Ok(Received::Event(started))
    }

    /// Verifies the signature and gives back the key that made it; without an encrypt key there is
    /// nothing to verify.
    fn verify_signature(
        &self,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Result<Option<&Secret>, Refusal> {
        if self.encrypt_keys.is_empty() {
            return Ok(None);
        }
        let timestamp = single(headers, TIMESTAMP)?;
        let nonce = single(headers, NONCE)?;
        let signature = single(headers, SIGNATURE)?;
        let fits = |key: &&Secret| {
            let expected = crypto::signature(timestamp, nonce, key.expose(), body);
            crypto::equal(expected.as_bytes(), signature)
        };
        self.encrypt_keys
            .iter()
            .find(fits)
            .map(Some)
            .ok_or(Refusal::SignatureMismatch)
    }

    /// Decrypts with the key that signed the body, or with the key that makes sense of it.
    fn decrypt(
        &self,
        encrypt: &RawValue,
        signed_with: Option<&Secret>,
    ) -> Result<Vec<u8>, Refusal> {
        let keys = signed_with.map_or(self.encrypt_keys.as_slice(), std::slice::from_ref);
        let encrypt = string(Some(encrypt)).ok_or(Refusal::EncryptNotString)?;
        let mut failed = Refusal::EncryptKeyMissing;
        for key in keys {
            match crypto::decrypt(key.expose(), &encrypt) {
                Ok(plaintext) if keys.len() == 1 => return Ok(plaintext),
                // The padding of a wrong key is right once in 256 times.
                Ok(plaintext) => match Members::from_slice(&plaintext) {
                    Ok(_) => return Ok(plaintext),
                    Err(error) => failed = Refusal::PlaintextNotJson(error),
                },
                Err(error) => failed = Refusal::Decrypt(error),
            }
        }
        Err(failed)
    }

    fn check_token(&self, token: Option<&str>, required: bool) -> Result<(), Refusal> {
        if self.verification_tokens.is_empty() {
            return Ok(());
        }
        match token {
            None | Some("") if required => Err(Refusal::TokenMissing),
            None => Ok(()),
            Some(token) => {
                let matches = |expected: &Secret| {
                    crypto::equal(expected.expose().as_bytes(), token.as_bytes())
                };
                let known = self.verification_tokens.iter().any(matches);
                known.then_some(()).ok_or(Refusal::TokenMismatch)
            }
        }
    }
}

/// The value of a header that may be given once, or several times with the same value.
fn single<'a>(headers: &'a HeaderMap, name: &'static str) -> Result<&'a [u8], Refusal> {
    let mut values = headers.get_all(name).iter();
    let first = values.next().ok_or(Refusal::SignatureMissing(name))?;
    if values.any(|other| other != first) {
        return Err(Refusal::SignatureMismatch);
    }
    Ok(first.as_bytes())
}

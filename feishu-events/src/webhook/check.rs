//! From a request to an event that is known to come from the platform.
//!
//! The order of the checks keeps a stranger from learning anything: the signature is verified
//! over the bytes as they came, before anything is parsed or decrypted.

use std::borrow::Cow;

use bytes::Bytes;
use http::HeaderMap;
use serde_json::value::RawValue;

use super::{Receiver, Refusal};
use crate::context::{Delivery, Transport};
use crate::crypto::{self, EncryptKey};
use crate::delivery::Taken;
use crate::envelope::{Members, string};
use crate::secret::Secret;

mod old_card;
mod signature;

/// A request that passed all checks.
pub(super) enum Received {
    /// A check of the URL, and its answer.
    Challenge(Bytes),
    /// An event with its handler.
    Event(Taken),
}

/// The secret that has signed a body.
enum SignedBy<'a> {
    EncryptKey(&'a EncryptKey),
    VerificationToken,
    /// No secret was given with which bodies could be signed.
    Nobody,
}

impl Receiver {
    pub(super) fn receive(&self, headers: &HeaderMap, body: &[u8]) -> Result<Received, Refusal> {
        if body.len() > self.body_limit {
            return Err(Refusal::BodyTooLarge {
                limit: self.body_limit,
            });
        }
        let signed = match self.verify_signature(headers, body) {
            // A check of the URL need not be signed.
            missing @ (Ok(_) | Err(Refusal::SignatureMissing(_))) => missing,
            Err(wrong) => return Err(wrong),
        };
        let outer = Members::from_slice(body).map_err(Refusal::BodyNotJson)?;
        let plaintext;
        let members = match outer.encrypt {
            None => outer,
            Some(encrypt) => {
                plaintext = self.decrypt(encrypt, signed.as_ref().ok())?;
                Members::from_slice(&plaintext).map_err(Refusal::PlaintextNotJson)?
            }
        };
        if members.is_url_verification() {
            self.check_token(string(members.token).as_deref(), true)?;
            let challenge = string(members.challenge).ok_or(Refusal::ChallengeInvalid)?;
            let answer = serde_json::json!({ "challenge": challenge });
            return Ok(Received::Challenge(answer.to_string().into()));
        }
        let signed = signed?;
        let envelope = if self.old_cards {
            old_card::envelope(body)?
        } else {
            let envelope = members.into_envelope().map_err(Refusal::Envelope)?;
            // A signature is worth more than the token, which is then checked only if it is there.
            let token_required = matches!(signed, SignedBy::Nobody);
            self.check_token(envelope.header.token.as_deref(), token_required)?;
            envelope
        };
        let delivery = Delivery::new(Transport::Webhook);
        let taken = self.intake.take(envelope, delivery);
        Ok(Received::Event(taken.map_err(Refusal::Envelope)?))
    }

    /// Decrypts with the key that signed the body, or with the key that makes sense of it.
    fn decrypt(
        &self,
        encrypt: &RawValue,
        signed: Option<&SignedBy<'_>>,
    ) -> Result<Vec<u8>, Refusal> {
        let keys = match signed {
            Some(SignedBy::EncryptKey(key)) => std::slice::from_ref(*key),
            _ => self.encrypt_keys.as_slice(),
        };
        let encrypt = text(encrypt).ok_or(Refusal::EncryptNotString)?;
        let mut failed = Refusal::EncryptKeyMissing;
        for key in keys {
            match key.decrypt(&encrypt) {
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

/// The text of a string, copied only if it has escapes.
fn text(json: &RawValue) -> Option<Cow<'_, str>> {
    match serde_json::from_str(json.get()) {
        Ok(text) => Some(Cow::Borrowed(text)),
        Err(_) => string(Some(json)).map(Cow::Owned),
    }
}

//! From a request to an authenticated event.
//!
//! The signature is verified over the raw bytes, before anything is parsed or decrypted. Only the URL
//! check is unsigned, so an unsigned body can lead to nothing else, and only if it is small. It is
//! decrypted once, whether the padding is right or not: more work in one case would reveal which it
//! was. The only difference is the check of the decrypted text.

use std::time::Duration;

use bytes::Bytes;
use http::HeaderMap;

use super::{Receiver, Refusal};
use crate::callback;
use crate::delivery::AcceptedEvent;
use crate::event::envelope::{
    EnvelopeError, LazyPayload, Members, RawEnvelope, open_usual, string,
};
use crate::handler::context::{LazyDelivery, Transport};
use crate::redact::secret::Secret;
use crate::webhook::crypto::{self, DecryptError, EncryptKey, Plaintext};

mod cause;
mod signature;

pub(super) use cause::explain;

/// The largest unsigned body that is parsed, where bodies are signed: a URL check has a few hundred
/// bytes, and an unauthenticated request must not cost more than one.
const UNSIGNED_LIMIT: usize = 4096;

/// A request that passed all checks.
#[allow(
    clippy::large_enum_variant,
    reason = "it is nearly always an event, which a box would give memory of its own"
)]
pub(super) enum Received {
    /// A check of the URL, and its answer.
    Challenge(Bytes),
    /// An event with its handler.
    Event(AcceptedEvent),
}

/// The secret that signed a body.
enum SignedBy<'a> {
    EncryptKey {
        key: &'a EncryptKey,
        /// How long ago, as far as that matters.
        age: Option<Duration>,
    },
    /// As the callback of an old card.
    VerificationToken { signature: &'a [u8] },
    /// No secret was given with which bodies could be signed.
    Nobody,
}

/// What is to be parsed: a body, or what was encrypted in it.
#[derive(Clone, Copy)]
enum Text<'a> {
    Plain(&'a [u8]),
    Decrypted(&'a [u8]),
}

impl<'a> Text<'a> {
    fn bytes(self) -> &'a [u8] {
        let (Self::Plain(bytes) | Self::Decrypted(bytes)) = self;
        bytes
    }

    fn members(self) -> Result<Members<'a>, Refusal> {
        match self {
            Self::Plain(bytes) => Members::from_slice(bytes).map_err(Refusal::BodyNotJson),
            Self::Decrypted(bytes) => Members::from_slice(bytes).map_err(Refusal::PlaintextNotJson),
        }
    }
}

impl Receiver {
    pub(super) fn receive(&self, headers: &HeaderMap, body: &[u8]) -> Result<Received, Refusal> {
        if body.len() > self.body_limit {
            return Err(Refusal::BodyTooLarge {
                limit: self.body_limit,
            });
        }
        let signed = match self.verify_signature(headers, body) {
            Ok(signed) => Ok(signed),
            // A check of the URL need not be signed.
            Err(missing @ Refusal::SignatureMissing(_)) if body.len() <= UNSIGNED_LIMIT => {
                Err(missing)
            }
            Err(wrong) => return Err(wrong),
        };
        match signed {
            Ok(SignedBy::Nobody) => self.check_token_first(body)?,
            // It is never encrypted.
            Ok(SignedBy::VerificationToken { .. }) => {
                return self.receive_members(Text::Plain(body), body, signed);
            }
            _ => {}
        }
        let plaintext;
        let text = match only_encrypt(body).map(|it| self.decrypt(it, signed.as_ref().ok())) {
            Some(Ok(decrypted)) => {
                plaintext = decrypted;
                Text::Decrypted(plaintext.bytes())
            }
            // Also what only looked like it, which needs no key to know: it is decrypted below or
            // refused there.
            Some(Err(Refusal::EncryptKeyMissing | Refusal::Decrypt(DecryptError::Base64)))
            | None => Text::Plain(body),
            Some(Err(refusal)) => return Err(refusal),
        };
        self.check_size(text.bytes())?;
        if let Some(taken) = self.take_usual(text.bytes(), signed.as_ref().ok()) {
            return Ok(Received::Event(taken));
        }
        let members = text.members()?;
        let Some(encrypt) = members.encrypt.filter(|_| matches!(text, Text::Plain(_))) else {
            return self.receive_members(text, body, signed);
        };
        let base64 = string(Some(encrypt)).ok_or(Refusal::EncryptNotString)?;
        let plaintext = self.decrypt(base64.as_bytes(), signed.as_ref().ok())?;
        self.check_size(plaintext.bytes())?;
        self.receive_members(Text::Decrypted(plaintext.bytes()), body, signed)
    }

    fn check_size(&self, event: &[u8]) -> Result<(), Refusal> {
        let limit = self.event_size_limit;
        let fits = event.len() <= limit;
        fits.then_some(()).ok_or(Refusal::BodyTooLarge { limit })
    }

    /// Checks the token of a plain body before anything else in it is read, where the token is the
    /// only authentication.
    ///
    /// Finding it costs one pass over the body, whatever its content. Reading the header first would
    /// convert and report unauthenticated data. When the event is read, the same token is found and
    /// checked again.
    fn check_token_first(&self, body: &[u8]) -> Result<(), Refusal> {
        if self.verification_tokens.is_empty() {
            return Ok(());
        }
        let members = Text::Plain(body).members()?;
        if let Some(encrypt) = members.encrypt {
            // Bodies are signed wherever there is an encrypt key.
            let is_string = encrypt.starts_with('"');
            return Err(if is_string {
                Refusal::EncryptKeyMissing
            } else {
                Refusal::EncryptNotString
            });
        }
        let token = members.verification_token().map_err(Refusal::Envelope)?;
        self.check_token(token.as_deref(), true)
    }

    /// Takes a signed event of the usual form; `None` for anything else.
    fn take_usual(&self, text: &[u8], signed: Option<&SignedBy<'_>>) -> Option<AcceptedEvent> {
        let (signed, text) = (signed?, std::str::from_utf8(text).ok()?);
        open_usual(text, &mut |envelope| {
            self.take(envelope, text.len(), signed)
        })
    }

    fn receive_members(
        &self,
        text: Text<'_>,
        body: &[u8],
        signed: Result<SignedBy<'_>, Refusal>,
    ) -> Result<Received, Refusal> {
        let members = text.members()?;
        if members.is_url_verification() {
            self.check_token(string(members.token).as_deref(), true)?;
            let challenge = string(members.challenge).ok_or(Refusal::ChallengeInvalid)?;
            let challenge = serde_json::to_string(&challenge);
            let challenge = challenge.map_err(|_| Refusal::ChallengeInvalid)?;
            let answer = format!(r#"{{"challenge":{challenge}}}"#);
            return Ok(Received::Challenge(answer.into()));
        }
        let signed = signed?;
        if let SignedBy::VerificationToken { signature } = signed {
            if members.is_enveloped() {
                return Err(Refusal::CardSignatureOnEvent);
            }
            let delivery = LazyDelivery::Now(Transport::Webhook);
            let not_json = |error| Refusal::BodyNotJson(EnvelopeError::NotAnObject(error));
            let (header, payload) = callback::old_card(body).map_err(not_json)?;
            let envelope = RawEnvelope::new(header, LazyPayload::found(payload));
            let taken = self.acceptor.take(envelope, delivery);
            let taken = taken.map_err(Refusal::Envelope)?.sized(body.len());
            // It has no id, and no two clicks have the same signature.
            let key = || format!("old card/{}", String::from_utf8_lossy(signature));
            return Ok(Received::Event(taken.or_known_by(key)));
        }
        let envelope = members.into_envelope().map_err(Refusal::Envelope)?;
        let bytes = text.bytes().len();
        self.take(envelope, bytes, &signed).map(Received::Event)
    }

    /// Takes an event, if its token is right.
    fn take(
        &self,
        envelope: RawEnvelope<'_>,
        bytes: usize,
        signed: &SignedBy<'_>,
    ) -> Result<AcceptedEvent, Refusal> {
        // A signature is stronger than the token, which is then checked only if present.
        let token_required = matches!(signed, SignedBy::Nobody);
        self.check_token(envelope.header.token(), token_required)?;
        let delivery = LazyDelivery::Now(Transport::Webhook);
        let taken = self.acceptor.take(envelope, delivery);
        let taken = taken.map_err(Refusal::Envelope)?.sized(bytes);
        if let SignedBy::EncryptKey { age, .. } = signed
            && taken.is_callback()
        {
            self.check_callback_age(*age)?;
        }
        Ok(taken)
    }

    /// Decrypts with the key that signed the body, or with the first key that gives an event.
    fn decrypt(&self, base64: &[u8], signed: Option<&SignedBy<'_>>) -> Result<Plaintext, Refusal> {
        let keys = match signed {
            Some(SignedBy::EncryptKey { key, .. }) => std::slice::from_ref(*key),
            _ => self.encrypt_keys.as_slice(),
        };
        let mut failed = Refusal::EncryptKeyMissing;
        for key in keys {
            match key.decrypt(base64) {
                Ok(plaintext) if keys.len() == 1 => return Ok(plaintext),
                // The padding of a wrong key is right once in 256 times.
                Ok(plaintext) => match Members::from_slice(plaintext.bytes()) {
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

/// The base64 of a body that is only `{"encrypt":"…"}`, as the platform writes it: nearly all bodies
/// are, and need no parser. Text that is not base64 fails to decode.
fn only_encrypt(body: &[u8]) -> Option<&[u8]> {
    body.strip_prefix(br#"{"encrypt":""#)?
        .strip_suffix(br#""}"#)
}

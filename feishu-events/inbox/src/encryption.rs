//! Bodies encrypted at rest.

use std::fmt;

use aes_gcm::aead::{Aead, Generate, KeyInit};
use aes_gcm::{Aes256Gcm, Key, Nonce};

use crate::entry::ENCRYPTED;

/// The bytes of the random number in front of each ciphertext.
const NONCE: usize = 12;

/// Keys for AES-256-GCM, with which an inbox encrypts the bodies it keeps.
///
/// Names, ids and order keys of events stay readable in the store, which looks for them. Bodies that
/// were kept without encryption are still read.
#[derive(Clone)]
pub struct Encryption {
    current: Aes256Gcm,
    older: Vec<Aes256Gcm>,
}

impl Encryption {
    /// Encrypts with this key of 32 random bytes (`openssl rand 32`), not with a password.
    pub fn new(key: &[u8; 32]) -> Self {
        Self {
            current: cipher(key),
            older: Vec::new(),
        }
    }

    /// Also decrypts what was encrypted with an older key.
    #[must_use]
    pub fn older_key(mut self, key: &[u8; 32]) -> Self {
        self.older.push(cipher(key));
        self
    }

    /// Encrypts a body.
    pub(crate) fn seal(&self, body: &[u8]) -> Result<Vec<u8>, EncryptionError> {
        let nonce = Nonce::try_generate().map_err(|_| EncryptionError::Random)?;
        let sealed = self.current.encrypt(&nonce, body);
        let sealed = sealed.map_err(|_| EncryptionError::TooLong)?;
        let mut bytes = Vec::with_capacity(1 + NONCE + sealed.len());
        bytes.push(ENCRYPTED);
        bytes.extend_from_slice(&nonce);
        bytes.extend_from_slice(&sealed);
        Ok(bytes)
    }

    /// Decrypts a body; one that is not encrypted is given back as it is.
    ///
    /// # Errors
    /// A body that was encrypted with another key, or has been changed.
    pub fn open(&self, body: Vec<u8>) -> Result<Vec<u8>, EncryptionError> {
        let Some((&ENCRYPTED, rest)) = body.split_first() else {
            return Ok(body);
        };
        let (nonce, sealed) = rest
            .split_first_chunk::<NONCE>()
            .ok_or(EncryptionError::OtherKey)?;
        let nonce = Nonce::from(*nonce);
        let mut ciphers = std::iter::once(&self.current).chain(&self.older);
        ciphers
            .find_map(|cipher| cipher.decrypt(&nonce, sealed).ok())
            .ok_or(EncryptionError::OtherKey)
    }
}

fn cipher(key: &[u8; 32]) -> Aes256Gcm {
    Aes256Gcm::new(&Key::<Aes256Gcm>::from(*key))
}

impl fmt::Debug for Encryption {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Encryption([secret])")
    }
}

/// Why a body cannot be encrypted or decrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EncryptionError {
    /// The operating system gives no random numbers.
    #[error("the operating system gives no random numbers to encrypt the event with")]
    Random,
    /// The body is longer than 64 GiB.
    #[error("the event is too long to be encrypted")]
    TooLong,
    /// The body was encrypted with another key, or has been changed.
    #[error(
        "the event cannot be decrypted: add the key it was encrypted with, with \
         `Encryption::older_key`"
    )]
    OtherKey,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_is_read_with_its_key_only_and_only_unchanged() {
        let body = br#"{"event":{"text":"private"}}"#;
        let encryption = Encryption::new(&[1; 32]);
        let sealed = encryption.seal(body).unwrap();
        assert!(!sealed.windows(7).any(|part| part == b"private"));
        assert_ne!(
            sealed,
            encryption.seal(body).unwrap(),
            "each has its own nonce"
        );
        assert_eq!(encryption.open(sealed.clone()).unwrap(), body);
        let other = Encryption::new(&[2; 32]);
        assert_eq!(other.open(sealed.clone()), Err(EncryptionError::OtherKey));
        let rotated = Encryption::new(&[2; 32]).older_key(&[1; 32]);
        assert_eq!(rotated.open(sealed.clone()).unwrap(), body);
        for at in 1..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert!(encryption.open(changed).is_err(), "{at}");
            assert!(encryption.open(sealed[..at].to_vec()).is_err(), "{at}");
        }
        assert_eq!(encryption.open(body.to_vec()).unwrap(), body, "kept before");
        assert_eq!(format!("{encryption:?}"), "Encryption([secret])");
    }
}

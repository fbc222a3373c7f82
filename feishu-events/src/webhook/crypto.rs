//! Signature and encryption of what the platform sends.

use std::cell::Cell;
use std::fmt;

use aes::Aes256Dec;
use aes::cipher::block_padding::Pkcs7;
use aes::cipher::{BlockModeDecrypt, InnerIvInit, KeyInit};
use base64_simd::STANDARD;
use sha1::Sha1;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::redact::secret::Secret;

/// The size of a block of AES, and of the initialization vector before the ciphertext.
const BLOCK: usize = 16;

/// An encrypt key, ready to decrypt and to verify with.
#[derive(Clone)]
pub(crate) struct EncryptKey {
    secret: Secret,
    cipher: Aes256Dec,
}

impl EncryptKey {
    pub(crate) fn new(secret: Secret) -> Self {
        let key = Sha256::digest(secret.expose().as_bytes());
        let cipher = Aes256Dec::new(&key);
        Self { secret, cipher }
    }

    /// Whether `signature` is that of a body sent to an app with this key.
    pub(crate) fn signed(&self, signature: &[u8], parts: Signed<'_>) -> bool {
        equal(&event_signature(self.secret.expose(), parts), signature)
    }

    /// Decrypts the member `encrypt` of a body.
    pub(crate) fn decrypt(&self, encrypted: &[u8]) -> Result<Plaintext, DecryptError> {
        let mut plaintext = Plaintext::empty();
        let bytes = &mut plaintext.0;
        STANDARD
            .decode_append(encrypted, bytes)
            .map_err(|_| DecryptError::Base64)?;
        if bytes.len() < 2 * BLOCK || !bytes.len().is_multiple_of(BLOCK) {
            return Err(DecryptError::Length(bytes.len()));
        }
        let (vector, ciphertext) = bytes.split_at_mut(BLOCK);
        let length = cbc::Decryptor::inner_iv_slice_init(&self.cipher, vector)
            .map_err(|_| DecryptError::Length(BLOCK))?
            .decrypt_padded::<Pkcs7>(ciphertext)
            .map_err(|_| DecryptError::Padding)?
            .len();
        bytes.truncate(BLOCK + length);
        Ok(plaintext)
    }
}

/// The largest size of the member `encrypt` with an event of `bytes` bytes.
pub(crate) fn encrypted_size(bytes: usize) -> usize {
    // The vector, and a block of padding at most; three bytes are four characters.
    let encrypted = bytes.saturating_add(2 * BLOCK);
    encrypted.div_ceil(3).saturating_mul(4)
}

/// The decrypted text, in place after the initialization vector, so that it is not moved. Its memory is
/// that of the last one on this thread.
pub(crate) struct Plaintext(Vec<u8>);

/// Memory of more bytes is not kept.
const KEEP_MEMORY: usize = 64 * 1024;

thread_local! {
    static LAST: Cell<Vec<u8>> = const { Cell::new(Vec::new()) };
}

impl Plaintext {
    fn empty() -> Self {
        let mut memory = LAST.try_with(Cell::take).unwrap_or_default();
        memory.clear();
        Self(memory)
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        self.0.get(BLOCK..).unwrap_or_default()
    }
}

impl Drop for Plaintext {
    fn drop(&mut self) {
        let memory = std::mem::take(&mut self.0);
        if memory.capacity() <= KEEP_MEMORY {
            // A thread that ends has no next one.
            let _: Result<(), _> = LAST.try_with(|last| last.set(memory));
        }
    }
}

impl fmt::Debug for EncryptKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.secret.fmt(f)
    }
}

/// What a signature is made of, beside a secret.
#[derive(Clone, Copy)]
pub(crate) struct Signed<'a> {
    pub(crate) timestamp: &'a [u8],
    pub(crate) nonce: &'a [u8],
    pub(crate) body: &'a [u8],
}

/// The signature of events and callbacks: the hex of the SHA-256 of timestamp, nonce, encrypt key
/// and body, one after the other.
pub(crate) fn event_signature(encrypt_key: &str, parts: Signed<'_>) -> [u8; 64] {
    hash_of::<Sha256, 64>(encrypt_key, parts)
}

/// The signature of the callbacks of old cards: the same with SHA-1 and the verification token.
pub(crate) fn card_signature(verification_token: &str, parts: Signed<'_>) -> [u8; 40] {
    hash_of::<Sha1, 40>(verification_token, parts)
}

fn hash_of<D: Digest, const HEX_LENGTH: usize>(
    secret: &str,
    parts: Signed<'_>,
) -> [u8; HEX_LENGTH] {
    let mut hash = D::new();
    for part in [parts.timestamp, parts.nonce, secret.as_bytes(), parts.body] {
        hash.update(part);
    }
    let mut hex = [0; HEX_LENGTH];
    // It has room for the two digits of each byte; otherwise no signature would match.
    let _ = base16ct::lower::encode(&hash.finalize(), &mut hex);
    hex
}

/// Whether two secrets are equal, in a time that does not depend on where they differ.
pub(crate) fn equal(a: &[u8], b: &[u8]) -> bool {
    let ((a, a_rest), (b, b_rest)) = (a.as_chunks(), b.as_chunks());
    // Word by word, which takes an eighth of the time of byte by byte.
    let words = a.iter().zip(b);
    let is_equal = words.fold(a_rest.ct_eq(b_rest), |is_equal, (a, b)| {
        is_equal & u64::from_ne_bytes(*a).ct_eq(&u64::from_ne_bytes(*b))
    });
    a.len() == b.len() && is_equal.into()
}

/// Encrypts as the platform does, with an initialization vector made of `seed`.
///
/// For tests only: the platform's own vectors are random.
#[cfg(any(test, feature = "testing"))]
pub(crate) fn encrypt(encrypt_key: &str, seed: &[u8], plaintext: &[u8]) -> String {
    use aes::cipher::{BlockModeEncrypt, KeyIvInit};

    let key = Sha256::digest(encrypt_key.as_bytes());
    let vector = Sha256::digest(seed);
    let mut bytes = vector[..BLOCK].to_vec();
    // Key and vector have the sizes that the cipher asks for: a hash and a block.
    if let Ok(cipher) = cbc::Encryptor::<aes::Aes256>::new_from_slices(&key, &bytes) {
        bytes.extend(cipher.encrypt_padded_vec::<Pkcs7>(plaintext));
    }
    STANDARD.encode_to_string(bytes)
}

/// Why a body cannot be decrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum DecryptError {
    /// It is not base64 of the standard alphabet with padding.
    Base64,
    /// It has this many bytes: not an initialization vector and whole blocks.
    Length(usize),
    /// The padding of the last block is wrong: usually the encrypt key is that of another app.
    Padding,
}

impl fmt::Display for DecryptError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Base64 => {
                f.write_str("`encrypt` is not base64: did a middleware change the body?")
            }
            Self::Length(length) => {
                write!(
                    f,
                    "`encrypt` has {length} bytes, which is not a whole number of blocks: was the \
                     body cut off?"
                )
            }
            Self::Padding => {
                f.write_str("decryption failed: is this the encrypt key of another app?")
            }
        }
    }
}

impl std::error::Error for DecryptError {}

#[cfg(test)]
mod tests {
    use super::*;

    fn decrypt(key: &str, encrypted: &str) -> Result<Vec<u8>, DecryptError> {
        let key = EncryptKey::new(Secret::new(key.to_owned()));
        let plaintext = key.decrypt(encrypted.as_bytes())?;
        Ok(plaintext.bytes().to_vec())
    }

    #[test]
    fn decrypts_the_documented_example() {
        let encrypted = "P37w+VZImNgPEO1RBhJ6RtKl7n6zymIbEG1pReEzghk=";
        assert_eq!(decrypt("test key", encrypted), Ok(b"hello world".to_vec()));
    }

    #[test]
    fn decrypts_what_it_encrypts() {
        for length in [0, 1, 15, 16, 17, 1000] {
            let plaintext = vec![b'x'; length];
            assert_eq!(
                decrypt("key", &encrypt("key", b"seed", &plaintext)),
                Ok(plaintext)
            );
        }
    }

    #[test]
    fn says_why_it_cannot_decrypt() {
        let encrypted = "P37w+VZImNgPEO1RBhJ6RtKl7n6zymIbEG1pReEzghk=";
        assert_eq!(decrypt("other key", encrypted), Err(DecryptError::Padding));
        assert_eq!(decrypt("test key", "AAAA"), Err(DecryptError::Length(3)));
        assert_eq!(
            decrypt("test key", &encrypted[..43]),
            Err(DecryptError::Base64)
        );
    }

    /// What another library takes for base64, or does not, is taken for it here, or is not.
    #[test]
    fn base64_is_what_it_is_elsewhere() {
        use base64::Engine as _;
        use base64::engine::general_purpose::STANDARD as OTHER;

        let mut texts = Vec::new();
        for length in 0..70_u8 {
            let bytes: Vec<u8> = (0..length).map(|byte| byte.wrapping_mul(37)).collect();
            let text = OTHER.encode(bytes);
            texts.push(text.trim_end_matches('=').to_owned());
            for (at, _) in text.char_indices() {
                for other in ["", "=", "-", " ", "B", "/", "\n", "\u{e9}", "=="] {
                    texts.push([&text[..at], other, &text[at + 1..]].concat());
                    texts.push([&text[..at], other, &text[at..]].concat());
                }
            }
            texts.push(text);
        }
        for text in texts {
            let (ours, other) = (STANDARD.decode_to_vec(&text), OTHER.decode(&text));
            assert_eq!(ours.ok(), other.ok(), "{text:?}");
        }
    }

    #[test]
    fn compares_all_of_both() {
        let secret: Vec<u8> = (0..19).collect();
        assert!(equal(&secret, &secret));
        assert!(equal(&[], &[]));
        for at in 0..secret.len() {
            let mut other = secret.clone();
            other[at] ^= 0x80;
            assert!(!equal(&secret, &other), "{at}");
            assert!(!equal(&secret, &secret[..at]), "{at}");
            assert!(!equal(&secret[..at], &secret), "{at}");
        }
    }

    #[test]
    fn a_key_does_not_print_itself() {
        let key = EncryptKey::new(Secret::new("hush".to_owned()));
        assert_eq!(format!("{key:?}"), "[secret]");
    }
}

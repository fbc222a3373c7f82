//! Signature and encryption of what the platform sends.

use std::fmt;

use aes::Aes256;
use aes::cipher::block_padding::Pkcs7;
use aes::cipher::{BlockModeDecrypt, KeyIvInit};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// The size of a block of AES, and of the initialization vector before the ciphertext.
const BLOCK: usize = 16;

/// The signature of a body: lower-case hex of the SHA-256 of `timestamp`, `nonce`, `encrypt_key`
/// and `body`, one after the other.
pub(crate) fn signature(timestamp: &[u8], nonce: &[u8], encrypt_key: &str, body: &[u8]) -> String {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    let mut hash = Sha256::new();
    for part in [timestamp, nonce, encrypt_key.as_bytes(), body] {
        hash.update(part);
    }
    let mut hex = String::with_capacity(64);
    for byte in hash.finalize() {
        hex.push(char::from(HEX[usize::from(byte >> 4)]));
        hex.push(char::from(HEX[usize::from(byte & 15)]));
    }
    hex
}

/// Whether two secrets are equal, in a time that does not tell where they differ.
pub(crate) fn equal(a: &[u8], b: &[u8]) -> bool {
    a.ct_eq(b).into()
}

/// Decrypts the member `encrypt` of a body.
pub(crate) fn decrypt(encrypt_key: &str, encrypted: &str) -> Result<Vec<u8>, DecryptError> {
    let mut bytes = STANDARD
        .decode(encrypted)
        .map_err(|_| DecryptError::Base64)?;
    if bytes.len() < 2 * BLOCK || bytes.len() % BLOCK != 0 {
        return Err(DecryptError::Length(bytes.len()));
    }
    let mut ciphertext = bytes.split_off(BLOCK);
    let key = Sha256::digest(encrypt_key.as_bytes());
    let cipher = cbc::Decryptor::<Aes256>::new_from_slices(&key, &bytes)
        .map_err(|_| DecryptError::Length(bytes.len()))?;
    let length = cipher
        .decrypt_padded::<Pkcs7>(&mut ciphertext)
        .map_err(|_| DecryptError::Padding)?
        .len();
    ciphertext.truncate(length);
    Ok(ciphertext)
}

/// Encrypts as the platform does, with an initialization vector made of `seed`.
///
/// For tests only: the platform's own vectors are random.
#[cfg(any(test, feature = "testing"))]
pub(crate) fn encrypt(encrypt_key: &str, seed: &[u8], plaintext: &[u8]) -> String {
    use aes::cipher::BlockModeEncrypt;

    let key = Sha256::digest(encrypt_key.as_bytes());
    let vector = Sha256::digest(seed);
    let mut bytes = vector[..BLOCK].to_vec();
    // Key and vector have the sizes that the cipher asks for: a hash and a block.
    if let Ok(cipher) = cbc::Encryptor::<Aes256>::new_from_slices(&key, &bytes) {
        bytes.extend(cipher.encrypt_padded_vec::<Pkcs7>(plaintext));
    }
    STANDARD.encode(bytes)
}

/// Why something encrypted cannot be decrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum DecryptError {
    /// It is not base64 of the standard alphabet with padding.
    Base64,
    /// It has this many bytes: not an initialization vector and whole blocks.
    Length(usize),
    /// The padding of the last block is wrong: usually the encrypt key is another one.
    Padding,
}

impl fmt::Display for DecryptError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Base64 => f.write_str("`encrypt` is not base64"),
            Self::Length(length) => {
                write!(
                    f,
                    "`encrypt` has {length} bytes, which is not a whole number of blocks"
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
}

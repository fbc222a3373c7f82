//! What no receiver of signed and encrypted requests can do without.

use aes::Aes256Dec;
use aes::cipher::block_padding::Pkcs7;
use aes::cipher::{BlockModeDecrypt, KeyIvInit};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::HeaderMap;
use sha2::{Digest, Sha256};

pub(crate) struct Floor {
    encrypt_key: &'static str,
    aes_key: [u8; 32],
}

impl Floor {
    pub(crate) fn new(encrypt_key: &'static str) -> Self {
        let aes_key = Sha256::digest(encrypt_key).into();
        Self {
            encrypt_key,
            aes_key,
        }
    }

    /// Hashes a body as its signature does, and decrypts it for `then`.
    pub(crate) fn decrypt<T>(
        &self,
        headers: &HeaderMap,
        body: &[u8],
        then: impl FnOnce(&[u8]) -> T,
    ) -> T {
        let mut hash = Sha256::new();
        hash.update(&headers["x-lark-request-timestamp"]);
        hash.update(&headers["x-lark-request-nonce"]);
        hash.update(self.encrypt_key);
        hash.update(body);
        std::hint::black_box(hash.finalize());
        let base64 = &body[r#"{"encrypt":""#.len()..body.len() - 2];
        let bytes = STANDARD.decode(base64).unwrap();
        let (vector, ciphertext) = bytes.split_at(16);
        let mut plaintext = ciphertext.to_vec();
        let cipher = cbc::Decryptor::<Aes256Dec>::new_from_slices(&self.aes_key, vector).unwrap();
        then(cipher.decrypt_padded::<Pkcs7>(&mut plaintext).unwrap())
    }
}

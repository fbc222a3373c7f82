//! The documented samples as the platform sends them to a webhook, and what no receiver of them can
//! do without.

use std::sync::atomic::{AtomicU64, Ordering};

use aes::Aes256Dec;
use aes::cipher::block_padding::Pkcs7;
use aes::cipher::{BlockModeDecrypt, KeyIvInit};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use feishu_events::testing::EventRequest;
use feishu_events::{Envelope, Event};
use http::Request;
use sha2::{Digest, Sha256};

pub(crate) const KEY: &str = "an invented encrypt key";

/// The samples, each with what makes it the same event when it comes again.
pub(crate) struct Samples(pub(crate) Vec<(String, Vec<String>)>);

impl Samples {
    pub(crate) fn of(samples: Vec<String>) -> Self {
        let with_ids = |sample: String| {
            let envelope = Envelope::from_slice(sample.as_bytes()).unwrap();
            let message = match envelope.event {
                Event::ImMessageReceiveV1(event) => event.message.and_then(|it| it.message_id),
                _ => None,
            };
            let ids = [envelope.header.event_id, message];
            (sample, ids.into_iter().flatten().collect())
        };
        Self(samples.into_iter().map(with_ids).collect())
    }

    /// A request for each sample, with new ids.
    pub(crate) fn requests(&self) -> Vec<Request<Bytes>> {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let request = |(sample, ids): &(String, Vec<String>)| {
            let mut json = sample.clone();
            for id in ids {
                let new = format!("{:032x}", NEXT.fetch_add(1, Ordering::Relaxed));
                json = json.replace(&format!("\"{id}\""), &format!("\"{new}\""));
            }
            EventRequest::recorded(json).encrypt_key(KEY).into_http()
        };
        self.0.iter().map(request).collect()
    }
}

/// Hashes each body as a signature does, and decrypts it for `then`.
pub(crate) fn floor(requests: &[Request<Bytes>], then: impl Fn(&[u8])) {
    let key = Sha256::digest(KEY);
    for request in requests {
        let headers = request.headers();
        let mut hash = Sha256::new();
        hash.update(&headers["x-lark-request-timestamp"]);
        hash.update(&headers["x-lark-request-nonce"]);
        hash.update(KEY);
        hash.update(request.body());
        std::hint::black_box(hash.finalize());
        let body = request.body();
        let base64 = &body[r#"{"encrypt":""#.len()..body.len() - 2];
        let bytes = STANDARD.decode(base64).unwrap();
        let (vector, ciphertext) = bytes.split_at(16);
        let mut plaintext = ciphertext.to_vec();
        let cipher = cbc::Decryptor::<Aes256Dec>::new_from_slices(&key, vector).unwrap();
        then(cipher.decrypt_padded::<Pkcs7>(&mut plaintext).unwrap());
    }
}

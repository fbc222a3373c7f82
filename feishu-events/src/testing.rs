//! What the platform does, for tests: signing and encrypting events.

use std::time::{SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use http::{HeaderValue, Request};

use crate::crypto;

/// The request with which the platform would send `event` to an app with this encrypt key: the
/// event encrypted, the body signed.
///
/// ```
/// let event = br#"{ "schema": "2.0", "header": {}, "event": {} }"#;
/// let request = feishu_events::testing::encrypted_request("the encrypt key", event);
/// assert!(request.headers().contains_key("x-lark-signature"));
/// assert!(request.body().starts_with(br#"{"encrypt":""#));
/// ```
pub fn encrypted_request(encrypt_key: &str, event: &[u8]) -> Request<Bytes> {
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    let timestamp = now.as_secs().to_string();
    let nonce = now.subsec_nanos().to_string();
    let encrypted = crypto::encrypt(encrypt_key, nonce.as_bytes(), event);
    let body = serde_json::json!({ "encrypt": encrypted }).to_string();
    let parts = crypto::Signed {
        timestamp: timestamp.as_bytes(),
        nonce: nonce.as_bytes(),
        body: body.as_bytes(),
    };
    let signature = crypto::event_signature(encrypt_key, parts);
    let signature = String::from_utf8_lossy(&signature).into_owned();
    let mut request = Request::new(Bytes::from(body));
    *request.method_mut() = http::Method::POST;
    let headers = [
        ("content-type", "application/json; charset=utf-8".to_owned()),
        ("x-lark-request-timestamp", timestamp),
        ("x-lark-request-nonce", nonce),
        ("x-lark-signature", signature),
    ];
    for (name, value) in headers {
        // Digits and hex are valid in a header, so none is left out.
        if let Ok(value) = HeaderValue::try_from(value) {
            request.headers_mut().insert(name, value);
        }
    }
    request
}

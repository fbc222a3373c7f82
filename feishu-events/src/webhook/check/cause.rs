//! The real cause of a refusal, where the check that failed suggests another.

use http::{HeaderMap, header};

use crate::webhook::crypto::DecryptError;
use crate::webhook::{Receiver, Refusal};

/// Names the cause that headers, body and the secrets show.
pub(in crate::webhook) fn explain(
    receiver: &Receiver,
    refusal: Refusal,
    headers: &HeaderMap,
    body: &[u8],
) -> Refusal {
    match refusal {
        Refusal::SignatureMissing(name) if is_renamed(headers, name) => {
            Refusal::HeaderRenamed(name)
        }
        Refusal::SignatureMissing(_)
        | Refusal::SignatureMismatch
        | Refusal::CardSignatureMismatch
        | Refusal::BodyNotJson(_)
            if is_compressed(headers, body) =>
        {
            Refusal::Compressed
        }
        Refusal::SignatureMissing(_) if !begins_encrypted(body) && !has_any_signature(headers) => {
            Refusal::NotSigned
        }
        Refusal::SignatureMismatch
        | Refusal::Decrypt(DecryptError::Padding)
        | Refusal::PlaintextNotJson(_)
            if receiver.key_has_blanks =>
        {
            Refusal::EncryptKeyHasBlanks
        }
        refusal => refusal,
    }
}

/// Whether a header came as servers of other kinds name it.
fn is_renamed(headers: &HeaderMap, name: &str) -> bool {
    let name = name.replace('-', "_");
    let mut names = headers.keys().map(http::HeaderName::as_str);
    names.any(|it| it.strip_prefix("http_").unwrap_or(it) == name)
}

fn is_compressed(headers: &HeaderMap, body: &[u8]) -> bool {
    let encoding = headers.get(header::CONTENT_ENCODING);
    let says_so = encoding.is_some_and(|encoding| encoding != "identity");
    // gzip and zstd.
    says_so || body.starts_with(&[0x1f, 0x8b]) || body.starts_with(&[0x28, 0xb5, 0x2f, 0xfd])
}

fn begins_encrypted(body: &[u8]) -> bool {
    let object = body.trim_ascii_start().strip_prefix(b"{");
    object.is_some_and(|members| members.trim_ascii_start().starts_with(b"\"encrypt\""))
}

fn has_any_signature(headers: &HeaderMap) -> bool {
    let names = headers.keys();
    names
        .map(http::HeaderName::as_str)
        .any(|name| name.starts_with("x-lark-"))
}

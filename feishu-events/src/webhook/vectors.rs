//! The official test vectors for events: requests, and what must become of each.

use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use serde_json::Value;

use super::check::{Received, explain};
use super::{Refusal, Webhook, respond};
use crate::catalog::protocol::Protocol;
use crate::delivery::AcceptedEvent;
use crate::event::envelope::{Envelope, EnvelopeError};
use crate::webhook::crypto::DecryptError;

mod callbacks;

/// The vectors, or `None` with a word to the reader where there are none.
fn vectors() -> Option<Vec<Value>> {
    crate::test_support::vectors::read("webhook.json")
}

#[test]
fn every_event_vector_holds() {
    let Some(vectors) = vectors() else { return };
    let mut wrong = Vec::new();
    let mut held = 0;
    for vector in &vectors {
        let expected = vector.get("safe_expected").unwrap_or(&vector["expected"]);
        match check(vector, expected) {
            Ok(()) => held += 1,
            Err(problem) => wrong.push(format!("{} {}: {problem}", vector["id"], vector["title"])),
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {held} held:\n{}",
        vectors.len(),
        wrong.join("\n")
    );
    assert_eq!(held, 158);
}

fn check(vector: &Value, expected: &Value) -> Result<(), String> {
    let insecure = vector["encrypt_key"] == "" && vector["verification_token"] == "";
    let dispatcher = if vector.get("handler_result") == Some(&Value::Null) {
        crate::dispatcher![callbacks::on_card_action_with_nothing]
    } else {
        crate::dispatcher![callbacks::on_card_action, callbacks::on_url_preview]
    };
    let builder = Webhook::builder(dispatcher)
        .encrypt_key(vector["encrypt_key"].as_str().unwrap())
        .verification_token(vector["verification_token"].as_str().unwrap())
        // They were signed long ago.
        .max_age(None)
        .max_callback_age(None);
    let builder = if vector["handler"] == "card_legacy" {
        builder.legacy_cards()
    } else {
        builder
    };
    let builder = if insecure {
        builder.insecure_accept_anything()
    } else {
        builder
    };
    let webhook = builder.build().unwrap();
    let mut headers = HeaderMap::new();
    for pair in vector["headers"].as_array().unwrap() {
        let name = HeaderName::try_from(pair[0].as_str().unwrap()).unwrap();
        headers.append(
            name,
            HeaderValue::try_from(pair[1].as_str().unwrap()).unwrap(),
        );
    }
    let body = body(vector);
    let outcome = webhook.0.receive(&headers, &body);
    let outcome = outcome.map_err(|refusal| explain(&webhook.0, refusal, &headers, &body));
    let accepted: Vec<&Value> = match vector.get("accept_any").and_then(Value::as_array) {
        Some(any) => any.iter().collect(),
        None => vec![expected],
    };
    if accepted
        .iter()
        .any(|accepted| fits(&outcome, accepted, vector, &body))
    {
        return match outcome {
            Ok(Received::Event(taken)) if expected["kind"] == "callback" => {
                check_response(taken, vector, expected)
            }
            _ => Ok(()),
        };
    }
    let outcome = match outcome {
        Ok(Received::Challenge(answer)) => format!("challenge {answer:?}"),
        Ok(Received::Event(taken)) => format!("event {}", taken.event_type()),
        Err(refusal) => format!("{refusal:?}"),
    };
    Err(format!("expected {expected}, got {outcome}"))
}

/// Runs the handler of a callback and compares what is responded.
fn check_response(taken: AcceptedEvent, vector: &Value, expected: &Value) -> Result<(), String> {
    // The callbacks of old cards have no typed request, so they have no handler.
    if vector["handler"] == "card_legacy" {
        return Ok(());
    }
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .unwrap();
    let answer = runtime.block_on(taken.answer());
    let response = respond::answer(answer, true);
    let json: Value = serde_json::from_slice(response.body()).unwrap();
    let wanted: Value = serde_json::from_str(expected["response_body"].as_str().unwrap()).unwrap();
    if response.status() == StatusCode::OK && json == wanted {
        return Ok(());
    }
    Err(format!("expected {wanted}, responded {json}"))
}

fn body(vector: &Value) -> Vec<u8> {
    use base64::Engine as _;

    match vector["body"].as_str() {
        Some(text) => text.as_bytes().to_vec(),
        None => base64::engine::general_purpose::STANDARD
            .decode(vector["body_b64"].as_str().unwrap())
            .unwrap(),
    }
}

fn fits(
    outcome: &Result<Received, Refusal>,
    accepted: &Value,
    vector: &Value,
    body: &[u8],
) -> bool {
    match outcome {
        Ok(Received::Challenge(answer)) => {
            let answer: Value = serde_json::from_slice(answer).unwrap();
            accepted["kind"] == "challenge"
                && accepted
                    .get("challenge")
                    .is_none_or(|c| *c == answer["challenge"])
        }
        Ok(Received::Event(taken)) => {
            let plaintext = match vector["expected"]["plaintext"].as_str() {
                Some(plaintext) => plaintext.as_bytes(),
                None => body,
            };
            let header = Envelope::from_slice(plaintext)
                .ok()
                .map(|envelope| envelope.header);
            let schema = header.as_ref().map(|header| match header.protocol {
                Protocol::V1 => "1.0",
                Protocol::V2 => "2.0",
            });
            // The largest vector gives the plaintext's hash only.
            let schema = schema.or(vector["expected"]["schema"].as_str());
            let same = |key: &str, ours: Option<&str>| {
                accepted
                    .get(key)
                    .is_none_or(|theirs| theirs.is_null() || theirs.as_str() == ours)
            };
            // A request that is in order and of no known type is an event here, by our own rule.
            let unknown = accepted["error_class"] == "unknown_event_type";
            let callback = accepted["kind"] == "callback" && taken.is_callback();
            (callback
                || accepted["kind"] == "event"
                || accepted["kind"] == "unknown_type"
                || unknown)
                && same("event_type", Some(taken.event_type()))
                && same("event_id", taken.event_id())
                && same("schema", schema)
        }
        Err(refusal) => {
            let class = class(refusal);
            let any = accepted.get("error_class_any").and_then(Value::as_array);
            accepted["kind"] == "error"
                && refusal.status() != StatusCode::OK
                && match (any, accepted.get("error_class")) {
                    (Some(any), _) => any.iter().any(|name| name == class),
                    (None, Some(name)) => name == class,
                    (None, None) => true,
                }
        }
    }
}

/// The vectors' name for a refusal.
fn class(refusal: &Refusal) -> &'static str {
    match refusal {
        Refusal::BodyTooLarge { .. } => "body_too_large",
        Refusal::TooManyBodies => "too_many_bodies",
        Refusal::SignatureMissing(_) | Refusal::NotSigned | Refusal::HeaderRenamed(_) => {
            "signature_missing"
        }
        Refusal::SignatureMismatch
        | Refusal::EncryptKeyHasBlanks
        | Refusal::CardSignatureMismatch
        | Refusal::CardTokenMissing
        | Refusal::CardSignatureOnEvent
        | Refusal::NotAnOldCard => "signature_mismatch",
        Refusal::Compressed => "compressed",
        Refusal::TooOld { .. } => "too_old",
        Refusal::BodyNotJson(error) => json_class("body", error),
        Refusal::EncryptKeyMissing => "encrypt_key_missing",
        Refusal::EncryptNotString => "encrypt_not_string",
        Refusal::Decrypt(DecryptError::Base64) => "bad_base64",
        Refusal::Decrypt(DecryptError::Length(_)) => "ciphertext_length",
        Refusal::Decrypt(DecryptError::Padding) => "bad_padding",
        Refusal::PlaintextNotJson(error) => json_class("plaintext", error),
        Refusal::TokenMissing => "token_missing",
        Refusal::TokenMismatch => "token_mismatch",
        Refusal::ChallengeInvalid | Refusal::Envelope(_) => "envelope_invalid",
    }
}

fn json_class(what: &str, error: &EnvelopeError) -> &'static str {
    let problem = match error {
        EnvelopeError::NotUtf8(_) => "utf8",
        EnvelopeError::NotAnObject(error) if error.is_data() => "object",
        _ => "json",
    };
    match (what, problem) {
        ("body", "utf8") => "body_not_utf8",
        ("body", "object") => "body_not_object",
        ("body", _) => "body_not_json",
        (_, "utf8") => "plaintext_not_utf8",
        (_, "object") => "plaintext_not_object",
        _ => "plaintext_not_json",
    }
}

//! Responses, and the log entries of refusals.

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode, header};

use super::Refusal;
use crate::delivery::Answer;

/// The headers with the platform's own id of a request, the most useful first.
static LOG_IDS: [HeaderName; 2] = [
    HeaderName::from_static("x-tt-logid"),
    HeaderName::from_static("x-request-id"),
];

/// The longest log id that is logged: it is unauthenticated input.
const LOG_ID_LENGTH: usize = 64;

pub(super) fn challenge(answer: Bytes) -> Response<Bytes> {
    json(StatusCode::OK, answer)
}

pub(super) fn answer(answer: Answer, is_callback: bool) -> Response<Bytes> {
    match answer {
        Answer::Ok(Some(response)) => json(StatusCode::OK, response),
        // To a callback, no response must still be one: an object without members.
        Answer::Ok(None) if is_callback => json(StatusCode::OK, "{}"),
        Answer::Ok(None) => json(StatusCode::OK, r#"{"msg":"success"}"#),
        Answer::Failed => json(StatusCode::INTERNAL_SERVER_ERROR, r#"{"msg":"failed"}"#),
        Answer::Refused(_) => json(StatusCode::SERVICE_UNAVAILABLE, r#"{"msg":"later"}"#),
    }
}

pub(super) fn refusal(refusal: &Refusal) -> Response<Bytes> {
    json(refusal.status(), r#"{"msg":"refused"}"#)
}

pub(super) fn log_refusal(refusal: &Refusal, headers: &HeaderMap, left_out: u64) {
    let log_id = LOG_IDS.iter().find_map(|name| headers.get(name));
    let log_id = log_id
        .and_then(|id| id.to_str().ok())
        .filter(|id| id.len() <= LOG_ID_LENGTH);
    tracing::warn!(%refusal, log_id, left_out, "refused a webhook request");
}

fn json(status: StatusCode, body: impl Into<Bytes>) -> Response<Bytes> {
    let mut response = Response::new(body.into());
    *response.status_mut() = status;
    // By itself it makes room for six headers.
    *response.headers_mut() = HeaderMap::with_capacity(1);
    let json = HeaderValue::from_static("application/json; charset=utf-8");
    response.headers_mut().insert(header::CONTENT_TYPE, json);
    response
}

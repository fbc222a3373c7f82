//! The answer to a frame: the frame itself, with a header more and another payload.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use serde_json::json;

use super::frame::{Frame, Header, key};
use crate::delivery::Answer;

/// It was handled.
const HANDLED: u16 = 200;
/// It was not, and is to be sent again.
const FAILED: u16 = 500;

/// The answer to `frame`, whose handling took `time`.
pub(in crate::long_connection) fn answer_to(
    frame: Frame,
    answer: &Answer,
    time: Duration,
) -> Frame {
    let payload = match answer {
        Answer::Ok(Some(response)) => {
            json!({ "code": HANDLED, "data": STANDARD.encode(response) })
        }
        Answer::Ok(None) => json!({ "code": HANDLED }),
        Answer::Failed | Answer::Refused(_) => json!({ "code": FAILED }),
    };
    let mut headers = frame.headers;
    headers.push(Header::new(key::BIZ_RT, time.as_millis().to_string()));
    Frame {
        headers,
        payload: Some(Bytes::from(payload.to_string())),
        ..frame
    }
}

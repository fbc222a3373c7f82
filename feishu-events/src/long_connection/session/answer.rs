//! The answer to a frame: the frame itself, with a header more and another payload.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;

use super::frame::{Frame, key};
use crate::delivery::Answer;

/// It was handled.
const HANDLED: &str = r#"{"code":200}"#;
/// It was not, and is to be sent again.
const FAILED: &str = r#"{"code":500}"#;

/// The answer to `frame`, whose handling took `time`.
pub(in crate::long_connection) fn answer_to(
    mut frame: Frame,
    answer: &Answer,
    time: Duration,
) -> Frame {
    let payload = match answer {
        // What base64 consists of needs no escape.
        Answer::Ok(Some(response)) => {
            let data = STANDARD.encode(response);
            Bytes::from(format!(r#"{{"code":200,"data":"{data}"}}"#))
        }
        Answer::Ok(None) => Bytes::from_static(HANDLED.as_bytes()),
        Answer::Failed | Answer::Refused(_) => Bytes::from_static(FAILED.as_bytes()),
    };
    let time = time.as_millis().to_string();
    frame.headers.push(key::BIZ_RT, &time);
    frame.payload = Some(payload);
    frame
}

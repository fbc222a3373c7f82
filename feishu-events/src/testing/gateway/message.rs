//! The frames of one message, and a check of the answer to it.

use std::time::{SystemTime, UNIX_EPOCH};

use bytes::Bytes;

use super::push::Push;
use crate::long_connection::session::frame::{Frame, Headers, Kind, Method, key};

/// The service id of all connections.
pub(super) const SERVICE: i32 = 33_554_678;

/// Headers that clients only repeat.
const TIMESTAMP: &str = "timestamp";
const INSTANCE_ID: &str = "instance_id";

/// A message that was pushed, with what its answer must repeat.
#[derive(Debug)]
pub(super) struct Message {
    id: String,
    /// The number of the first part; the others follow.
    pub(super) first_seq_id: u64,
    pub(super) log_id: u64,
    pub(super) parts: usize,
    kind: &'static str,
    timestamp: String,
}

impl Message {
    pub(super) fn new(push: &Push, id: String, first_seq_id: u64, log_id: u64) -> Self {
        let now = SystemTime::now().duration_since(UNIX_EPOCH);
        Self {
            id,
            first_seq_id,
            log_id,
            parts: push.parts,
            kind: push.kind,
            timestamp: now.unwrap_or_default().as_millis().to_string(),
        }
    }

    /// The frames of all parts, in order.
    pub(super) fn frames(&self, payload: &Bytes) -> Vec<Bytes> {
        let cut = |part: usize| payload.len() * part / self.parts;
        let parts = 0..self.parts;
        parts
            .map(|part| {
                let frame = Frame {
                    seq_id: self.first_seq_id + part as u64,
                    log_id: self.log_id,
                    service: SERVICE,
                    method: Method::DATA,
                    headers: self.headers(part),
                    payload: Some(payload.slice(cut(part)..cut(part + 1))),
                    ..Frame::default()
                };
                frame.encode()
            })
            .collect()
    }

    fn headers(&self, part: usize) -> Headers {
        Headers::from([
            (key::TYPE, self.kind),
            (key::MESSAGE_ID, &self.id),
            (key::TRACE_ID, &format!("trace-{}", self.id)),
            (key::SUM, &self.parts.to_string()),
            (key::SEQ, &part.to_string()),
            (TIMESTAMP, &self.timestamp),
            (INSTANCE_ID, "instance-1"),
        ])
    }

    /// Checks that an answer repeats the message's frame and adds the handler's time.
    ///
    /// # Errors
    /// The protocol violation, for the delivery log.
    pub(super) fn check(&self, answer: &Frame) -> Result<(), String> {
        let part = usize::try_from(answer.seq_id - self.first_seq_id).unwrap_or(self.parts);
        if answer.log_id != self.log_id {
            return Err("an answer does not repeat the LogID of the event".to_owned());
        }
        if answer.service != SERVICE || answer.method != Method::DATA {
            return Err("an answer has another service or method than the event".to_owned());
        }
        let expected = self.headers(part);
        let mut answered = answer.headers.iter();
        if !expected
            .iter()
            .all(|header| answered.next() == Some(header))
        {
            return Err("an answer does not repeat the headers of the event".to_owned());
        }
        match (answered.next(), answered.next()) {
            (Some((key::BIZ_RT, time)), None) if time.parse::<u64>().is_ok() => Ok(()),
            (None, _) => Err("an answer has no header `biz_rt`".to_owned()),
            (Some((key, value)), _) => Err(format!("an answer adds the header `{key}: {value}`")),
        }
    }
}

/// A frame that carries the settings of the platform to a client; also the answer to a ping.
pub(super) fn pong(settings: &str) -> Bytes {
    let frame = Frame {
        service: SERVICE,
        method: Method::CONTROL,
        headers: Headers::from([(key::TYPE, Kind::PONG)]),
        payload: Some(Bytes::copy_from_slice(settings.as_bytes())),
        ..Frame::default()
    };
    frame.encode()
}

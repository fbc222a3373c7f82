//! Messages that come in parts, put together.

use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use tokio::time::Instant;

use super::frame::{Frame, FrameError, key};
use crate::redact::one_line::OneLine;

/// How many parts a message may have.
const MOST_PARTS: i64 = 4096;

/// How many messages may be incomplete at a time.
const MOST_MESSAGES: usize = 64;

/// How many complete messages are remembered.
const MOST_REMEMBERED: usize = 1024;

/// How many bytes an id may have; the platform's have 36. Ids are kept, and are not in `held`.
const LONGEST_ID: usize = 256;

/// How many bytes all incomplete messages may have, as a multiple of what one may have.
const MOST_LARGE_MESSAGES: usize = 2;

/// How long the next part of a message may take.
const NEXT_PART_WITHIN: Duration = Duration::from_secs(20);

/// How long a message may be incomplete.
const INCOMPLETE_FOR: Duration = Duration::from_secs(2 * 60);

/// How long a complete message is remembered.
///
/// The platform sends a message again after 15 s at the earliest: that must not be taken for parts
/// that came twice.
const COMPLETE_FOR: Duration = Duration::from_secs(10);

/// The incomplete messages of one connection.
#[derive(Debug)]
pub(in crate::long_connection) struct Assembly {
    /// The bytes that one message may have.
    limit: usize,
    incomplete: HashMap<String, Parts>,
    /// The bytes of all incomplete messages.
    held: usize,
    /// When which message was completed, the oldest first.
    complete: VecDeque<(Instant, String)>,
}

/// The parts of one message that have come.
#[derive(Debug)]
struct Parts {
    since: Instant,
    last: Instant,
    sum: i64,
    /// By number: no memory is taken for what has not come.
    by_seq: HashMap<i64, Bytes>,
    bytes: usize,
}

/// Why a part is dropped.
#[derive(Debug)]
pub(in crate::long_connection) enum PartError {
    /// A header is not a number.
    Header(FrameError),
    /// The message has more parts than are taken.
    TooManyParts { sum: i64 },
    /// The number of the part is not one of the message's.
    OutOfRange { seq: i64, sum: i64 },
    /// A part has no `message_id`, so that nobody knows which message it belongs to.
    NoMessageId,
    /// The `message_id` is longer than any.
    LongMessageId { length: usize },
    /// Two parts disagree about how many there are.
    OtherSum { message_id: String },
    /// The message is larger than is taken.
    TooLarge { message_id: String, limit: usize },
    /// Too many messages are incomplete.
    TooManyMessages,
}

impl Assembly {
    /// An assembly of messages of at most `limit` bytes.
    pub(in crate::long_connection) fn new(limit: usize) -> Self {
        Self {
            limit,
            incomplete: HashMap::new(),
            held: 0,
            complete: VecDeque::new(),
        }
    }

    /// Takes a part, and gives back the payload of the message if it is complete now.
    ///
    /// # Errors
    /// A part that fits no message; of what its message had, nothing is left if the parts disagree.
    pub(in crate::long_connection) fn add(
        &mut self,
        frame: &Frame,
    ) -> Result<Option<Bytes>, PartError> {
        let sum = frame.number(key::SUM)?.unwrap_or(1);
        let payload = frame.payload.clone().unwrap_or_default();
        if sum <= 1 {
            return Ok(Some(payload));
        }
        if sum > MOST_PARTS {
            return Err(PartError::TooManyParts { sum });
        }
        let seq = frame.number(key::SEQ)?.unwrap_or(0);
        if !(0..sum).contains(&seq) {
            return Err(PartError::OutOfRange { seq, sum });
        }
        let id = frame.header(key::MESSAGE_ID).filter(|id| !id.is_empty());
        let id = id.ok_or(PartError::NoMessageId)?;
        if id.len() > LONGEST_ID {
            let length = id.len();
            return Err(PartError::LongMessageId { length });
        }
        let now = Instant::now();
        self.forget_old(now);
        if self.complete.iter().any(|(_, complete)| complete == id) {
            tracing::debug!(
                message_id = id,
                "a part came again after its message was complete"
            );
            return Ok(None);
        }
        self.put(id, now, sum, seq, &payload)
    }

    fn put(
        &mut self,
        id: &str,
        now: Instant,
        sum: i64,
        seq: i64,
        payload: &[u8],
    ) -> Result<Option<Bytes>, PartError> {
        // Sent again, and cut elsewhere: the parts of the first time do not fit those to come.
        let before = self
            .incomplete
            .get(id)
            .and_then(|parts| parts.by_seq.get(&seq));
        if before.is_some_and(|before| before != payload) {
            self.drop_message(id);
        }
        if !self.incomplete.contains_key(id) && self.incomplete.len() >= MOST_MESSAGES {
            return Err(PartError::TooManyMessages);
        }
        let parts = self.incomplete.entry(id.to_owned());
        let parts = parts.or_insert_with(|| Parts {
            since: now,
            last: now,
            sum,
            by_seq: HashMap::new(),
            bytes: 0,
        });
        if parts.sum != sum {
            let message_id = id.to_owned();
            self.drop_message(id);
            return Err(PartError::OtherSum { message_id });
        }
        parts.last = now;
        let added = payload.len();
        // A copy: the memory of the message that a part came in may be larger than the part.
        let before = parts.by_seq.insert(seq, Bytes::copy_from_slice(payload));
        let before = before.map_or(0, |part| part.len());
        parts.bytes = parts.bytes + added - before;
        self.held = self.held + added - before;
        let is_complete = i64::try_from(parts.by_seq.len()) == Ok(sum);
        let too_large =
            parts.bytes > self.limit || self.held > self.limit.saturating_mul(MOST_LARGE_MESSAGES);
        if too_large {
            let message_id = id.to_owned();
            self.drop_message(id);
            let limit = self.limit;
            return Err(PartError::TooLarge { message_id, limit });
        }
        if !is_complete {
            return Ok(None);
        }
        let whole = self.drop_message(id).map(Parts::joined);
        if self.complete.len() >= MOST_REMEMBERED {
            self.complete.pop_front();
        }
        self.complete.push_back((now, id.to_owned()));
        Ok(whole)
    }

    /// Forgets what is too old.
    pub(in crate::long_connection) fn forget_old(&mut self, now: Instant) {
        let is_old = |at: Instant| now.duration_since(at) >= COMPLETE_FOR;
        while self.complete.front().is_some_and(|(at, _)| is_old(*at)) {
            self.complete.pop_front();
        }
        self.incomplete.retain(|id, parts| {
            let late = now.duration_since(parts.last) >= NEXT_PART_WITHIN;
            let keep = !late && now.duration_since(parts.since) < INCOMPLETE_FOR;
            if !keep {
                self.held -= parts.bytes;
                tracing::warn!(
                    message_id = id,
                    "of {} parts only {} came in time: dropped, the platform sends it again",
                    parts.sum,
                    parts.by_seq.len()
                );
            }
            keep
        });
    }

    fn drop_message(&mut self, id: &str) -> Option<Parts> {
        let parts = self.incomplete.remove(id)?;
        self.held -= parts.bytes;
        Some(parts)
    }
}

impl Parts {
    fn joined(mut self) -> Bytes {
        let mut whole = BytesMut::with_capacity(self.bytes);
        for seq in 0..self.sum {
            whole.extend_from_slice(&self.by_seq.remove(&seq).unwrap_or_default());
        }
        whole.freeze()
    }
}

impl From<FrameError> for PartError {
    fn from(error: FrameError) -> Self {
        Self::Header(error)
    }
}

impl fmt::Display for PartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Header(error) => error.fmt(f),
            Self::TooManyParts { sum } => {
                write!(
                    f,
                    "the header `sum` says {sum} parts, more than {MOST_PARTS}"
                )
            }
            Self::OutOfRange { seq, sum } => {
                write!(
                    f,
                    "the header `seq` says part {seq} of {sum}, counted from 0"
                )
            }
            Self::NoMessageId => f.write_str("a part of a message needs the header `message_id`"),
            Self::LongMessageId { length } => write!(
                f,
                "the header `message_id` of a part has {length} bytes, more than {LONGEST_ID}"
            ),
            Self::OtherSum { message_id } => {
                write!(
                    f,
                    "the parts of message {} disagree about `sum`",
                    OneLine(message_id)
                )
            }
            Self::TooLarge { message_id, limit } => write!(
                f,
                "message {} has more than {limit} bytes, or too much is incomplete: \
                 see `event_size_limit`",
                OneLine(message_id)
            ),
            Self::TooManyMessages => {
                write!(f, "more than {MOST_MESSAGES} messages are incomplete")
            }
        }
    }
}

impl std::error::Error for PartError {}

#[cfg(test)]
mod tests;

//! Frames: what a binary message of the connection holds, in both directions.
//!
//! They are protobuf, of the second version: some fields are required, of others it matters
//! whether they are present. Both is checked here, for the derived code fills in what is missing.

mod error;
mod headers;
mod keys;
mod limits;
#[cfg(test)]
mod tests;
mod usual;
mod wire;

use bytes::Bytes;
use prost::Message as _;

pub(crate) use error::FrameError;
pub(crate) use headers::Headers;
pub(crate) use keys::{Kind, Method, key};
pub(crate) use limits::MOST_BESIDE_PAYLOAD;
use wire::WireFrame;

/// A frame, with what its reader must not change to answer it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Frame {
    pub(crate) seq_id: u64,
    pub(crate) log_id: u64,
    /// The service that the frame comes from, or goes to; the URL of the connection names it.
    pub(crate) service: i32,
    /// [`Method`] reads it.
    pub(crate) method: i32,
    pub(crate) headers: Headers,
    pub(crate) payload_encoding: Option<String>,
    pub(crate) payload_type: Option<String>,
    /// An empty payload and none are two things.
    pub(crate) payload: Option<Bytes>,
    pub(crate) log_id_new: Option<String>,
}

impl Frame {
    /// Reads a frame; its payload shares the message's memory.
    ///
    /// # Errors
    /// Bytes that are not a frame, frames without a required field, and frames with more beside their
    /// payload than anybody needs.
    pub(crate) fn decode(message: impl Into<Bytes>) -> Result<Self, FrameError> {
        let message = message.into();
        usual::read(&message).map_or_else(|| Self::decode_any(message), Ok)
    }

    /// Reads a frame in any form; what [`decode`](Self::decode) reads in one pass, this reads the same.
    pub(crate) fn decode_any(message: Bytes) -> Result<Self, FrameError> {
        limits::check(&message)?;
        let wire = WireFrame::decode(message).map_err(FrameError::Malformed)?;
        wire.checked()
    }

    /// The frame as the payload of a binary message.
    pub(crate) fn encode(self) -> Bytes {
        Bytes::from(usual::write(&self))
    }

    /// The ping of a client: the platform answers with a pong, which may hold new settings.
    pub(crate) fn ping(service: i32) -> Self {
        Self {
            service,
            method: Method::CONTROL,
            headers: Headers::from([(key::TYPE, Kind::PING)]),
            ..Self::default()
        }
    }

    /// What the frame is for.
    pub(crate) fn method(&self) -> Method {
        Method::of(self.method)
    }

    /// What the header `type` says.
    pub(crate) fn kind(&self) -> Kind<'_> {
        Kind::of(self.header(key::TYPE))
    }

    /// The value of a header; of a repeated one the first.
    pub(crate) fn header(&self, key: &str) -> Option<&str> {
        self.headers.get(key)
    }

    /// The value of a header that is a decimal number, if it is there.
    ///
    /// # Errors
    /// A value that is not a number.
    pub(crate) fn number(&self, key: &'static str) -> Result<Option<i64>, FrameError> {
        let Some(value) = self.header(key) else {
            return Ok(None);
        };
        match value.parse() {
            Ok(number) => Ok(Some(number)),
            Err(_) => Err(FrameError::not_a_number(key, value)),
        }
    }
}

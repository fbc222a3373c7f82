//! A frame in any form: every field optional, so that a missing one is noticed.

use bytes::Bytes;

use super::{Frame, FrameError, Headers};

/// The tag of `payload`.
pub(in crate::long_connection::session::frame) const PAYLOAD: u32 = 8;

#[derive(Clone, PartialEq, prost::Message)]
pub(in crate::long_connection::session::frame) struct WireFrame {
    #[prost(uint64, optional, tag = "1")]
    seq_id: Option<u64>,
    #[prost(uint64, optional, tag = "2")]
    log_id: Option<u64>,
    #[prost(int32, optional, tag = "3")]
    service: Option<i32>,
    #[prost(int32, optional, tag = "4")]
    method: Option<i32>,
    #[prost(message, repeated, tag = "5")]
    headers: Vec<WireHeader>,
    #[prost(string, optional, tag = "6")]
    payload_encoding: Option<String>,
    #[prost(string, optional, tag = "7")]
    payload_type: Option<String>,
    #[prost(bytes = "bytes", optional, tag = "8")]
    payload: Option<Bytes>,
    #[prost(string, optional, tag = "9")]
    log_id_new: Option<String>,
}

#[derive(Clone, PartialEq, prost::Message)]
pub(in crate::long_connection::session::frame) struct WireHeader {
    #[prost(string, optional, tag = "1")]
    key: Option<String>,
    #[prost(string, optional, tag = "2")]
    value: Option<String>,
}

impl WireFrame {
    /// The frame, if it has all that is required.
    pub(in crate::long_connection::session::frame) fn checked(self) -> Result<Frame, FrameError> {
        let headers = self.headers.iter().enumerate();
        let headers = headers.map(|(index, header)| {
            let missing = |field| FrameError::MissingInHeader { index, field };
            let key = header.key.as_deref().ok_or_else(|| missing("key"))?;
            let value = header.value.as_deref().ok_or_else(|| missing("value"))?;
            Ok((key, value))
        });
        Ok(Frame {
            seq_id: required(self.seq_id, "SeqID")?,
            log_id: required(self.log_id, "LogID")?,
            service: required(self.service, "service")?,
            method: required(self.method, "method")?,
            headers: headers.collect::<Result<Headers, FrameError>>()?,
            payload_encoding: self.payload_encoding,
            payload_type: self.payload_type,
            payload: self.payload,
            log_id_new: self.log_id_new,
        })
    }
}

fn required<T>(field: Option<T>, name: &'static str) -> Result<T, FrameError> {
    field.ok_or(FrameError::MissingField(name))
}

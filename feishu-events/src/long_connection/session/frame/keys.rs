//! The words of frames: methods, header keys and the values of `type`.

use crate::redact::one_line::OneLine;

/// The keys of headers.
pub(crate) mod key {
    /// What a frame is: [`Kind`](super::Kind).
    pub(crate) const TYPE: &str = "type";
    /// Which message the frame is, or is a part of.
    pub(crate) const MESSAGE_ID: &str = "message_id";
    /// The platform's name of what happened, for its logs and ours.
    pub(crate) const TRACE_ID: &str = "trace_id";
    /// In how many parts the message comes.
    pub(crate) const SUM: &str = "sum";
    /// Which of the parts this is, from 0.
    pub(crate) const SEQ: &str = "seq";
    /// In answers: how many milliseconds the handler took.
    pub(crate) const BIZ_RT: &str = "biz_rt";
}

/// What a frame is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Method {
    /// Pings and pongs.
    Control,
    /// Events and callbacks, and the answers to them.
    Data,
    /// Something that is not known here.
    Other(i32),
}

impl Method {
    pub(crate) const CONTROL: i32 = 0;
    pub(crate) const DATA: i32 = 1;

    pub(in crate::long_connection::session::frame) fn of(number: i32) -> Self {
        match number {
            Self::CONTROL => Self::Control,
            Self::DATA => Self::Data,
            other => Self::Other(other),
        }
    }
}

/// What the header `type` says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind<'a> {
    /// An event, or a callback with an envelope.
    Event,
    /// A callback of an old card.
    Card,
    Ping,
    Pong,
    /// A value that is not known here.
    Other(OneLine<'a>),
    /// There is no such header.
    Missing,
}

impl<'a> Kind<'a> {
    pub(crate) const EVENT: &'static str = "event";
    pub(crate) const CARD: &'static str = "card";
    pub(crate) const PING: &'static str = "ping";
    pub(crate) const PONG: &'static str = "pong";

    pub(in crate::long_connection::session::frame) fn of(value: Option<&'a str>) -> Self {
        match value {
            Some(Self::EVENT) => Self::Event,
            Some(Self::CARD) => Self::Card,
            Some(Self::PING) => Self::Ping,
            Some(Self::PONG) => Self::Pong,
            Some(other) => Self::Other(OneLine(other)),
            None => Self::Missing,
        }
    }
}

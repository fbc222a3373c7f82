//! The two envelope formats.

use std::fmt;

/// The [envelope formats][page] of the platform.
///
/// [page]: https://open.feishu.cn/document/server-docs/event-subscription-guide/overview
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Protocol {
    /// `{"ts", "uuid", "token", "type": "event_callback", "event"}`
    V1,
    /// `{"schema": "2.0", "header", "event"}`
    V2,
}

impl fmt::Display for Protocol {
    /// The version, as the documentation has it: `1.0`, `2.0`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::V1 => "1.0",
            Self::V2 => "2.0",
        })
    }
}

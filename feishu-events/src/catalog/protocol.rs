//! The two envelope formats.

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

//! The chat or approval instance that an event belongs to, whose events have an order.

use serde_json::value::RawValue;

use crate::event::envelope::string_at;

/// The fields that name the chat or approval instance of an event.
///
/// If an event has more than one of them, the first is used.
const DOCUMENTED: [&[&str]; 7] = [
    &["message", "chat_id"],
    &["chat_id"],
    &["open_chat_id"],
    &["object", "chat_id"],
    &["context", "open_chat_id"],
    &["instance_code"],
    &["object", "instance_code"],
];

/// The chat or approval instance that the event belongs to, by its documented fields.
pub(crate) fn documented_order_key(payload: &RawValue) -> Option<String> {
    DOCUMENTED.iter().find_map(|path| string_at(payload, path))
}

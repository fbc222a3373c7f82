//! What events belong to: those of one chat, or of one approval instance, have an order.

use serde_json::value::RawValue;

use crate::event::envelope::string_at;

/// Where events say what they belong to: the chat, the approval instance.
///
/// An event with more than one of them goes by the first.
const DOCUMENTED: [&[&str]; 7] = [
    &["message", "chat_id"],
    &["chat_id"],
    &["open_chat_id"],
    &["object", "chat_id"],
    &["context", "open_chat_id"],
    &["instance_code"],
    &["object", "instance_code"],
];

/// What the event belongs to by its documented fields.
pub(crate) fn documented_order_key(payload: &RawValue) -> Option<String> {
    DOCUMENTED.iter().find_map(|path| string_at(payload, path))
}

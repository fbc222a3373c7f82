//! Events that belong together, handled one after the other.

use std::fmt;
use std::sync::Arc;

use crate::delivery::{Turn, Turns, string_at};
use crate::envelope::RawEnvelope;
use crate::header::Header;

/// Where events say what they belong to: the chat, the approval instance.
///
/// An event with more than one of them goes by the first.
const DOCUMENTED: [&[&str]; 4] = [
    &["message", "chat_id"],
    &["chat_id"],
    &["instance_code"],
    &["context", "open_chat_id"],
];

/// An event that has come and that no handler has seen, for
/// [`order_by`](super::LongConnectionBuilder::order_by).
#[derive(Debug, Clone, Copy)]
pub struct Arrival<'a> {
    envelope: &'a RawEnvelope<'a>,
}

impl Arrival<'_> {
    /// What the envelope says about the event.
    pub fn header(&self) -> &Header {
        &self.envelope.header
    }

    /// The event's payload, as JSON.
    pub fn payload(&self) -> &str {
        self.envelope.payload.get()
    }

    /// The string at a path in the payload: `&["message", "chat_id"]`.
    pub fn string_at(&self, path: &[&str]) -> Option<String> {
        string_at(self.envelope.payload, path)
    }

    /// What the event belongs to by its documented fields: a chat or an approval instance.
    pub fn documented_key(&self) -> Option<String> {
        DOCUMENTED.iter().find_map(|path| self.string_at(path))
    }
}

type Key = Arc<dyn Fn(Arrival<'_>) -> Option<String> + Send + Sync>;

/// Which events are handled one after the other.
#[derive(Clone, Default)]
pub(super) struct Order {
    key: Option<Key>,
}

impl Order {
    pub(super) fn by(key: impl Fn(Arrival<'_>) -> Option<String> + Send + Sync + 'static) -> Self {
        let key: Key = Arc::new(key);
        Self { key: Some(key) }
    }

    /// The turn of an event, if it has to wait for others.
    pub(super) fn turn(&self, turns: &Turns, envelope: &RawEnvelope<'_>) -> Option<Turn> {
        let key = self.key.as_ref()?(Arrival { envelope })?;
        Some(turns.take(key))
    }
}

impl fmt::Debug for Order {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Order")
            .field("ordered", &self.key.is_some())
            .finish()
    }
}

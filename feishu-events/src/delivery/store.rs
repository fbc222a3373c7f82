//! What remembers which events have been handled.

/// Why a store could not answer.
pub type StoreError = Box<dyn std::error::Error + Send + Sync>;

/// Whether an event is to be handled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Claim {
    /// It is, by whoever made this claim: nobody else has it.
    Claimed,
    /// It is being handled by someone else, who may still fail.
    Running,
    /// It has been handled.
    Done,
}

/// What remembers which events have been handled, so that each is handled once.
///
/// # What an event is remembered by
///
/// A key is the app's id and what identifies the event in it:
///
/// | event | remembered by |
/// | --- | --- |
/// | `im.message.receive_v1` | `message.message_id` in its payload, as [its page](https://open.feishu.cn/document/uAjLw4CM/ukTMukTMukTM/reference/im-v1/message/events/receive) asks, which says not to rely on the event id |
/// | any other, documented or not | `event_id` in the header, in protocol 1.0 `uuid` |
/// | a callback | nothing: each is handled, since the answer is for a person who waits |
/// | one without that id | nothing: it is handled each time it comes |
///
/// # What a store must do
///
/// The platform sends an event again after 15 s, 5 min, 1 h and 6 h if it was not acknowledged,
/// and sometimes even if it was. A store for several processes (Redis, a database) must
/// - let only one of two claims at the same time succeed,
/// - keep what is done for 12 h: the platform's last attempt comes after 7 h 5 min,
/// - let a claim that was neither done nor released run out, since the process that made it is gone:
///   after some minutes, and in any case after more time than the slowest handler takes, its wait for
///   its turn and the settling of the claim included.
///
/// A claim is not renewed while its handler runs, and `done` and `release` do not say whose claim they
/// settle. So if one runs out under a handler that is still busy, the event is handled a second time
/// beside the first when it comes again; and the one that ends first settles the claim of the other:
/// if it fails, the event is free for a third. A process that was stopped for a while does the same.
///
/// When a store fails, the event is refused and comes again, rather than being handled twice.
///
/// ```
/// use std::collections::HashMap;
/// use std::sync::Mutex;
/// use feishu_events::{Claim, DedupeStore, StoreError};
///
/// /// Remembers all events for ever.
/// #[derive(Default)]
/// struct Forever(Mutex<HashMap<String, Claim>>);
///
/// impl DedupeStore for Forever {
///     async fn claim(&self, key: &str) -> Result<Claim, StoreError> {
///         let mut events = self.0.lock().map_err(|_| "poisoned")?;
///         let known = events.get(key).copied();
///         events.entry(key.to_owned()).or_insert(Claim::Running);
///         Ok(known.unwrap_or(Claim::Claimed))
///     }
///     async fn done(&self, key: &str) -> Result<(), StoreError> {
///         self.0.lock().map_err(|_| "poisoned")?.insert(key.to_owned(), Claim::Done);
///         Ok(())
///     }
///     async fn release(&self, key: &str) -> Result<(), StoreError> {
///         self.0.lock().map_err(|_| "poisoned")?.remove(key);
///         Ok(())
///     }
/// }
/// ```
pub trait DedupeStore: Send + Sync + 'static {
    /// Claims an event; `key` says which: the app's id and what identifies the event in it.
    ///
    /// It may take until the event has to be answered
    /// ([`DeliveryOptions::answer_within`](crate::DeliveryOptions::answer_within)): then the event
    /// is refused. A claim that is granted within 5 s after that is released again; for one that is
    /// granted later, only its running out helps.
    ///
    /// # Errors
    /// The store cannot be asked.
    fn claim(&self, key: &str) -> impl Future<Output = Result<Claim, StoreError>> + Send;

    /// Remembers that a claimed event has been handled.
    ///
    /// # Errors
    /// The store cannot be told.
    fn done(&self, key: &str) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// Forgets a claimed event, whose handler failed, so that it is handled when it comes again.
    ///
    /// # Errors
    /// The store cannot be told.
    fn release(&self, key: &str) -> impl Future<Output = Result<(), StoreError>> + Send;
}

//! Stores of handled events.

/// Why a store failed.
pub type StoreError = Box<dyn std::error::Error + Send + Sync>;

/// Whether to handle an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Claim {
    /// The caller handles it: no other claim on it succeeds.
    Claimed,
    /// It is being handled elsewhere, which may still fail.
    Running,
    /// It has been handled.
    Done,
}

/// Remembers which events have been handled, so that each is handled once.
///
/// # What an event is remembered by
///
/// A key is the app's id and what identifies the event in the app:
///
/// | event | remembered by |
/// | --- | --- |
/// | `im.message.receive_v1` | `message.message_id` in its payload, as [its page](https://open.feishu.cn/document/uAjLw4CM/ukTMukTMukTM/reference/im-v1/message/events/receive) asks, which says not to rely on the event id |
/// | any other, documented or not | `event_id` in the header, in protocol 1.0 `uuid` |
/// | a callback | the same; not in a store, but with its answer in the memory of the process |
/// | an event without that id | nothing: it is handled each time it arrives |
///
/// # What a store must do
///
/// The platform sends an event again after 15 s, 5 min, 1 h and 6 h if it was not acknowledged,
/// and sometimes even if it was. A store for several processes (Redis, a database) must
/// - let only one of two claims at the same time succeed,
/// - keep what is done for 12 h: the platform's last attempt comes after 7 h 5 min,
/// - let a claim that was neither done nor released expire, since the process that made it is gone:
///   after some minutes, and in any case later than the slowest handler takes, including its wait for
///   its turn and `done` or `release`.
///
/// A claim is not renewed while its handler runs, and `done` and `release` do not say which claim they
/// settle. So if a claim expires while its handler is still running, a repetition of the event is
/// handled a second time in parallel; and the handler that ends first settles the claim of the other:
/// if it fails, the event can be handled a third time. The same happens after a process was suspended.
///
/// When a store fails, the event is refused and sent again, rather than being handled twice.
///
/// ```
/// use std::collections::HashMap;
/// use std::sync::Mutex;
/// use feishu_events::{Claim, DedupeStore, StoreError};
///
/// /// Remembers all events, without a limit.
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
    /// Claims an event, identified by `key`: the app's id and the event's.
    ///
    /// It may take until the event has to be answered
    /// ([`DeliveryOptions::answer_within`](crate::DeliveryOptions::answer_within)): then the event
    /// is refused. A claim that is granted within 5 s after that is released again; one that is
    /// granted later has to expire.
    ///
    /// # Errors
    /// The store failed or cannot be reached.
    fn claim(&self, key: &str) -> impl Future<Output = Result<Claim, StoreError>> + Send;

    /// Remembers that a claimed event has been handled.
    ///
    /// # Errors
    /// The store failed or cannot be reached.
    fn done(&self, key: &str) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// Releases a claimed event whose handler failed, so that it is handled when it is sent again.
    ///
    /// # Errors
    /// The store failed or cannot be reached.
    fn release(&self, key: &str) -> impl Future<Output = Result<(), StoreError>> + Send;
}

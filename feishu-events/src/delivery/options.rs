//! How events are acknowledged, limited and told apart.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::dyn_store::Store;
use super::memory::MemoryStore;
use super::store::DedupeStore;
use crate::delivery::late_failure::LateFailure;

/// How long the platform waits for an answer is 3 s; some of it is the way there and back.
const ANSWER_WITHIN: Duration = Duration::from_millis(2500);

/// When an event is acknowledged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Ack {
    /// When its handler is done: a failure makes the platform send the event again.
    ///
    /// A handler that is not done in time is acknowledged at the deadline and goes on; if it fails
    /// then, [`DeliveryOptions::on_late_failure`] is told.
    #[default]
    OnResult,
    /// As soon as it has been checked, read and queued; every failure goes to
    /// [`DeliveryOptions::on_late_failure`].
    ///
    /// Callbacks are answered when their handler is done, all the same: the answer is their point.
    OnReceipt,
    /// When its handler has succeeded, and never before: for handlers that keep the event in a queue
    /// or a database, from which it is handled later.
    ///
    /// A handler that is not done in time goes on, but the event is refused and sent again. This is
    /// how a dispatcher acknowledges that [keeps its events](crate::Dispatcher::keep_in), whatever is
    /// set here. Callbacks are answered as always.
    WhenKept,
}

/// What becomes of an event without a handler.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum UnhandledPolicy {
    /// It is acknowledged, counted, and logged once for each type.
    #[default]
    Acknowledge,
    /// It is refused, and the platform sends it again: for instances of one app with different
    /// handlers, of which another may get it next time.
    Refuse,
}

/// How events are acknowledged, limited and told apart, whichever way they come.
///
/// Receivers that are built with clones of the same options share what they remember of events.
///
/// ```
/// use std::time::Duration;
/// use feishu_events::{Ack, DeliveryOptions};
///
/// let options = DeliveryOptions::new()
///     .ack(Ack::OnReceipt)
///     .concurrency_limit(64)
///     .on_late_failure(|failure| eprintln!("{failure}"));
/// ```
#[derive(Clone)]
#[must_use]
pub struct DeliveryOptions {
    pub(super) ack: Ack,
    pub(super) answer_within: Duration,
    pub(super) toast: String,
    pub(super) concurrency_limit: usize,
    pub(super) queue_limit: usize,
    pub(super) unhandled: UnhandledPolicy,
    pub(super) store: Option<Store>,
    pub(super) on_late_failure: Option<LateHook>,
}

pub(super) type LateHook = Arc<dyn Fn(LateFailure) + Send + Sync>;

impl Default for DeliveryOptions {
    fn default() -> Self {
        let toast = serde_json::json!({ "toast": {
            "type": "info",
            "content": "处理中，请稍候",
            "i18n": { "zh_cn": "处理中，请稍候", "en_us": "Still working on it" },
        }});
        Self {
            ack: Ack::default(),
            answer_within: ANSWER_WITHIN,
            toast: toast.to_string(),
            concurrency_limit: 1024,
            queue_limit: 1024,
            unhandled: UnhandledPolicy::default(),
            store: Some(Store::of(MemoryStore::new())),
            on_late_failure: None,
        }
    }
}

impl DeliveryOptions {
    /// The defaults: acknowledged on result or after 2.5 s, each event handled once.
    pub fn new() -> Self {
        Self::default()
    }

    /// When an event is acknowledged; [`Ack::OnResult`] if it is not set.
    pub fn ack(mut self, ack: Ack) -> Self {
        self.ack = ack;
        self
    }

    /// The time after which a handler that is not done is acknowledged and goes on; 2.5 s if it is
    /// not set. The platform gives up [after 3 s][page], the way there and back included.
    ///
    /// [page]: https://open.feishu.cn/document/server-docs/event-subscription-guide/overview
    ///
    /// A long connection that has as many events inside as it may
    /// ([`concurrency_limit`](Self::concurrency_limit) and [`queue_limit`](Self::queue_limit)) reads
    /// nothing until one of them is answered, and does not notice that long if the connection is
    /// dead: one more reason not to set a long time.
    pub fn answer_within(mut self, time: Duration) -> Self {
        self.answer_within = time;
        self
    }

    #[cfg(all(feature = "tower", feature = "webhook"))]
    pub(crate) fn time_to_answer(&self) -> Duration {
        self.answer_within
    }

    /// How many events are inside at a time, running and waiting.
    #[cfg(feature = "long-connection")]
    pub(crate) fn slots(&self) -> usize {
        self.concurrency_limit.saturating_add(self.queue_limit)
    }

    /// The text that a user of a card sees when the handler of a click is not done in time.
    ///
    /// It is a toast of type `info`; if it is not set, it says in Chinese and English that work
    /// goes on.
    pub fn toast_when_late(mut self, text: &str) -> Self {
        let toast = serde_json::json!({ "toast": { "type": "info", "content": text } });
        self.toast = toast.to_string();
        self
    }

    /// How many handlers run at a time, at least one; 1024 if it is not set.
    pub fn concurrency_limit(mut self, handlers: usize) -> Self {
        self.concurrency_limit = handlers;
        self
    }

    /// How many events wait while as many handlers run as may; 1024 if it is not set.
    ///
    /// An event that finds no place is refused, and the platform sends it again later.
    pub fn queue_limit(mut self, events: usize) -> Self {
        self.queue_limit = events;
        self
    }

    /// What becomes of an event without a handler; [`UnhandledPolicy::Acknowledge`] if it is not set.
    pub fn unhandled(mut self, unhandled: UnhandledPolicy) -> Self {
        self.unhandled = unhandled;
        self
    }

    /// The memory of what has been handled, which keeps an event that is sent twice from being
    /// handled twice; a [`MemoryStore`] if it is not set.
    pub fn dedupe(mut self, store: impl DedupeStore) -> Self {
        self.store = Some(Store::of(store));
        self
    }

    /// Handles an event as often as it is sent.
    pub fn without_dedupe(mut self) -> Self {
        self.store = None;
        self
    }

    /// Is told of each event that was acknowledged and then failed: nobody sends it again.
    ///
    /// It is called in the event's task and must not block.
    pub fn on_late_failure(mut self, hook: impl Fn(LateFailure) + Send + Sync + 'static) -> Self {
        self.on_late_failure = Some(Arc::new(hook));
        self
    }
}

impl fmt::Debug for DeliveryOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DeliveryOptions")
            .field("ack", &self.ack)
            .field("answer_within", &self.answer_within)
            .field("concurrency_limit", &self.concurrency_limit)
            .field("queue_limit", &self.queue_limit)
            .field("unhandled", &self.unhandled)
            .field("dedupe", &self.store.is_some())
            .finish_non_exhaustive()
    }
}

//! How events are acknowledged, limited and deduplicated.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::answered::AnsweredCallbacks;
use super::dyn_store::Store;
use super::memory::MemoryStore;
use super::store::DedupeStore;
use crate::delivery::late_failure::LateFailure;

/// The platform waits 3 s for an answer, network time included.
const ANSWER_WITHIN: Duration = Duration::from_millis(2500);

/// The largest event: 4 MiB.
const EVENT_SIZE_LIMIT: usize = 4 * 1024 * 1024;

/// How large the events in flight are together: 64 MiB.
const MEMORY_LIMIT: usize = 64 * 1024 * 1024;

/// What the user of a card sees when its handler is not done in time.
const TOAST: &str = r#"{"toast":{"content":"处理中，请稍候","i18n":{"en_us":"Still working on it","zh_cn":"处理中，请稍候"},"type":"info"}}"#;

/// When an event is acknowledged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Ack {
    /// When its handler is done: after a failure the platform sends the event again.
    ///
    /// If the handler is still running at the deadline, the event is acknowledged and the handler
    /// continues; if it fails then, [`DeliveryOptions::on_late_failure`] is called.
    #[default]
    OnResult,
    /// As soon as it has been verified, parsed and queued; every failure is passed to
    /// [`DeliveryOptions::on_late_failure`].
    ///
    /// Callbacks are still answered when their handler is done, because their answer matters.
    OnReceipt,
    /// Only when its handler has succeeded: for handlers that store the event in a queue or a
    /// database, from which it is handled later.
    ///
    /// If the handler is still running at the deadline, it continues, but the event is refused and
    /// sent again. A dispatcher that [keeps its events](crate::Dispatcher::keep_in) always acknowledges
    /// this way, whatever is set here. Callbacks are answered as usual.
    WhenKept,
    /// When its handler is done, as [`OnResult`](Self::OnResult), but never before: an event whose
    /// handler is still running at the deadline is refused, and the platform sends it again.
    ///
    /// For functions, such as AWS Lambda, that are frozen once they have answered: an event that
    /// was acknowledged by then would be lost. A handler that is still running continues where the
    /// process goes on; a repetition waits for it. Callbacks are refused too, so that the user sees
    /// an error: what the handler of a frozen function began is not done.
    Refuse,
}

/// What to do with an event without a handler.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum UnhandledPolicy {
    /// Acknowledge and count it, and log the first of each type.
    #[default]
    Acknowledge,
    /// Refuse it, so that the platform sends it again: for instances of one app with different
    /// handlers, of which another may receive it next time.
    Refuse,
}

/// How events are acknowledged, limited and deduplicated, for all receivers.
///
/// Receivers built with clones of the same options share their memory of handled events.
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
    pub(super) event_size_limit: usize,
    pub(super) memory_limit: usize,
    pub(super) handler_limit: Option<Duration>,
    pub(super) unhandled: UnhandledPolicy,
    pub(super) store: Option<Store>,
    pub(super) answered: Option<Arc<AnsweredCallbacks>>,
    pub(super) on_late_failure: Option<LateHook>,
}

pub(super) type LateHook = Arc<dyn Fn(LateFailure) + Send + Sync>;

impl Default for DeliveryOptions {
    fn default() -> Self {
        Self {
            ack: Ack::default(),
            answer_within: ANSWER_WITHIN,
            toast: TOAST.to_owned(),
            concurrency_limit: 1024,
            queue_limit: 1024,
            event_size_limit: EVENT_SIZE_LIMIT,
            memory_limit: MEMORY_LIMIT,
            handler_limit: None,
            unhandled: UnhandledPolicy::default(),
            store: Some(Store::of(MemoryStore::new())),
            answered: Some(Arc::default()),
            on_late_failure: None,
        }
    }
}

impl DeliveryOptions {
    /// The defaults: acknowledged when handled or after 2.5 s, each event handled once.
    pub fn new() -> Self {
        Self::default()
    }

    /// When an event is acknowledged; [`Ack::OnResult`] by default.
    pub fn ack(mut self, ack: Ack) -> Self {
        self.ack = ack;
        self
    }

    /// The time after which an event whose handler is still running is acknowledged; 2.5 s by
    /// default. The platform gives up [after 3 s][page], network time included.
    ///
    /// [page]: https://open.feishu.cn/document/server-docs/event-subscription-guide/overview
    ///
    /// A long connection that has reached its limits ([`concurrency_limit`](Self::concurrency_limit) and
    /// [`queue_limit`](Self::queue_limit)) reads nothing until one of its events is answered, and does
    /// not detect a dead connection for that long: another reason to keep this time short.
    pub fn answer_within(mut self, time: Duration) -> Self {
        self.answer_within = time;
        self
    }

    #[cfg(all(feature = "tower", feature = "webhook"))]
    pub(crate) fn time_to_answer(&self) -> Duration {
        self.answer_within
    }

    #[cfg(any(feature = "webhook", feature = "long-connection"))]
    pub(crate) fn largest_event(&self) -> usize {
        self.event_size_limit
    }

    #[cfg(any(
        feature = "long-connection",
        all(feature = "tower", feature = "webhook")
    ))]
    pub(crate) fn largest_memory(&self) -> usize {
        self.memory_limit
    }

    /// Remembers the answers to callbacks for at least `time`.
    #[cfg(feature = "webhook")]
    pub(crate) fn remember_answers_for(&self, time: Duration) {
        if let Some(answered) = &self.answered {
            answered.keep_for(time);
        }
    }

    /// How many events may be in flight, running and waiting.
    #[cfg(feature = "long-connection")]
    pub(crate) fn slots(&self) -> usize {
        self.concurrency_limit.saturating_add(self.queue_limit)
    }

    /// The text that a user of a card sees when the handler of a click is not done in time.
    ///
    /// It is a toast of type `info`; by default it says in Chinese and English that the work
    /// continues.
    pub fn toast_when_late(mut self, text: &str) -> Self {
        let toast = serde_json::json!({ "toast": { "type": "info", "content": text } });
        self.toast = toast.to_string();
        self
    }

    /// How many handlers run at a time, at least one; 1024 by default.
    pub fn concurrency_limit(mut self, handlers: usize) -> Self {
        self.concurrency_limit = handlers;
        self
    }

    /// How many events wait while the maximum number of handlers runs; 1024 by default.
    ///
    /// Any further event is refused, and the platform sends it again later.
    pub fn queue_limit(mut self, events: usize) -> Self {
        self.queue_limit = events;
        self
    }

    /// The maximum size of an event in bytes, as the platform sends it but decrypted; 4 MiB by default.
    ///
    /// A webhook refuses a larger one with 413 ([`Webhook::body_limit`](crate::Webhook::body_limit) is
    /// the size of a request with it). A long connection drops one in parts, and breaks at one in one
    /// piece, because it is not read: it was not acknowledged, so the platform sends it again, which
    /// breaks the next connection. So keep this above anything that the platform sends; the failure
    /// names this limit.
    pub fn event_size_limit(mut self, bytes: usize) -> Self {
        self.event_size_limit = bytes;
        self
    }

    /// The maximum size in bytes of all events in flight, running and waiting, as received; 64 MiB by
    /// default. What handlers make of them comes on top of it.
    ///
    /// Any further event is refused by a webhook, and the platform sends it again later; a long
    /// connection does not read on until there is room. A single event is always handled. A webhook
    /// as a service also refuses bodies beyond this size that are arriving at the same time.
    pub fn memory_limit(mut self, bytes: usize) -> Self {
        self.memory_limit = bytes;
        self
    }

    /// How long a handler may run; without a limit by default.
    ///
    /// A handler that is not done then is stopped at its next `.await`, and has failed: an error that
    /// names it is logged, and if the event had been acknowledged, passed to
    /// [`on_late_failure`](Self::on_late_failure). Without a limit, handlers that never end use up the
    /// [`concurrency_limit`](Self::concurrency_limit): a warning names the oldest.
    pub fn handler_limit(mut self, time: impl Into<Option<Duration>>) -> Self {
        self.handler_limit = time.into();
        self
    }

    /// What to do with an event without a handler; [`UnhandledPolicy::Acknowledge`] by default.
    pub fn unhandled(mut self, unhandled: UnhandledPolicy) -> Self {
        self.unhandled = unhandled;
        self
    }

    /// The store of handled events, which prevents an event that is sent twice from being handled
    /// twice; a [`MemoryStore`] by default.
    pub fn dedupe(mut self, store: impl DedupeStore) -> Self {
        self.store = Some(Store::of(store));
        self
    }

    /// Disables deduplication: an event or callback is handled as often as it is sent.
    pub fn without_dedupe(mut self) -> Self {
        self.store = None;
        self.answered = None;
        self
    }

    /// Called for each event that was acknowledged and then failed: the platform does not send it again.
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
            .field("event_size_limit", &self.event_size_limit)
            .field("memory_limit", &self.memory_limit)
            .field("handler_limit", &self.handler_limit)
            .field("unhandled", &self.unhandled)
            .field("dedupe", &self.store.is_some())
            .finish_non_exhaustive()
    }
}

//! How an inbox is set.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use feishu_events::{ArrivedEvent, Dispatcher};

#[cfg(feature = "encryption")]
use crate::encryption::Encryption;
use crate::inbox::Inbox;
use crate::retry::Retry;
use crate::settings::Settings;
use crate::store::{InboxStore, Interrupted, Summary};

/// How long the platform sends an event again is 7 h 5 min: a key is known for longer.
const LEAST_DONE: Duration = Duration::from_secs(12 * 60 * 60);

/// Configures an inbox; created by [`Inbox::builder`].
#[derive(Clone)]
#[must_use]
pub struct InboxBuilder {
    dispatcher: Dispatcher,
    settings: Settings,
}

impl InboxBuilder {
    pub(crate) fn new(dispatcher: Dispatcher) -> Self {
        let settings = Settings {
            workers: 16,
            worker_name: format!("{}-{:08x}", std::process::id(), fastrand::u32(..)),
            lease_time: Duration::from_secs(60),
            time_limit: Duration::from_secs(10 * 60),
            store_timeout: Duration::from_secs(2),
            poll_interval: Duration::from_millis(500),
            retry: Retry::default(),
            interrupted: Interrupted::default(),
            done_for: LEAST_DONE,
            dead_for: Duration::from_secs(30 * 24 * 60 * 60),
            order_key: None,
            on_dead: None,
            #[cfg(feature = "encryption")]
            encryption: None,
        };
        Self {
            dispatcher,
            settings,
        }
    }

    /// How many handlers run at a time in this process, at least one; 16 if it is not set.
    pub fn workers(mut self, workers: usize) -> Self {
        self.settings.workers = workers.clamp(1, 100_000);
        self
    }

    /// The worker's name in the store, for people; process id and a random number if it is not set.
    pub fn worker_name(mut self, name: impl Into<String>) -> Self {
        self.settings.worker_name = name.into();
        self
    }

    /// How long an event is leased; 60 s if it is not set. The lease is extended while the handler
    /// runs, so this is how long it takes until another process handles the event of one that
    /// ended.
    pub fn lease_time(mut self, time: Duration) -> Self {
        self.settings.lease_time = time.max(Duration::from_millis(100));
        self
    }

    /// How long a handler may take; 10 min if it is not set. After that it is stopped at its next
    /// `.await`, which counts as a failure.
    pub fn time_limit(mut self, time: Duration) -> Self {
        self.settings.time_limit = time;
        self
    }

    /// How long the store may take for one request; 2 s if it is not set. The platform waits 3 s, so
    /// this leaves time to answer that the event was not kept.
    pub fn store_timeout(mut self, time: Duration) -> Self {
        self.settings.store_timeout = time;
        self
    }

    /// How often the store is asked for events that other processes kept and for those that are due
    /// again; 500 ms if it is not set. Events kept by this process are handled at once.
    pub fn poll_interval(mut self, time: Duration) -> Self {
        self.settings.poll_interval = time.max(Duration::from_millis(1));
        self
    }

    /// When and how often failed events are retried.
    pub fn retry(mut self, retry: Retry) -> Self {
        self.settings.retry = retry;
        self
    }

    /// What happens to an event whose handler was interrupted by a crash;
    /// [`Interrupted::Again`] if it is not set.
    pub fn interrupted(mut self, interrupted: Interrupted) -> Self {
        self.settings.interrupted = interrupted;
        self
    }

    /// Handles events with the same key one after the other, in the order in which they were kept.
    ///
    /// While one of them waits to be retried, those after it wait too; when it is dead, the next one is
    /// handled.
    pub fn order_by(
        mut self,
        key: impl Fn(&ArrivedEvent) -> Option<String> + Send + Sync + 'static,
    ) -> Self {
        self.settings.order_key = Some(Arc::new(key));
        self
    }

    /// Orders events by what they belong to: a chat or an approval instance; see
    /// [`order_by`](Self::order_by).
    pub fn in_order(self) -> Self {
        self.order_by(ArrivedEvent::documented_key)
    }

    /// Called for each event that failed for good, after this has been stored.
    pub fn on_dead(mut self, hook: impl Fn(&Summary) + Send + Sync + 'static) -> Self {
        self.settings.on_dead = Some(Arc::new(hook));
        self
    }

    /// How long the keys of done events are remembered; 12 h if it is not set, and not less, since the
    /// platform sends an event for the last time after 7 h 5 min. Their bodies are dropped at once.
    pub fn keep_done(mut self, time: Duration) -> Self {
        self.settings.done_for = time.max(LEAST_DONE);
        self
    }

    /// How long dead events are kept, with their bodies; 30 days if it is not set.
    pub fn keep_dead(mut self, time: Duration) -> Self {
        self.settings.dead_for = time;
        self
    }

    /// Encrypts the bodies in the store.
    #[cfg(feature = "encryption")]
    pub fn encrypt(mut self, encryption: Encryption) -> Self {
        self.settings.encryption = Some(encryption);
        self
    }

    /// Builds the inbox, with its events in `store`. Nothing is handled until [`Inbox::start`].
    pub fn build(self, store: impl InboxStore) -> Inbox {
        Inbox::new(self.dispatcher, Arc::new(store), self.settings)
    }
}

impl fmt::Debug for InboxBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InboxBuilder")
            .field("dispatcher", &self.dispatcher)
            .field("workers", &self.settings.workers)
            .field("lease_time", &self.settings.lease_time)
            .field("retry", &self.settings.retry)
            .field("interrupted", &self.settings.interrupted)
            .finish_non_exhaustive()
    }
}

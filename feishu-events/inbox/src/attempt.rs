//! One attempt at handling one event.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant, SystemTime};

use feishu_events::{Delivery, DispatchError, Dispatched, Kept, LastAttempt};
use tokio::sync::watch;
use tokio::time::{sleep, timeout};
use tracing::Instrument as _;

use crate::entry::ENCRYPTED;
use crate::observe;
use crate::shared::Shared;
use crate::stage::{Stage, until};
use crate::store::{Held, Lease, LeaseId, Outcome, State, Summary};

/// How much of a handler's error is stored.
const LONGEST_REASON: usize = 500;

/// One attempt at handling one event.
pub(crate) struct Attempt {
    shared: Arc<Shared>,
    lease: Lease,
    stage: watch::Receiver<Stage>,
}

/// How a handler came to its end.
enum Ended {
    Handled,
    Failed(String),
    /// It can never be handled.
    Unreadable(String),
    /// The process stops.
    CutOff,
    /// Another worker has the event.
    LeaseLost,
}

impl Attempt {
    pub(crate) fn new(shared: Arc<Shared>, lease: Lease, stage: watch::Receiver<Stage>) -> Self {
        shared.health.running.fetch_add(1, Ordering::AcqRel);
        Self {
            shared,
            lease,
            stage,
        }
    }

    pub(crate) async fn run(mut self) {
        let span = tracing::info_span!(
            "feishu_inbox",
            inbox_id = self.lease.lease.id,
            event_type = self.lease.entry.event_type,
            event_id = self.lease.entry.event_id,
            attempt = self.lease.attempts + 1,
        );
        self.run_inside().instrument(span).await;
    }

    async fn run_inside(&mut self) {
        let lease = self.lease.lease;
        let store = Arc::clone(&self.shared.store);
        if *self.stage.borrow() > Stage::Running {
            // Its handler is not called any more; if this fails, the lease runs out.
            drop(self.shared.ask(store.settle(lease, Outcome::Return)).await);
            return;
        }
        let lease_time = self.shared.settings.lease_time;
        match self.shared.ask(store.begin(lease, lease_time)).await {
            Ok(Held::Yes) => {}
            Ok(Held::Lost | Held::AlreadyDone) => {
                return tracing::debug!("another worker has it");
            }
            // Its handler has not been called: it is taken again when the lease runs out.
            Err(error) => return tracing::debug!(%error, "could not begin"),
        }
        let waited = self.lease.entry.received_at.elapsed().unwrap_or_default();
        observe::waited(waited);
        let started = Instant::now();
        let ended = self.handle().await;
        let (result, outcome) = match ended {
            Ended::Handled => ("handled", Outcome::Done),
            Ended::Failed(reason) => {
                let attempts = self.lease.attempts + 1;
                let retry = self.shared.settings.retry;
                if attempts >= retry.max_attempts() {
                    ("dead", Outcome::Dead(reason))
                } else {
                    let pause = retry.pause(attempts, fastrand::f64());
                    ("failed", Outcome::Again(pause, reason))
                }
            }
            Ended::Unreadable(reason) => ("dead", Outcome::Dead(reason)),
            Ended::CutOff => {
                tracing::warn!("stopped by the shutdown");
                observe::handled(
                    &self.lease.entry.event_type,
                    "interrupted",
                    started.elapsed(),
                );
                // A lease of no time is one that has run out; if this fails, it does so by itself.
                drop(self.shared.ask(store.extend(lease, Duration::ZERO)).await);
                return;
            }
            Ended::LeaseLost => {
                tracing::warn!("stopped: its lease ran out, and another worker has it");
                observe::handled(&self.lease.entry.event_type, "lost", started.elapsed());
                return;
            }
        };
        observe::handled(&self.lease.entry.event_type, result, started.elapsed());
        self.settle(outcome).await;
    }

    /// Runs the handler, and extends the lease meanwhile.
    async fn handle(&mut self) -> Ended {
        let body = std::mem::take(&mut self.lease.entry.body);
        #[cfg(feature = "encryption")]
        let body = match self.shared.settings.encryption.as_ref() {
            Some(encryption) => match encryption.open(body) {
                Ok(body) => body,
                Err(error) => return Ended::Failed(error.to_string()),
            },
            None => body,
        };
        if body.first() == Some(&ENCRYPTED) {
            return Ended::Failed("it is encrypted, and this process has no key".to_owned());
        }
        let delivery = self.delivery();
        let limit = self.shared.settings.time_limit;
        let handling = timeout(
            limit,
            self.shared.handlers.dispatch_delivered(&body, delivery),
        );
        let lease = self.lease.lease;
        tokio::select! {
            biased;
            handled = handling => match handled {
                Ok(result) => Ended::of(result),
                Err(_) => Ended::Failed(format!("its handler was not done after {limit:?}")),
            },
            () = until(&mut self.stage, Stage::CutOff) => Ended::CutOff,
            () = lease_lost(&self.shared, lease) => Ended::LeaseLost,
        }
    }

    fn delivery(&self) -> Delivery {
        let Lease {
            lease,
            entry,
            attempts,
            last_attempt,
        } = &self.lease;
        let mut kept = Kept::new(lease.id, lease.fence);
        if *attempts > 0 || last_attempt.is_some() {
            let last = last_attempt.unwrap_or(LastAttempt::Interrupted);
            kept = kept.again(attempts + 1, last);
        }
        Delivery::of_kept(entry.transport, entry.received_at, kept)
    }

    /// Settles the event, however long the store is down: its handler has run.
    async fn settle(&mut self, outcome: Outcome) {
        let lease = self.lease.lease;
        let mut pause = Duration::from_millis(50);
        let held = loop {
            let settling = self.shared.store.settle(lease, outcome.clone());
            if let Ok(held) = self.shared.ask(settling).await {
                break held;
            }
            pause = (pause * 2).min(Duration::from_secs(2));
            tokio::select! {
                () = sleep(pause) => {}
                () = until(&mut self.stage, Stage::CutOff) => {
                    return tracing::warn!("handled, and the store could not note it: it comes again");
                }
            }
        };
        match (held, &outcome) {
            (Held::Lost, _) => {
                return tracing::warn!("settled too late: another worker has it");
            }
            (Held::AlreadyDone, failed) if *failed != Outcome::Done => {
                tracing::warn!("its handler settled it in its transaction, and failed afterwards");
                return;
            }
            (Held::AlreadyDone | Held::Yes, _) => {}
        }
        match &outcome {
            Outcome::Done => tracing::debug!("done"),
            Outcome::Again(pause, reason) => {
                tracing::warn!(reason, "failed; tried again after {pause:.1?}");
            }
            Outcome::Dead(reason) => {
                tracing::error!(reason, "dead: `feishu-inbox redrive` has it handled again");
                if let Some(hook) = &self.shared.settings.on_dead {
                    hook(&self.dead(reason));
                }
            }
            Outcome::Return => {}
        }
        // The next one of its order key may be due.
        self.shared.due.notify_one();
    }

    fn dead(&self, reason: &str) -> Summary {
        let entry = self.lease.entry.clone();
        Summary {
            id: self.lease.lease.id,
            state: State::Dead,
            event_type: entry.event_type,
            event_id: entry.event_id,
            key: entry.key,
            order_key: entry.order_key,
            app_id: entry.app_id,
            tenant_key: entry.tenant_key,
            received_at: entry.received_at,
            attempts: self.lease.attempts + 1,
            at: SystemTime::now(),
            worker: Some(self.shared.settings.worker_name.clone()),
            reason: Some(reason.to_owned()),
        }
    }
}

impl Drop for Attempt {
    fn drop(&mut self) {
        self.shared.health.running.fetch_sub(1, Ordering::AcqRel);
    }
}

/// Extends a lease for as long as it is ours, and returns when it is not.
async fn lease_lost(shared: &Shared, lease: LeaseId) {
    let time = shared.settings.lease_time;
    loop {
        sleep(time / 3).await;
        match shared.ask(shared.store.extend(lease, time)).await {
            Ok(Held::Yes) => {}
            Ok(Held::Lost) => return,
            // Its handler has settled it, and is about to return.
            Ok(Held::AlreadyDone) => std::future::pending().await,
            // It may still be ours; whether it is, the end says.
            Err(error) => tracing::debug!(%error, "could not extend the lease"),
        }
    }
}

impl Ended {
    fn of(result: Result<Dispatched, DispatchError>) -> Self {
        let reason = match result {
            Ok(Dispatched::Handled(_)) => return Self::Handled,
            Ok(_) => "there is no handler for it in this process".to_owned(),
            Err(DispatchError::Envelope(error)) => {
                return Self::Unreadable(one_line(&error.to_string()));
            }
            Err(DispatchError::Handler { source, .. }) => one_line(&source.to_string()),
            Err(error) => one_line(&error.to_string()),
        };
        Self::Failed(reason)
    }
}

/// The text as one line that is not too long: it goes into logs and tables.
fn one_line(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut short: String = line
        .chars()
        .filter(|character| !character.is_control())
        .take(LONGEST_REASON)
        .collect();
    if short.len() < line.len() {
        short.push('…');
    }
    short
}

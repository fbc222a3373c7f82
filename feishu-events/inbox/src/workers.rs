//! What takes events out of the store and has them handled.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Semaphore, watch};
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};

use crate::attempt::Attempt;
use crate::observe;
use crate::shared::Shared;
use crate::stage::{Stage, until};
use crate::store::{LeaseRequest, Leases};

/// How many events are taken at a time at most.
const MOST_AT_ONCE: usize = 256;

/// How long the store is left alone after a failure: doubled from the first to the last.
const PAUSES: [Duration; 2] = [Duration::from_millis(100), Duration::from_secs(5)];

/// How often old events are deleted, and how many at a time.
const FORGET_EVERY: Duration = Duration::from_secs(60);
const FORGET_AT_ONCE: usize = 1000;

/// How often events are counted for metrics.
const COUNT_EVERY: Duration = Duration::from_secs(15);

/// The workers of an inbox in this process. When it is dropped, they take no more events.
#[derive(Debug)]
#[must_use = "when it is dropped, no more events are taken"]
pub struct Workers {
    stage: watch::Sender<Stage>,
    tasks: [JoinHandle<()>; 2],
    slots: Arc<Semaphore>,
    count: u32,
}

/// How the workers ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Stopped {
    /// How many handlers were stopped before they finished. Their events are handled again, or held,
    /// like other interrupted ones.
    pub interrupted: usize,
}

impl Workers {
    pub(crate) fn start(shared: Arc<Shared>) -> Self {
        let stage = watch::Sender::new(Stage::Running);
        let count = shared.settings.workers;
        let slots = Arc::new(Semaphore::new(count));
        let worker = Worker {
            shared: Arc::clone(&shared),
            stage: stage.subscribe(),
            slots: Arc::clone(&slots),
        };
        let tasks = [
            tokio::spawn(worker.run()),
            tokio::spawn(keep_house(shared, stage.subscribe())),
        ];
        Self {
            stage,
            tasks,
            slots,
            count: u32::try_from(count).unwrap_or(u32::MAX),
        }
    }

    /// Takes no more events, gives running handlers `time` to finish, and stops the rest.
    pub async fn shut_down(mut self, time: Duration) -> Stopped {
        self.stage.send_replace(Stage::Stopping);
        for task in &mut self.tasks {
            // What it panicked with has been reported.
            drop(task.await);
        }
        let all = timeout(time, self.slots.acquire_many(self.count)).await;
        if all.is_ok() {
            return Stopped { interrupted: 0 };
        }
        let interrupted = self.count as usize - self.slots.available_permits();
        self.stage.send_replace(Stage::CutOff);
        // They still give their leases back.
        let gave_back = timeout(Duration::from_secs(5), self.slots.acquire_many(self.count)).await;
        if gave_back.is_err() {
            tracing::warn!("some leases were not given back: they run out");
        }
        Stopped { interrupted }
    }
}

impl Drop for Workers {
    fn drop(&mut self) {
        self.stage.send_if_modified(|stage| {
            let before = *stage;
            *stage = before.max(Stage::Stopping);
            *stage != before
        });
    }
}

struct Worker {
    shared: Arc<Shared>,
    stage: watch::Receiver<Stage>,
    slots: Arc<Semaphore>,
}

impl Worker {
    async fn run(mut self) {
        let mut pause = PAUSES[0];
        while *self.stage.borrow() == Stage::Running {
            let taken = self.take().await;
            let idle = match taken {
                Taken::All => continue,
                Taken::Fewer => {
                    pause = PAUSES[0];
                    self.shared.settings.poll_interval
                }
                Taken::Failed => {
                    pause = (pause * 2).min(PAUSES[1]);
                    pause
                }
            };
            let failed = matches!(taken, Taken::Failed);
            tokio::select! {
                () = sleep(idle) => {}
                () = self.shared.due.notified(), if !failed => {}
                () = until(&mut self.stage, Stage::Stopping) => return,
            }
        }
    }

    /// Takes as many events as there are free workers, and starts their handlers.
    async fn take(&self) -> Taken {
        let mut paused = self.shared.paused.subscribe();
        let mut stage = self.stage.clone();
        let free = async {
            // The sender lives as long as the inbox.
            drop(paused.wait_for(|paused| !paused).await);
            Arc::clone(&self.slots).acquire_owned().await
        };
        // Only this is broken off by the end: what has been leased is to be given back.
        let first = tokio::select! {
            first = free => first,
            () = until(&mut stage, Stage::Stopping) => return Taken::Fewer,
        };
        let Ok(first) = first else {
            return Taken::Fewer;
        };
        let mut slots = vec![first];
        while slots.len() < MOST_AT_ONCE
            && let Ok(slot) = Arc::clone(&self.slots).try_acquire_owned()
        {
            slots.push(slot);
        }
        let settings = &self.shared.settings;
        let request = LeaseRequest {
            worker: settings.worker_name.clone(),
            limit: slots.len(),
            time: settings.lease_time,
            max_attempts: settings.retry.max_attempts(),
            interrupted: settings.interrupted,
        };
        let Ok(leases) = self.shared.ask(self.shared.store.lease(request)).await else {
            return Taken::Failed;
        };
        let Leases { leases, dead, held } = leases;
        for event in &dead {
            tracing::error!(
                inbox_id = event.id,
                event_type = event.event_type,
                reason = event.reason,
                "dead after its last attempt was interrupted"
            );
            if let Some(hook) = &settings.on_dead {
                hook(event);
            }
        }
        if held > 0 {
            tracing::warn!(held, "held after their handlers were interrupted");
        }
        let all = leases.len() == slots.len();
        for (lease, slot) in leases.into_iter().zip(slots) {
            let attempt = Attempt::new(Arc::clone(&self.shared), lease, self.stage.clone());
            tokio::spawn(async move {
                attempt.run().await;
                drop(slot);
            });
        }
        if all { Taken::All } else { Taken::Fewer }
    }
}

#[derive(Clone, Copy)]
enum Taken {
    /// There may be more.
    All,
    Fewer,
    Failed,
}

/// Deletes what is old, and counts.
async fn keep_house(shared: Arc<Shared>, mut stage: watch::Receiver<Stage>) {
    let house = async {
        let mut forget = tokio::time::interval(FORGET_EVERY);
        let mut count = tokio::time::interval(COUNT_EVERY);
        loop {
            tokio::select! {
                _ = forget.tick() => forget_old(&shared).await,
                _ = count.tick(), if cfg!(feature = "metrics") => {
                    if let Ok(depth) = shared.ask(shared.store.depth()).await {
                        observe::depth(&depth);
                    }
                }
            }
        }
    };
    tokio::select! {
        () = house => {}
        () = until(&mut stage, Stage::Stopping) => {}
    }
}

async fn forget_old(shared: &Shared) {
    let settings = &shared.settings;
    loop {
        let forgetting = shared
            .store
            .forget(settings.done_for, settings.dead_for, FORGET_AT_ONCE);
        match shared.ask(forgetting).await {
            Ok(forgotten) if forgotten >= FORGET_AT_ONCE as u64 => tokio::task::yield_now().await,
            // A failure has been logged, and this is tried again in a minute.
            Ok(_) | Err(_) => return,
        }
    }
}

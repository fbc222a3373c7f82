//! The state of the gateway, shared by its tasks, and its clock.

use std::sync::{Mutex, PoisonError};

use tokio::sync::{Notify, watch};
use tokio::time::{Instant, sleep_until};

use super::state::State;

/// The state of the gateway and who waits for it to change.
#[derive(Debug)]
pub(super) struct Platform {
    state: Mutex<Inner>,
    /// Something is due earlier than the clock wakes.
    earlier: Notify,
    connections: watch::Sender<usize>,
    settled: watch::Sender<bool>,
}

#[derive(Debug)]
struct Inner {
    state: State,
    /// When the clock wakes, if at all.
    wakes: Option<Instant>,
}

impl Platform {
    pub(super) fn new(state: State) -> Self {
        let inner = Inner { state, wakes: None };
        Self {
            state: Mutex::new(inner),
            earlier: Notify::new(),
            connections: watch::Sender::new(0),
            settled: watch::Sender::new(true),
        }
    }

    /// Does something with the state, and tells those who wait for it.
    pub(super) fn with<T>(&self, f: impl FnOnce(&mut State) -> T) -> T {
        // DeliveryLog of a test that has panicked are still worth reading.
        let mut inner = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let result = f(&mut inner.state);
        set(&self.connections, inner.state.connections.len());
        set(&self.settled, inner.state.is_settled());
        let first = inner.state.schedule.first();
        if first.is_some_and(|first| inner.wakes.is_none_or(|wakes| first < wakes)) {
            inner.wakes = first;
            self.earlier.notify_one();
        }
        result
    }

    /// Waits until at least this many clients are connected.
    pub(super) async fn connected(&self, clients: usize) {
        let mut connections = self.connections.subscribe();
        // The sender is here, so that waiting can't fail.
        drop(
            connections
                .wait_for(|connected| *connected >= clients)
                .await,
        );
    }

    /// Waits until nothing is on its way, nor will be.
    pub(super) async fn wait_idle(&self) {
        drop(self.settled.subscribe().wait_for(|settled| *settled).await);
    }

    /// Does what is due, when it is due, without end.
    pub(super) async fn run_clock(&self) {
        loop {
            match self.act() {
                Some(wakes) => {
                    tokio::select! {
                        () = sleep_until(wakes) => {}
                        () = self.earlier.notified() => {}
                    }
                }
                None => self.earlier.notified().await,
            }
        }
    }

    /// Does what is due, and says when the next thing is.
    fn act(&self) -> Option<Instant> {
        self.with(|state| {
            let now = Instant::now();
            while let Some(due) = state.schedule.take(now) {
                state.act(due);
            }
        });
        let mut inner = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        inner.wakes = inner.state.schedule.first();
        inner.wakes
    }
}

fn set<T: PartialEq>(sender: &watch::Sender<T>, value: T) {
    sender.send_if_modified(|old| {
        let changes = *old != value;
        *old = value;
        changes
    });
}

//! The state that the gateway's tasks share, and the clock that drives it.

use std::sync::{Mutex, PoisonError};

use tokio::sync::{Notify, watch};
use tokio::time::{Instant, sleep_until};

use super::state::GatewayState;

/// The gateway's state, and notifications of its changes.
#[derive(Debug)]
pub(super) struct Platform {
    state: Mutex<Inner>,
    /// Notified if an action is due before the clock wakes.
    earlier: Notify,
    connections: watch::Sender<usize>,
    settled: watch::Sender<bool>,
}

#[derive(Debug)]
struct Inner {
    state: GatewayState,
    /// When the clock wakes; `None` if nothing is scheduled.
    wakes: Option<Instant>,
}

impl Platform {
    pub(super) fn new(state: GatewayState) -> Self {
        let inner = Inner { state, wakes: None };
        Self {
            state: Mutex::new(inner),
            earlier: Notify::new(),
            connections: watch::Sender::new(0),
            settled: watch::Sender::new(true),
        }
    }

    /// Calls `f` with the state, then notifies waiters of changes.
    pub(super) fn with<T>(&self, f: impl FnOnce(&mut GatewayState) -> T) -> T {
        // The delivery log is still readable after a panic.
        let mut inner = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let result = f(&mut inner.state);
        send_if_changed(&self.connections, inner.state.connections.len());
        send_if_changed(&self.settled, inner.state.is_settled());
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
        // It fails only without a sender, and `self` holds it.
        drop(
            connections
                .wait_for(|connected| *connected >= clients)
                .await,
        );
    }

    /// Waits until nothing waits for an answer and nothing more will be pushed.
    pub(super) async fn wait_idle(&self) {
        drop(self.settled.subscribe().wait_for(|settled| *settled).await);
    }

    /// Does scheduled actions at their time; never returns.
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

    /// Does the actions whose time has come, and returns the time of the next.
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

fn send_if_changed<T: PartialEq>(sender: &watch::Sender<T>, value: T) {
    sender.send_if_modified(|old| {
        let changes = *old != value;
        *old = value;
        changes
    });
}

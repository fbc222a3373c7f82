//! A store in memory: for tests, and as the plainest form of what all stores do.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::future::ready;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use feishu_events::LastAttempt;

use crate::entry::{Entry, duration_millis, millis, time_of};
use crate::error::{ErrorKind, InboxError};
use crate::store::{
    BoxFuture, Depth, Held, InboxStore, Interrupted, KeepOutcome, Lease, LeaseId, LeaseRequest,
    Leases, Outcome, Query, Selection, State, Summary,
};

/// Keeps events in memory, so that they end with the process: for tests.
#[derive(Default)]
pub struct MemoryStore(Mutex<Rows>);

#[derive(Default)]
struct Rows {
    last_id: u64,
    by_id: BTreeMap<u64, Row>,
    by_key: HashMap<String, u64>,
    unsettled: BTreeSet<u64>,
}

struct Row {
    entry: Entry,
    state: State,
    fence: u64,
    attempts: u32,
    last_attempt: Option<LastAttempt>,
    /// When it is due, its lease ends, or it was settled.
    at: i64,
    worker: Option<String>,
    reason: Option<String>,
}

impl MemoryStore {
    /// An empty store.
    pub fn new() -> Self {
        Self::default()
    }

    fn rows(&self) -> MutexGuard<'_, Rows> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn now() -> i64 {
    millis(std::time::SystemTime::now())
}

fn done<'a, T: Send + 'a>(value: T) -> BoxFuture<'a, T> {
    Box::pin(ready(Ok(value)))
}

impl InboxStore for MemoryStore {
    fn name(&self) -> &'static str {
        "memory"
    }

    fn keep(&self, entry: Entry) -> BoxFuture<'_, KeepOutcome> {
        done(self.rows().keep(entry))
    }

    fn lease(&self, request: LeaseRequest) -> BoxFuture<'_, Leases> {
        done(self.rows().lease(&request, now()))
    }

    fn begin(&self, lease: LeaseId, time: Duration) -> BoxFuture<'_, Held> {
        done(self.rows().under(lease, |row| {
            if row.state == State::Leased {
                row.state = State::Begun;
                row.attempts += 1;
            }
            row.at = now() + duration_millis(time);
        }))
    }

    fn extend(&self, lease: LeaseId, time: Duration) -> BoxFuture<'_, Held> {
        done(
            self.rows()
                .under(lease, |row| row.at = now() + duration_millis(time)),
        )
    }

    fn settle(&self, lease: LeaseId, outcome: Outcome) -> BoxFuture<'_, Held> {
        let mut rows = self.rows();
        let held = rows.under(lease, |row| row.settle(outcome));
        if held == Held::Yes {
            rows.note(lease.id);
        }
        done(held)
    }

    fn list(&self, query: Query) -> BoxFuture<'_, Vec<Summary>> {
        let rows = self.rows();
        let found = rows.by_id.range(query.after.saturating_add(1)..);
        let found = found.filter(|(id, row)| {
            query.wants(row.state) && query.id.is_none_or(|wanted| wanted == **id)
        });
        let list = found.map(|(id, row)| row.summary(*id));
        done(list.take(query.limit).collect())
    }

    fn body(&self, id: u64) -> BoxFuture<'_, Option<Vec<u8>>> {
        let rows = self.rows();
        let row = rows.by_id.get(&id).filter(|row| row.state != State::Done);
        done(row.map(|row| row.entry.body.clone()))
    }

    fn redrive(&self, selection: Selection) -> BoxFuture<'_, u64> {
        let mut rows = self.rows();
        let ids = rows.selected(&selection, |state| {
            matches!(state, State::Dead | State::Held)
        });
        for id in &ids {
            if let Some(row) = rows.by_id.get_mut(id) {
                (row.state, row.attempts, row.at) = (State::Waiting, 0, now());
            }
            rows.note(*id);
        }
        done(ids.len() as u64)
    }

    fn purge(&self, state: State, selection: Selection) -> BoxFuture<'_, u64> {
        if !state.is_at_rest() {
            let error = InboxError::new("memory", ErrorKind::Invalid(in_work(state)));
            return Box::pin(ready(Err(error)));
        }
        let mut rows = self.rows();
        let ids = rows.selected(&selection, |other| other == state);
        rows.delete(&ids);
        done(ids.len() as u64)
    }

    fn forget(&self, done_for: Duration, dead_for: Duration, limit: usize) -> BoxFuture<'_, u64> {
        let mut rows = self.rows();
        let before = |time| now() - duration_millis(time);
        let (done_before, dead_before) = (before(done_for), before(dead_for));
        let old = rows.by_id.iter().filter(|(_, row)| match row.state {
            State::Done => row.at <= done_before,
            State::Dead => row.at <= dead_before,
            _ => false,
        });
        let ids: Vec<u64> = old.map(|(id, _)| *id).take(limit).collect();
        rows.delete(&ids);
        done(ids.len() as u64)
    }

    fn depth(&self) -> BoxFuture<'_, Depth> {
        let rows = self.rows();
        let mut depth = Depth::default();
        for row in rows.by_id.values() {
            depth.add(row.state, 1);
        }
        let received = rows.unsettled.iter().filter_map(|id| rows.by_id.get(id));
        let oldest = received.map(|row| row.entry.received_at).min();
        depth.oldest = oldest.map(|oldest| oldest.elapsed().unwrap_or_default());
        done(depth)
    }
}

/// Why events in this state are not purged.
pub(crate) fn in_work(state: State) -> String {
    format!("{state} events cannot be purged, since a worker has them; wait until they are settled")
}

impl Rows {
    fn keep(&mut self, entry: Entry) -> KeepOutcome {
        if let Some(key) = &entry.key {
            if let Some(row) = self.by_key.get(key).and_then(|id| self.by_id.get(id)) {
                return KeepOutcome::Known(row.state);
            }
            self.by_key.insert(key.clone(), self.last_id + 1);
        }
        self.last_id += 1;
        let row = Row {
            entry,
            state: State::Waiting,
            fence: 0,
            attempts: 0,
            last_attempt: None,
            at: now(),
            worker: None,
            reason: None,
        };
        self.by_id.insert(self.last_id, row);
        self.unsettled.insert(self.last_id);
        KeepOutcome::New(self.last_id)
    }

    fn lease(&mut self, request: &LeaseRequest, now: i64) -> Leases {
        let mut found = Leases::default();
        let mut running = HashSet::new();
        for id in &self.unsettled {
            if let Some(row) = self.by_id.get(id)
                && row.is_running(now)
                && let Some(key) = &row.entry.order_key
            {
                running.insert(key.clone());
            }
        }
        let mut older = HashSet::new();
        for id in self.unsettled.clone() {
            if found.leases.len() >= request.limit {
                break;
            }
            let Some(row) = self.by_id.get_mut(&id) else {
                continue;
            };
            if let Some(key) = &row.entry.order_key
                && (running.contains(key) || !older.insert(key.clone()))
            {
                continue;
            }
            if row.at > now {
                continue;
            }
            if row.state == State::Begun {
                row.last_attempt = Some(LastAttempt::Interrupted);
                if row.attempts >= request.max_attempts {
                    row.settle(Outcome::Dead(interrupted_reason(row.attempts)));
                    found.dead.push(row.summary(id));
                    self.note(id);
                    continue;
                }
                if request.interrupted == Interrupted::Hold {
                    (row.state, row.at) = (State::Held, now);
                    row.reason = Some(interrupted_reason(row.attempts));
                    found.held += 1;
                    self.note(id);
                    continue;
                }
            }
            row.state = State::Leased;
            row.fence += 1;
            row.at = now + duration_millis(request.time);
            row.worker = Some(request.worker.clone());
            found.leases.push(Lease {
                lease: LeaseId {
                    id,
                    fence: row.fence,
                },
                entry: row.entry.clone(),
                attempts: row.attempts,
                last_attempt: row.last_attempt,
            });
        }
        found
    }

    /// Changes a row if this is its newest lease.
    fn under(&mut self, lease: LeaseId, change: impl FnOnce(&mut Row)) -> Held {
        match self.by_id.get_mut(&lease.id) {
            Some(row) if row.fence == lease.fence && row.is_leased() => {
                change(row);
                Held::Yes
            }
            Some(row) if row.fence == lease.fence && row.state == State::Done => Held::AlreadyDone,
            _ => Held::Lost,
        }
    }

    fn selected(&self, selection: &Selection, state: impl Fn(State) -> bool) -> Vec<u64> {
        let selected = self.by_id.iter().filter(|(id, row)| {
            state(row.state)
                && match selection {
                    Selection::All => true,
                    Selection::Ids(ids) => ids.contains(id),
                    Selection::Received(from, to) => (*from..*to).contains(&row.entry.received_at),
                }
        });
        selected.map(|(id, _)| *id).collect()
    }

    /// Keeps the set of what is not settled in step with a row.
    fn note(&mut self, id: u64) {
        match self.by_id.get(&id).map(|row| row.state) {
            Some(State::Waiting | State::Leased | State::Begun) => self.unsettled.insert(id),
            _ => self.unsettled.remove(&id),
        };
    }

    fn delete(&mut self, ids: &[u64]) {
        for id in ids {
            if let Some(row) = self.by_id.remove(id)
                && let Some(key) = &row.entry.key
            {
                self.by_key.remove(key);
            }
            self.unsettled.remove(id);
        }
    }
}

/// The reason of an event that was interrupted.
pub(crate) fn interrupted_reason(attempts: u32) -> String {
    format!("its process ended or stalled during attempt {attempts}")
}

impl Row {
    fn is_leased(&self) -> bool {
        matches!(self.state, State::Leased | State::Begun)
    }

    fn is_running(&self, now: i64) -> bool {
        self.is_leased() && self.at > now
    }

    fn settle(&mut self, outcome: Outcome) {
        self.at = now();
        match outcome {
            Outcome::Done => {
                self.state = State::Done;
                self.entry.body = Vec::new();
                self.reason = None;
            }
            Outcome::Again(after, reason) => {
                self.state = State::Waiting;
                self.at += duration_millis(after);
                self.last_attempt = Some(LastAttempt::Failed);
                self.reason = Some(reason);
            }
            Outcome::Dead(reason) => {
                self.state = State::Dead;
                self.last_attempt.get_or_insert(LastAttempt::Failed);
                self.reason = Some(reason);
            }
            Outcome::Return => self.state = State::Waiting,
        }
    }

    fn summary(&self, id: u64) -> Summary {
        let entry = self.entry.clone();
        Summary {
            id,
            state: self.state,
            event_type: entry.event_type,
            event_id: entry.event_id,
            key: entry.key,
            order_key: entry.order_key,
            app_id: entry.app_id,
            tenant_key: entry.tenant_key,
            received_at: entry.received_at,
            attempts: self.attempts,
            at: time_of(self.at),
            worker: self.worker.clone(),
            reason: self.reason.clone(),
        }
    }
}

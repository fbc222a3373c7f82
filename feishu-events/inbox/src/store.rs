//! What a store promises: the trait, the states and what is asked of it.

use std::fmt;
use std::pin::Pin;
use std::time::{Duration, SystemTime};

use feishu_events::LastAttempt;

use crate::entry::Entry;
use crate::error::InboxError;

/// A boxed future that may borrow the store.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = Result<T, InboxError>> + Send + 'a>>;

/// Where events are kept until they are handled.
///
/// Whatever the engine, a store promises:
/// - [`keep`](Self::keep) writes the event *and* its key in one transaction, and is durable when it
///   returns, as far as the engine is configured to be;
/// - an event is leased to one worker at a time; each lease has a larger fence than the one before,
///   and what is asked under an older fence is refused;
/// - of the events with one order key, only the oldest that is not settled is leased.
///
/// The suite in `tests/inbox/suite.rs` holds for all of them.
pub trait InboxStore: Send + Sync + 'static {
    /// The store's name for people, without passwords: `sqlite inbox.db`.
    fn name(&self) -> &str;

    /// Keeps an event unless it is known.
    fn keep(&self, entry: Entry) -> BoxFuture<'_, KeepOutcome>;

    /// Leases events that are due, the oldest first.
    fn lease(&self, request: LeaseRequest) -> BoxFuture<'_, Leases>;

    /// Notes that the handler is called: from here on side effects may exist. It extends the lease.
    fn begin(&self, lease: LeaseId, time: Duration) -> BoxFuture<'_, Held>;

    /// Extends a lease, counted from now.
    fn extend(&self, lease: LeaseId, time: Duration) -> BoxFuture<'_, Held>;

    /// Ends a lease.
    fn settle(&self, lease: LeaseId, outcome: Outcome) -> BoxFuture<'_, Held>;

    /// Events, by id.
    fn list(&self, query: Query) -> BoxFuture<'_, Vec<Summary>>;

    /// The body of an event, as it was kept; `None` if it is unknown or has been dropped.
    fn body(&self, id: u64) -> BoxFuture<'_, Option<Vec<u8>>>;

    /// Makes dead and held events wait again, with the full number of attempts; returns how many.
    fn redrive(&self, selection: Selection) -> BoxFuture<'_, u64>;

    /// Deletes events of this state, with their keys; returns how many.
    ///
    /// # Errors
    /// A state other than waiting, done, dead and held: a worker has the event.
    fn purge(&self, state: State, selection: Selection) -> BoxFuture<'_, u64>;

    /// Deletes at most `limit` done events settled before the first time, and dead ones before the
    /// second; returns how many.
    fn forget(&self, done_for: Duration, dead_for: Duration, limit: usize) -> BoxFuture<'_, u64>;

    /// How many events there are.
    fn depth(&self) -> BoxFuture<'_, Depth>;
}

/// The outcome of keeping an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeepOutcome {
    /// It is kept under this id.
    New(u64),
    /// It had been kept before, and is in this state.
    Known(State),
}

/// The state of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum State {
    /// It waits for a worker, for its time, or for the event before it.
    Waiting,
    /// A worker has it, but has not called its handler yet.
    Leased,
    /// Its handler was called.
    Begun,
    /// It was handled. Its body is dropped, its key kept for a while.
    Done,
    /// It failed too often, or cannot be read. It stays until it is redriven, purged or too old.
    Dead,
    /// Its handler was interrupted, and a person has to decide what to do:
    /// [`Interrupted::Hold`].
    Held,
}

impl State {
    /// All states.
    pub const ALL: [Self; 6] = [
        Self::Waiting,
        Self::Leased,
        Self::Begun,
        Self::Done,
        Self::Dead,
        Self::Held,
    ];

    /// The state's name, as the command line shows it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Leased => "leased",
            Self::Begun => "begun",
            Self::Done => "done",
            Self::Dead => "dead",
            Self::Held => "held",
        }
    }

    /// Whether events in this state can be purged.
    pub(crate) fn is_at_rest(self) -> bool {
        !matches!(self, Self::Leased | Self::Begun)
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What happens to an event whose handler was interrupted: its process ended, or stalled for longer
/// than the lease.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Interrupted {
    /// It is handled again, and `Context` says that it may have been handled before.
    #[default]
    Again,
    /// It is held until a person redrives or purges it.
    Hold,
}

/// A request for events to handle.
#[derive(Debug, Clone)]
pub struct LeaseRequest {
    /// Who asks, for people.
    pub worker: String,
    /// How many at most.
    pub limit: usize,
    /// How long the lease is.
    pub time: Duration,
    /// Events interrupted at their last attempt are dead.
    pub max_attempts: u32,
    /// What happens to other interrupted events.
    pub interrupted: Interrupted,
}

/// The outcome of a [`LeaseRequest`].
#[derive(Debug, Default)]
pub struct Leases {
    /// The events that the worker has now.
    pub leases: Vec<Lease>,
    /// Events that were found dead: interrupted at their last attempt.
    pub dead: Vec<Summary>,
    /// How many are held now.
    pub held: u64,
}

/// One lease of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct LeaseId {
    /// The event.
    pub id: u64,
    /// The number of the lease, which increases with each one.
    pub fence: u64,
}

/// An event that a worker has.
#[derive(Debug, Clone)]
pub struct Lease {
    /// The lease.
    pub lease: LeaseId,
    /// The event.
    pub entry: Entry,
    /// How many earlier attempts called its handler.
    pub attempts: u32,
    /// How the last attempt ended.
    pub last_attempt: Option<LastAttempt>,
}

/// Whether a request under a lease was carried out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Held {
    /// It was.
    Yes,
    /// The event is done already, under this same lease: its handler has settled it in its own
    /// transaction.
    AlreadyDone,
    /// It was refused: another worker has taken over the event.
    Lost,
}

/// How a lease ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The event was handled: its body is dropped.
    Done,
    /// Its handler failed, and is called again after this time.
    Again(Duration, String),
    /// Its handler failed for good.
    Dead(String),
    /// Its handler was not called: the lease is given back, and nothing counted.
    Return,
}

/// Which events are listed.
#[derive(Debug, Clone, Default)]
pub struct Query {
    /// Only these states; all if it is empty.
    pub states: Vec<State>,
    /// Only ids after this one.
    pub after: u64,
    /// Only this id.
    pub id: Option<u64>,
    /// How many at most.
    pub limit: usize,
}

impl Query {
    pub(crate) fn wants(&self, state: State) -> bool {
        self.states.is_empty() || self.states.contains(&state)
    }
}

/// Which events are redriven or purged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Selection {
    /// All.
    All,
    /// Those with these ids.
    Ids(Vec<u64>),
    /// Those that arrived from the first time on and before the second.
    Received(SystemTime, SystemTime),
}

/// What is known about an event besides its body.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[non_exhaustive]
pub struct Summary {
    /// The event's number in the inbox.
    pub id: u64,
    /// Its state.
    #[serde(serialize_with = "serialize_state")]
    pub state: State,
    /// The event's name.
    pub event_type: String,
    /// The event's id on the platform.
    pub event_id: Option<String>,
    /// The key that its repetitions share.
    pub key: Option<String>,
    /// Its order key.
    pub order_key: Option<String>,
    /// The app that received it.
    pub app_id: Option<String>,
    /// The tenant in which it happened.
    pub tenant_key: Option<String>,
    /// When it arrived.
    #[serde(serialize_with = "serialize_time")]
    pub received_at: SystemTime,
    /// How many attempts called its handler.
    pub attempts: u32,
    /// When it is due or its lease ends; of those at rest, when they were settled.
    #[serde(serialize_with = "serialize_time")]
    pub at: SystemTime,
    /// The worker that has or had it.
    pub worker: Option<String>,
    /// The last error.
    pub reason: Option<String>,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde passes a reference"
)]
fn serialize_state<S: serde::Serializer>(state: &State, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(state.as_str())
}

/// As milliseconds since 1970, the platform's own form.
fn serialize_time<S: serde::Serializer>(time: &SystemTime, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_i64(crate::entry::millis(*time))
}

/// How many events there are, by state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize)]
#[non_exhaustive]
pub struct Depth {
    /// Waiting for a worker, for their time, or for the event before them.
    pub waiting: u64,
    /// Leased, with their handler not called yet.
    pub leased: u64,
    /// With their handler called.
    pub begun: u64,
    /// Done and still known.
    pub done: u64,
    /// Dead.
    pub dead: u64,
    /// Held for a person.
    pub held: u64,
    /// How long ago the oldest event that is waiting, leased or begun arrived.
    #[serde(serialize_with = "serialize_age")]
    pub oldest: Option<Duration>,
}

impl Depth {
    /// Each state with its number of events.
    #[cfg(any(feature = "cli", feature = "metrics"))]
    pub(crate) fn by_state(&self) -> [(State, u64); 6] {
        [
            (State::Waiting, self.waiting),
            (State::Leased, self.leased),
            (State::Begun, self.begun),
            (State::Done, self.done),
            (State::Dead, self.dead),
            (State::Held, self.held),
        ]
    }

    /// How many are not settled: waiting, leased and begun.
    pub fn unsettled(&self) -> u64 {
        self.waiting + self.leased + self.begun
    }

    pub(crate) fn add(&mut self, state: State, count: u64) {
        *match state {
            State::Waiting => &mut self.waiting,
            State::Leased => &mut self.leased,
            State::Begun => &mut self.begun,
            State::Done => &mut self.done,
            State::Dead => &mut self.dead,
            State::Held => &mut self.held,
        } += count;
    }
}

#[expect(clippy::ref_option, reason = "serde asks for a reference to the field")]
fn serialize_age<S: serde::Serializer>(age: &Option<Duration>, to: S) -> Result<S::Ok, S::Error> {
    match age {
        Some(age) => to.serialize_some(&age.as_secs_f64()),
        None => to.serialize_none(),
    }
}

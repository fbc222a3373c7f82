//! The claim on an event: only its holder handles the event.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, sleep, timeout};
use tracing::Span;

use super::answered::{AnsweredCallbacks, Seen};
use super::dyn_store::{AnyStore, Asked, Store};
use super::hashed_key::HashedKey as Key;
use super::memory::MemoryStore;
use super::shared::Shared;
use super::spawned::spawn;
use super::store::{Claim, StoreError};
use super::within::{after, within};
use crate::delivery::identity::EventFacts;
use crate::delivery::in_flight::InFlight;
use crate::delivery::state::WaitsFor;

/// How often is asked whether another one is done with the same event.
const ASK_AGAIN: Duration = Duration::from_millis(50);

/// How long a store may take to settle a claim.
pub(super) const SETTLE_WITHIN: Duration = Duration::from_secs(5);

const NO_ANSWER: &str = "it did not answer in time";

/// A claim that has been made, to be settled in one way or the other.
pub(super) struct Lease(HeldIn);

/// Where a claim is held.
enum HeldIn {
    Nowhere,
    Memory(Arc<MemoryStore>, Key),
    Callbacks(Arc<AnsweredCallbacks>, Key),
    Other(Arc<dyn AnyStore>, Arc<InFlight>),
}

/// What came of trying to claim an event.
pub(super) enum ClaimOutcome {
    /// The event is ours to handle.
    Ours(Lease),
    /// It has been handled; a callback was answered with this.
    Done(Option<String>),
    /// It is being handled elsewhere, and was so until the deadline.
    Running,
    /// The store failed.
    Failed,
}

impl HeldIn {
    /// Where the claim on an event is held.
    fn of(shared: &Shared, in_flight: &Arc<InFlight>) -> Self {
        let (options, event) = (&shared.options, &in_flight.event);
        let Some(key) = event.ids.key_bytes() else {
            return Self::Nowhere;
        };
        if event.is_callback {
            return options.answered.as_ref().map_or(Self::Nowhere, |answered| {
                Self::Callbacks(Arc::clone(answered), answered.hash(key))
            });
        }
        match &options.store {
            None => Self::Nowhere,
            Some(Store::Memory(memory)) => Self::Memory(Arc::clone(memory), memory.hash(key)),
            Some(Store::Other(other)) => Self::Other(Arc::clone(other), Arc::clone(in_flight)),
        }
    }
}

impl ClaimOutcome {
    fn ours(held: HeldIn) -> Self {
        Self::Ours(Lease(held))
    }
}

/// Claims an event, if that needs no wait.
pub(super) fn claim_now(shared: &Shared, in_flight: &Arc<InFlight>) -> Option<ClaimOutcome> {
    let outcome = match HeldIn::of(shared, in_flight) {
        HeldIn::Nowhere => ClaimOutcome::ours(HeldIn::Nowhere),
        HeldIn::Memory(memory, key) => match memory.claim_now(key) {
            Claim::Claimed => ClaimOutcome::ours(HeldIn::Memory(memory, key)),
            Claim::Done => ClaimOutcome::Done(None),
            Claim::Running => return None,
        },
        HeldIn::Callbacks(answered, key) => match answered.claim(key) {
            Seen::Never => ClaimOutcome::ours(HeldIn::Callbacks(answered, key)),
            Seen::Answered(answer) => ClaimOutcome::Done(answer),
            Seen::Running => return None,
        },
        HeldIn::Other(..) => return None,
    };
    Some(outcome)
}

/// Claims an event that could not be claimed at once: asks its store, and if the event is being
/// handled elsewhere, waits for the end of that until `deadline` or the end of the receiver.
pub(super) async fn claim(
    shared: &Shared,
    in_flight: &Arc<InFlight>,
    deadline: Instant,
) -> ClaimOutcome {
    loop {
        let outcome = match HeldIn::of(shared, in_flight) {
            HeldIn::Other(store, _) => claim_in(&store, in_flight, deadline).await,
            _ => claim_now(shared, in_flight),
        };
        if let Some(outcome) = outcome {
            return outcome;
        }
        let is_late = after(Instant::now(), ASK_AGAIN) >= deadline;
        if is_late || shared.admission.is_cut_off() {
            return ClaimOutcome::Running;
        }
        in_flight.state.wait_for(WaitsFor::Repetition);
        sleep(ASK_AGAIN).await;
    }
}

/// Claims an event in a store that may have to wait; `None` if the event is being handled elsewhere.
async fn claim_in(
    store: &Arc<dyn AnyStore>,
    in_flight: &Arc<InFlight>,
    deadline: Instant,
) -> Option<ClaimOutcome> {
    in_flight.state.wait_for(WaitsFor::Store);
    let mut asking = Arc::clone(store).claim(Arc::clone(in_flight));
    let Some(answer) = within(|| deadline, &mut asking).await else {
        let (store, in_flight) = (Arc::clone(store), Arc::clone(in_flight));
        log("claim", &in_flight.event, &NO_ANSWER.into());
        spawn(
            Box::pin(release_late(asking, store, in_flight)),
            Span::current(),
        );
        return Some(ClaimOutcome::Failed);
    };
    match answer {
        Ok(Claim::Claimed) => {
            let held = HeldIn::Other(Arc::clone(store), Arc::clone(in_flight));
            Some(ClaimOutcome::ours(held))
        }
        Ok(Claim::Done) => Some(ClaimOutcome::Done(None)),
        Ok(Claim::Running) => None,
        Err(error) => {
            log("claim", &in_flight.event, &error);
            Some(ClaimOutcome::Failed)
        }
    }
}

/// Gives a claim back that was granted when nobody waited for it any longer: the event has been
/// refused and comes again.
async fn release_late(asking: Asked<Claim>, store: Arc<dyn AnyStore>, in_flight: Arc<InFlight>) {
    if let Ok(Ok(Claim::Claimed)) = timeout(SETTLE_WITHIN, asking).await {
        let lease = Lease(HeldIn::Other(store, in_flight));
        if let Some(settling) = lease.settle_now(Settle::Release, Instant::now()) {
            settling.await;
        }
    }
}

/// What becomes of a claim.
pub(super) enum Settle {
    /// The event was handled and is remembered, a callback with its answer.
    Done(Option<String>),
    /// It was not, and is forgotten.
    Release,
}

impl Lease {
    /// Settles the claim; what comes back is to be waited for, if its store may have to wait.
    pub(super) fn settle_now(
        self,
        how: Settle,
        now: Instant,
    ) -> Option<impl Future<Output = ()> + use<>> {
        match (self.0, how) {
            (HeldIn::Nowhere, _) => {}
            (HeldIn::Memory(memory, key), Settle::Done(_)) => memory.done_now(key, now),
            (HeldIn::Memory(memory, key), Settle::Release) => memory.release_now(key),
            (HeldIn::Callbacks(answered, key), Settle::Done(answer)) => {
                answered.answered(key, answer);
            }
            (HeldIn::Callbacks(answered, key), Settle::Release) => answered.release(key),
            (HeldIn::Other(other, in_flight), how) => {
                return Some(settle_in(other, in_flight, how));
            }
        }
        None
    }
}

async fn settle_in(store: Arc<dyn AnyStore>, in_flight: Arc<InFlight>, how: Settle) {
    let settling = match how {
        Settle::Done(_) => store.done(Arc::clone(&in_flight)),
        Settle::Release => store.release(Arc::clone(&in_flight)),
    };
    let settled = within(|| Instant::now() + SETTLE_WITHIN, settling).await;
    if let Err(error) = settled.unwrap_or_else(|| Err(NO_ANSWER.into())) {
        log("settle", &in_flight.event, &error);
    }
}

fn log(what: &'static str, event: &EventFacts, error: &StoreError) {
    tracing::error!(
        %error,
        event_type = &*event.event_type,
        event_id = event.shown_id(),
        "the dedupe store could not {what} an event"
    );
}

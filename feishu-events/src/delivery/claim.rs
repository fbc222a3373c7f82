//! The claim on an event: only its holder handles the event.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, sleep, timeout};

use super::answered::{AnsweredCallbacks, Seen};
use super::dyn_store::{AnyStore, Asked, Store};
use super::hashed_key::HashedKey as Key;
use super::memory::MemoryStore;
use super::shared::Shared;
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
pub(super) struct Lease {
    held: HeldIn,
    in_flight: Arc<InFlight>,
}

/// Where a claim is held.
enum HeldIn {
    Nowhere,
    Memory(Arc<MemoryStore>, Key),
    Callbacks(Arc<AnsweredCallbacks>, Key),
    Other(Arc<dyn AnyStore>),
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

impl ClaimOutcome {
    fn ours(held: HeldIn, in_flight: &Arc<InFlight>) -> Self {
        let in_flight = Arc::clone(in_flight);
        Self::Ours(Lease { held, in_flight })
    }
}

/// Claims an event; if it is being handled elsewhere, waits for the end of that until `deadline` or
/// the end of the receiver.
pub(super) async fn claim(
    shared: &Shared,
    in_flight: &Arc<InFlight>,
    deadline: Instant,
) -> ClaimOutcome {
    let claimed = |held| ClaimOutcome::ours(held, in_flight);
    if in_flight.event.is_callback {
        return claim_callback(shared, in_flight, deadline).await;
    }
    let (Some(store), Some(key)) = (&shared.options.store, in_flight.event.ids.key()) else {
        return claimed(HeldIn::Nowhere);
    };
    // Hashed once, for the claim and for its end.
    let store = match store {
        Store::Memory(memory) => HeldIn::Memory(Arc::clone(memory), memory.hash(key)),
        Store::Other(other) => HeldIn::Other(Arc::clone(other)),
    };
    loop {
        let answer = match &store {
            HeldIn::Nowhere | HeldIn::Callbacks(..) => Ok(Claim::Claimed),
            HeldIn::Memory(memory, key) => Ok(memory.claim_now(*key)),
            HeldIn::Other(other) => {
                in_flight.state.wait_for(WaitsFor::Store);
                let mut asking = Arc::clone(other).claim(Arc::clone(in_flight));
                let Some(answer) = within(|| deadline, &mut asking).await else {
                    tokio::spawn(release_late(
                        asking,
                        Arc::clone(other),
                        Arc::clone(in_flight),
                    ));
                    log("claim", &in_flight.event, &NO_ANSWER.into());
                    return ClaimOutcome::Failed;
                };
                answer
            }
        };
        match answer {
            Ok(Claim::Claimed) => return claimed(store),
            Ok(Claim::Done) => return ClaimOutcome::Done(None),
            Ok(Claim::Running) if shared.admission.is_cut_off() => return ClaimOutcome::Running,
            Ok(Claim::Running) if after(Instant::now(), ASK_AGAIN) >= deadline => {
                return ClaimOutcome::Running;
            }
            Ok(Claim::Running) => {
                in_flight.state.wait_for(WaitsFor::Repetition);
                sleep(ASK_AGAIN).await;
            }
            Err(error) => {
                log("claim", &in_flight.event, &error);
                return ClaimOutcome::Failed;
            }
        }
    }
}

/// Claims a callback, or finds the answer that it was given.
async fn claim_callback(
    shared: &Shared,
    in_flight: &Arc<InFlight>,
    deadline: Instant,
) -> ClaimOutcome {
    let claimed = |held| ClaimOutcome::ours(held, in_flight);
    let (Some(answered), Some(key)) = (&shared.options.answered, in_flight.event.ids.key()) else {
        return claimed(HeldIn::Nowhere);
    };
    let key = answered.hash(key);
    loop {
        match answered.claim(key) {
            Seen::Never => return claimed(HeldIn::Callbacks(Arc::clone(answered), key)),
            Seen::Answered(answer) => return ClaimOutcome::Done(answer),
            Seen::Running if shared.admission.is_cut_off() => return ClaimOutcome::Running,
            Seen::Running if after(Instant::now(), ASK_AGAIN) >= deadline => {
                return ClaimOutcome::Running;
            }
            Seen::Running => {
                in_flight.state.wait_for(WaitsFor::Repetition);
                sleep(ASK_AGAIN).await;
            }
        }
    }
}

/// Gives a claim back that was granted when nobody waited for it any longer: the event has been
/// refused and comes again.
async fn release_late(asking: Asked<Claim>, store: Arc<dyn AnyStore>, in_flight: Arc<InFlight>) {
    if let Ok(Ok(Claim::Claimed)) = timeout(SETTLE_WITHIN, asking).await {
        let held = HeldIn::Other(store);
        Lease { held, in_flight }.settle(Settle::Release).await;
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
    /// Settles the claim.
    pub(super) async fn settle(self, how: Settle) {
        let Self { held, in_flight } = self;
        let settling = match (held, how) {
            (HeldIn::Nowhere, _) => return,
            (HeldIn::Memory(memory, key), Settle::Done(_)) => return memory.done_now(key),
            (HeldIn::Memory(memory, key), Settle::Release) => return memory.release_now(key),
            (HeldIn::Callbacks(answered, key), Settle::Done(answer)) => {
                return answered.answered(key, answer);
            }
            (HeldIn::Callbacks(answered, key), Settle::Release) => return answered.release(key),
            (HeldIn::Other(other), Settle::Done(_)) => other.done(Arc::clone(&in_flight)),
            (HeldIn::Other(other), Settle::Release) => other.release(Arc::clone(&in_flight)),
        };
        let settled = within(|| Instant::now() + SETTLE_WITHIN, settling).await;
        if let Err(error) = settled.unwrap_or_else(|| Err(NO_ANSWER.into())) {
            log("settle", &in_flight.event, &error);
        }
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

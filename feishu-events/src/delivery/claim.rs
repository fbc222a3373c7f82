//! The claim on an event: only its holder handles the event.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, sleep, timeout};

use super::dyn_store::{AnyStore, Asked, Store};
use super::memory::{Key, MemoryStore};
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
    Other(Arc<dyn AnyStore>),
}

/// What came of trying to claim an event.
pub(super) enum ClaimOutcome {
    /// The event is ours to handle.
    Ours(Lease),
    /// It has been handled.
    Done,
    /// It is being handled elsewhere, and was so until the deadline.
    Running,
    /// The store failed.
    Failed,
}

/// Claims an event; if it is being handled elsewhere, waits for the end of that until `deadline` or
/// the end of the receiver.
pub(super) async fn claim(
    shared: &Shared,
    in_flight: &Arc<InFlight>,
    deadline: Instant,
) -> ClaimOutcome {
    let claimed = |held| {
        let in_flight = Arc::clone(in_flight);
        ClaimOutcome::Ours(Lease { held, in_flight })
    };
    let (Some(store), Some(key)) = (&shared.options.store, &in_flight.event.key) else {
        return claimed(HeldIn::Nowhere);
    };
    // Hashed once, for the claim and for its end.
    let store = match store {
        Store::Memory(memory) => HeldIn::Memory(Arc::clone(memory), memory.hash(key)),
        Store::Other(other) => HeldIn::Other(Arc::clone(other)),
    };
    loop {
        let answer = match &store {
            HeldIn::Nowhere => Ok(Claim::Claimed),
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
            Ok(Claim::Done) => return ClaimOutcome::Done,
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

/// Gives a claim back that was granted when nobody waited for it any longer: the event has been
/// refused and comes again.
async fn release_late(asking: Asked<Claim>, store: Arc<dyn AnyStore>, in_flight: Arc<InFlight>) {
    if let Ok(Ok(Claim::Claimed)) = timeout(SETTLE_WITHIN, asking).await {
        let held = HeldIn::Other(store);
        Lease { held, in_flight }.settle(false).await;
    }
}

impl Lease {
    /// Settles the claim: an event that was handled is remembered, a failed one forgotten.
    pub(super) async fn settle(self, handled: bool) {
        let Self { held, in_flight } = self;
        let settling = match (held, handled) {
            (HeldIn::Nowhere, _) => return,
            (HeldIn::Memory(memory, key), true) => return memory.done_now(key),
            (HeldIn::Memory(memory, key), false) => return memory.release_now(key),
            (HeldIn::Other(other), true) => other.done(Arc::clone(&in_flight)),
            (HeldIn::Other(other), false) => other.release(Arc::clone(&in_flight)),
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

//! The claim on an event: whoever has it handles the event, nobody else.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, sleep, timeout};

use super::memory::{Key, MemoryStore};
use super::store::{AnyStore, Asked, Claim, Store, StoreError};
use super::within::{after, within};
use crate::delivery::accept::Shared;
use crate::delivery::admission::InFlight;
use crate::delivery::identity::EventFacts;
use crate::delivery::state::WaitsFor;

/// How often is asked whether another one is done with the same event.
const ASK_AGAIN: Duration = Duration::from_millis(50);

/// How long a store may take to settle a claim.
pub(super) const SETTLE_WITHIN: Duration = Duration::from_secs(5);

const NO_ANSWER: &str = "it did not answer in time";

/// A claim that has been made, to be settled in one way or the other.
pub(super) struct Claimed {
    held: Held,
    inside: Arc<InFlight>,
}

/// Where a claim is held.
enum Held {
    Nowhere,
    Memory(Arc<MemoryStore>, Key),
    Other(Arc<dyn AnyStore>),
}

/// What came of trying to claim an event.
pub(super) enum Claiming {
    /// The event is ours to handle.
    Ours(Claimed),
    /// It has been handled.
    Done,
    /// It is being handled elsewhere, and was so until the deadline.
    Running,
    /// The store failed.
    Failed,
}

/// Claims an event; if it is being handled elsewhere, waits for the end of that until `deadline` or
/// the end of the receiver.
pub(super) async fn claim(shared: &Shared, inside: &Arc<InFlight>, deadline: Instant) -> Claiming {
    let claimed = |held| {
        let inside = Arc::clone(inside);
        Claiming::Ours(Claimed { held, inside })
    };
    let (Some(store), Some(key)) = (&shared.options.store, &inside.event.key) else {
        return claimed(Held::Nowhere);
    };
    // Hashed once, for the claim and for its end.
    let store = match store {
        Store::Memory(memory) => Held::Memory(Arc::clone(memory), memory.hash(key)),
        Store::Other(other) => Held::Other(Arc::clone(other)),
    };
    loop {
        let answer = match &store {
            Held::Nowhere => Ok(Claim::Claimed),
            Held::Memory(memory, key) => Ok(memory.claim_now(*key)),
            Held::Other(other) => {
                inside.phase.wait_for(WaitsFor::Store);
                let mut asking = Arc::clone(other).claim(Arc::clone(inside));
                let Some(answer) = within(|| deadline, &mut asking).await else {
                    tokio::spawn(release_late(asking, Arc::clone(other), Arc::clone(inside)));
                    log("claim", &inside.event, &NO_ANSWER.into());
                    return Claiming::Failed;
                };
                answer
            }
        };
        match answer {
            Ok(Claim::Claimed) => return claimed(store),
            Ok(Claim::Done) => return Claiming::Done,
            Ok(Claim::Running) if shared.gate.is_cut_off() => return Claiming::Running,
            Ok(Claim::Running) if after(Instant::now(), ASK_AGAIN) >= deadline => {
                return Claiming::Running;
            }
            Ok(Claim::Running) => {
                inside.phase.wait_for(WaitsFor::Repetition);
                sleep(ASK_AGAIN).await;
            }
            Err(error) => {
                log("claim", &inside.event, &error);
                return Claiming::Failed;
            }
        }
    }
}

/// Gives a claim back that was granted when nobody waited for it any longer: the event has been
/// refused and comes again.
async fn release_late(asking: Asked<Claim>, store: Arc<dyn AnyStore>, inside: Arc<InFlight>) {
    if let Ok(Ok(Claim::Claimed)) = timeout(SETTLE_WITHIN, asking).await {
        let held = Held::Other(store);
        Claimed { held, inside }.settle(false).await;
    }
}

impl Claimed {
    /// Settles the claim: an event that was handled is remembered, a failed one forgotten.
    pub(super) async fn settle(self, handled: bool) {
        let Self { held, inside } = self;
        let settling = match (held, handled) {
            (Held::Nowhere, _) => return,
            (Held::Memory(memory, key), true) => return memory.done_now(key),
            (Held::Memory(memory, key), false) => return memory.release_now(key),
            (Held::Other(other), true) => other.done(Arc::clone(&inside)),
            (Held::Other(other), false) => other.release(Arc::clone(&inside)),
        };
        let settled = within(|| Instant::now() + SETTLE_WITHIN, settling).await;
        if let Err(error) = settled.unwrap_or_else(|| Err(NO_ANSWER.into())) {
            log("settle", &inside.event, &error);
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

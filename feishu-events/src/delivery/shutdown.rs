//! The end: no new events, time for those that are inside, a word about those that were cut off.

use std::time::Duration;

use super::claim::SETTLE_WITHIN;
use super::gate::{Gate, InFlight};
use super::phase::AtShutdown;

/// What became of the events that were being handled when the receiver was shut down.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Drained {
    /// How many came to their end in time.
    pub finished: usize,
    /// Those that did not, and were stopped.
    pub cut_off: Vec<CutOff>,
}

/// An event whose handler was stopped because the receiver was shut down.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct CutOff {
    /// The event's name.
    pub event_type: String,
    /// The event's id.
    pub event_id: Option<String>,
    /// Whether the event had been acknowledged: if not, the platform sends it again.
    pub acknowledged: bool,
}

impl CutOff {
    /// What is told of an event that was inside when the time was over.
    fn of(inside: &InFlight) -> Option<Self> {
        match inside.phase.at_shutdown() {
            AtShutdown::Finished => None,
            AtShutdown::CutOff { acknowledged } => Some(Self {
                event_type: inside.event.event_type.to_string(),
                event_id: inside.event.event_id.clone(),
                acknowledged,
            }),
        }
    }
}

/// Closes the gate, waits for what is inside, and stops what is still there after `time`.
pub(super) async fn drain(gate: &Gate, time: Duration) -> Drained {
    let inside = gate.close();
    if tokio::time::timeout(time, gate.emptied()).await.is_ok() {
        return Drained {
            finished: inside,
            cut_off: Vec::new(),
        };
    }
    let stopped = gate.cut_off();
    // What was stopped still gives its claim back, so that another process can handle it.
    let _: Result<(), _> = tokio::time::timeout(SETTLE_WITHIN, gate.emptied()).await;
    // Only now: each event has said itself how it ended.
    let cut_off: Vec<CutOff> = stopped.iter().filter_map(|it| CutOff::of(it)).collect();
    for event in &cut_off {
        tracing::warn!(
            event_type = &*event.event_type,
            event_id = event.event_id,
            acknowledged = event.acknowledged,
            "cut off by the shutdown"
        );
    }
    Drained {
        finished: inside.saturating_sub(cut_off.len()),
        cut_off,
    }
}

//! The end: no new events, time for those that are inside, a word about those that were cut off.

use std::sync::Arc;
use std::time::Duration;

use super::claim::SETTLE_WITHIN;
use crate::delivery::admission::Admission;
use crate::delivery::in_flight::InFlight;
use crate::delivery::state::AtShutdown;

/// What happened to the events that were being handled when the receiver was shut down.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Drained {
    /// How many were finished: their handler was done in time, or they were refused for an
    /// unrelated reason, such as being handled elsewhere.
    pub finished: usize,
    /// The events that the shutdown interrupted.
    pub cut_off: Vec<CutOff>,
}

/// An event that the shutdown interrupted: its handler was stopped, or was still waiting for its turn
/// and was not called.
///
/// The platform sends it again, unless it had been acknowledged.
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

/// The events that were inside when they were stopped; dropped, it says in the log which have not
/// come to their end, even if nobody waits for the shutdown any longer.
struct Stopped(Vec<Arc<InFlight>>);

impl Stopped {
    fn cut_off(&self) -> Vec<CutOff> {
        let of = |in_flight: &Arc<InFlight>| match in_flight.state.at_shutdown() {
            AtShutdown::Finished | AtShutdown::Refused => None,
            AtShutdown::CutOff { acknowledged } => Some(CutOff {
                event_type: in_flight.event.event_type.to_string(),
                event_id: in_flight.event.event_id().map(str::to_owned),
                acknowledged,
            }),
        };
        self.0.iter().filter_map(of).collect()
    }
}

impl Drop for Stopped {
    fn drop(&mut self) {
        for event in self.cut_off() {
            tracing::warn!(
                event_type = event.event_type,
                event_id = event.event_id,
                acknowledged = event.acknowledged,
                "cut off by the shutdown"
            );
        }
    }
}

/// Closes the gate, waits for what is inside, and stops what is still there after `time`.
pub(super) async fn drain(admission: &Admission, time: Duration) -> Drained {
    let in_flight = admission.close();
    if tokio::time::timeout(time, admission.emptied())
        .await
        .is_ok()
    {
        return Drained {
            finished: in_flight,
            cut_off: Vec::new(),
        };
    }
    let stopped = Stopped(admission.cut_off());
    // What was stopped still gives its claim back, so that another process can handle it.
    let _: Result<(), _> = tokio::time::timeout(SETTLE_WITHIN, admission.emptied()).await;
    // Only now: each event has said itself how it ended.
    let cut_off = stopped.cut_off();
    Drained {
        finished: in_flight.saturating_sub(cut_off.len()),
        cut_off,
    }
}

/// Closes the gate and stops what is inside, and waits for nothing.
#[cfg(feature = "long-connection")]
pub(super) fn stop(admission: &Admission) {
    admission.close();
    // After a shutdown its events have been reported.
    if !admission.is_cut_off() {
        drop(Stopped(admission.cut_off()));
    }
}

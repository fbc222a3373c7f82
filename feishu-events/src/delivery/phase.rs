//! Who answers for an event: its task, or the one that waits for it no longer.

use std::sync::atomic::{AtomicU8, Ordering};

/// The handler has not been called.
const WAITING: u8 = 0;
/// The handler runs, and nothing has been answered.
const RUNNING: u8 = 1;
/// The event has been acknowledged before its handler was done.
const ACKNOWLEDGED: u8 = 2;
/// The handler is done, and its result is the answer.
const FINISHED: u8 = 3;
/// The event was refused before its handler was called, which now must not happen.
const GIVEN_UP: u8 = 4;
/// The handler is done, after the event had been acknowledged.
const FINISHED_LATE: u8 = 5;

/// How far the handling of an event has come.
#[derive(Debug, Default)]
pub(super) struct Phase(AtomicU8);

/// What becomes of an event at the deadline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum AtDeadline {
    /// Its handler runs: it is acknowledged and goes on.
    Acknowledge,
    /// Its handler was not called, and will not be.
    GiveUp,
    /// It was answered in the same moment.
    Answered,
}

impl Phase {
    /// Whether the handler may be called.
    pub(super) fn begin(&self) -> bool {
        self.step(WAITING, RUNNING) || self.is_acknowledged()
    }

    /// Marks the event as acknowledged before its handler was called.
    pub(super) fn acknowledge(&self) -> bool {
        self.step(WAITING, ACKNOWLEDGED)
    }

    /// Marks the handler as done. Whether its result is the answer; otherwise it comes too late.
    pub(super) fn finish(&self) -> bool {
        let in_time = self.step(RUNNING, FINISHED);
        if !in_time {
            self.step(ACKNOWLEDGED, FINISHED_LATE);
        }
        in_time
    }

    /// Marks the event as refused, if its handler was not called.
    pub(super) fn give_up(&self) {
        self.step(WAITING, GIVEN_UP);
    }

    /// Whether the handler is done.
    pub(super) fn is_finished(&self) -> bool {
        matches!(self.0.load(Ordering::Acquire), FINISHED | FINISHED_LATE)
    }

    /// What becomes of the event now that the time for an answer is over.
    pub(super) fn at_deadline(&self) -> AtDeadline {
        if self.step(WAITING, GIVEN_UP) {
            AtDeadline::GiveUp
        } else if self.step(RUNNING, ACKNOWLEDGED) {
            AtDeadline::Acknowledge
        } else {
            AtDeadline::Answered
        }
    }

    pub(super) fn is_acknowledged(&self) -> bool {
        self.0.load(Ordering::Acquire) == ACKNOWLEDGED
    }

    fn step(&self, from: u8, to: u8) -> bool {
        let step = self
            .0
            .compare_exchange(from, to, Ordering::AcqRel, Ordering::Acquire);
        step.is_ok()
    }
}

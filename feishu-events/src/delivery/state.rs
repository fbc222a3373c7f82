//! Who answers for an event: its task, or the one that waits for it no longer.

use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};

use super::answer::Refused;

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
/// The handler was stopped by the shutdown, or not called because of it, and nothing had been answered.
const CUT_OFF: u8 = 6;
/// The handler was stopped by the shutdown, after the event had been acknowledged.
const CUT_OFF_ACKNOWLEDGED: u8 = 7;
/// The event was refused at the deadline while its handler ran, which goes on.
const REFUSED: u8 = 8;

/// How far the handling of an event has come.
#[derive(Debug, Default)]
pub(super) struct DeliveryState {
    state: AtomicU8,
    waits_for: AtomicU8,
    has_started: AtomicBool,
}

/// What an event waits for before its handler is called.
#[derive(Debug, Clone, Copy)]
#[repr(u8)]
pub(super) enum WaitsFor {
    /// A handler may run, or its task has not had time yet.
    Handler,
    /// The store answers whether it has been handled.
    Store,
    /// The same event is done, which came before.
    Repetition,
    /// The events before it are done.
    Ticket,
}

/// What becomes of an event at the deadline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum AtDeadline {
    /// Its handler runs: it is acknowledged and goes on.
    Acknowledge,
    /// Its handler runs and goes on, and only its result acknowledges: it is refused.
    Refuse,
    /// Its handler was not called, and will not be.
    GiveUp,
    /// It was answered in the same moment.
    Answered,
}

/// When a handler ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ended {
    /// Before the deadline: its result is the answer.
    InTime,
    /// After the event had been acknowledged.
    AfterAck,
    /// After the event had been refused, to be sent again.
    AfterRefusal,
}

/// Where an event stands when the receiver has been shut down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum AtShutdown {
    /// It has come to its end.
    Finished,
    /// It was refused for another reason, and its handler not called.
    Refused,
    /// It has not, and whether it had been acknowledged.
    CutOff { acknowledged: bool },
}

impl DeliveryState {
    /// What the event waits for from now on.
    pub(super) fn wait_for(&self, what: WaitsFor) {
        self.waits_for.store(what as u8, Ordering::Release);
    }

    /// Why the event is refused if its handler is not called now.
    pub(super) fn wait_reason(&self) -> Refused {
        let waits_for = self.waits_for.load(Ordering::Acquire);
        let is = |what: WaitsFor| waits_for == what as u8;
        if is(WaitsFor::Store) {
            Refused::StoreFailed
        } else if is(WaitsFor::Repetition) {
            Refused::BeingHandled
        } else if is(WaitsFor::Ticket) {
            Refused::NotItsTurn
        } else {
            Refused::Busy
        }
    }

    /// Whether the handler may be called.
    pub(super) fn try_start(&self) -> bool {
        let may_start = self.step(WAITING, RUNNING) || self.is_acknowledged();
        self.has_started.store(may_start, Ordering::Release);
        may_start
    }

    /// Whether the handler has been called.
    pub(super) fn has_started(&self) -> bool {
        self.has_started.load(Ordering::Acquire)
    }

    /// Marks the event as acknowledged before its handler was called.
    pub(super) fn acknowledge(&self) -> bool {
        self.step(WAITING, ACKNOWLEDGED)
    }

    /// Marks the handler as done.
    pub(super) fn finish(&self) -> Ended {
        self.end(FINISHED, FINISHED_LATE)
    }

    /// Marks the handler as stopped.
    pub(super) fn cut_off(&self) -> Ended {
        self.end(CUT_OFF, CUT_OFF_ACKNOWLEDGED)
    }

    fn end(&self, unanswered: u8, acknowledged: u8) -> Ended {
        if self.step(RUNNING, unanswered) {
            Ended::InTime
        } else if self.step(REFUSED, unanswered) {
            Ended::AfterRefusal
        } else {
            self.step(ACKNOWLEDGED, acknowledged);
            Ended::AfterAck
        }
    }

    /// Marks the event as refused because of the shutdown, if its handler was not called.
    pub(super) fn reject_on_shutdown(&self) {
        self.step(WAITING, CUT_OFF);
    }

    /// Marks the event as done without a call of its handler: it had been handled before.
    pub(super) fn skip(&self) {
        self.step(WAITING, FINISHED);
    }

    /// Marks the event as refused for another reason than the shutdown, if its handler was not called.
    pub(super) fn give_up(&self) {
        self.step(WAITING, GIVEN_UP);
    }

    /// Where the event stands, in one look: it may go on while it is looked at.
    pub(super) fn at_shutdown(&self) -> AtShutdown {
        match self.state.load(Ordering::Acquire) {
            FINISHED | FINISHED_LATE => AtShutdown::Finished,
            GIVEN_UP => AtShutdown::Refused,
            state => AtShutdown::CutOff {
                acknowledged: matches!(state, ACKNOWLEDGED | CUT_OFF_ACKNOWLEDGED),
            },
        }
    }

    /// What becomes of the event now that the time for an answer is over, where a running handler
    /// is acknowledged, or only its result.
    pub(super) fn at_deadline(&self, acknowledges_running: bool) -> AtDeadline {
        if self.step(WAITING, GIVEN_UP) {
            AtDeadline::GiveUp
        } else if !acknowledges_running && self.step(RUNNING, REFUSED) {
            AtDeadline::Refuse
        } else if self.step(RUNNING, ACKNOWLEDGED) {
            AtDeadline::Acknowledge
        } else {
            AtDeadline::Answered
        }
    }

    pub(super) fn is_acknowledged(&self) -> bool {
        self.state.load(Ordering::Acquire) == ACKNOWLEDGED
    }

    fn step(&self, from: u8, to: u8) -> bool {
        let step = self
            .state
            .compare_exchange(from, to, Ordering::AcqRel, Ordering::Acquire);
        step.is_ok()
    }
}

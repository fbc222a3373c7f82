//! Handling an event without a task of its own: nearly all handlers wait for nothing.

use std::task::{Context, Poll};

use super::{HandlerEnd, Stage, Task, lease_of, log_failure, poll_watched};
use crate::delivery::answer::Answer;
use crate::delivery::claim::claim_now;

/// How far an event has come.
pub(in crate::delivery) enum AtOnce {
    Answered(Answer),
    Waits(Task),
}

impl Task {
    /// Handles the event as far as that needs no waiting.
    pub(in crate::delivery) fn run_now(mut self, context: &mut Context<'_>) -> AtOnce {
        let Self {
            shared,
            slot,
            turn,
            work,
            stage,
            ..
        } = &mut self;
        let (shared, in_flight) = (&*shared, &slot.in_flight);
        if turn.is_some() || shared.admission.is_cut_off() {
            return AtOnce::Waits(self);
        }
        let Some(claimed) = claim_now(shared, in_flight) else {
            return AtOnce::Waits(self);
        };
        let lease = match lease_of(claimed, shared, in_flight) {
            Ok(lease) => lease,
            Err(answer) => return AtOnce::Answered(answer),
        };
        let Some(permit) = shared.admission.handler_now() else {
            *stage = Stage::Claimed(lease);
            return AtOnce::Waits(self);
        };
        let (event, state) = (&in_flight.event, &in_flight.state);
        // Nobody decides otherwise before this returns.
        state.try_start();
        let result = match poll_watched(work, shared, event, context) {
            Poll::Ready(result) => result,
            Poll::Pending => {
                *stage = Stage::Running(lease, shared.admission.keep(permit));
                return AtOnce::Waits(self);
            }
        };
        drop(permit);
        let outcome = HandlerEnd::of(result, event);
        let settle = outcome.settles(state.finish(), shared, event);
        // It has just arrived, so that no clock is asked again.
        if let Some(settling) = lease.settle_now(settle, in_flight.arrived) {
            // Not here: what is claimed at once is settled at once.
            tokio::spawn(settling);
        }
        log_failure(&outcome);
        AtOnce::Answered(outcome.into_answer())
    }
}

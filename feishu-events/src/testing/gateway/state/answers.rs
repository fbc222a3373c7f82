//! Handles clients' answers.

use std::time::Duration;

use super::{GatewayState, Tracked};
use crate::long_connection::session::frame::{Frame, key};
use crate::testing::gateway::outcome::{Answer, PushOutcome};

impl GatewayState {
    /// Handles a client's answer to an event.
    pub(in crate::testing::gateway) fn answered(&mut self, connection: u64, frame: &Frame) {
        let Some(connection) = self.connections.get_mut(&connection) else {
            return;
        };
        let before = connection.waiting.range(..=frame.seq_id).next_back();
        let first = before.map(|(first, waiting)| (*first, waiting.message.parts as u64));
        let first = first.filter(|(first, parts)| frame.seq_id - first < *parts);
        let Some(waiting) = first.and_then(|(first, _)| connection.waiting.remove(&first)) else {
            self.violation("a second answer to an event, or one to no event");
            return;
        };
        if let Err(violation) = waiting.message.check(frame) {
            self.violation(violation);
        }
        let mut answer = match Answer::read(frame.payload.as_deref().unwrap_or_default()) {
            Ok(answer) => answer,
            // The deadline passes as if there had been no answer.
            Err(violation) => return self.violation(violation),
        };
        let handler_time = frame.number(key::BIZ_RT).ok().flatten();
        let handler_time = handler_time.and_then(|time| u64::try_from(time).ok());
        answer.handler_time = handler_time.map(Duration::from_millis);
        answer.took = waiting.pushed.elapsed();
        let delivery = &self.events[waiting.event].entry.deliveries[waiting.delivery];
        let outcome = if delivery.outcome.is_some() {
            PushOutcome::Late(answer)
        } else if answer.code == 200 {
            PushOutcome::Acknowledged(answer)
        } else {
            PushOutcome::Failed(answer)
        };
        self.schedule.remove(waiting.deadline);
        self.record(waiting.event, waiting.delivery, outcome);
    }

    /// Records the outcome of a push, and schedules the next attempt if there is one.
    pub(super) fn record(&mut self, event: usize, delivery: usize, outcome: PushOutcome) {
        let tracked = &mut self.events[event];
        if let Some(result) = tracked.result.take() {
            // The caller may no longer be waiting.
            drop(result.send(outcome.clone()));
        }
        let settles = outcome.is_acknowledged();
        let late = matches!(outcome, PushOutcome::Late(_));
        tracked.entry.deliveries[delivery].outcome = Some(outcome);
        if settles {
            tracked.settled = true;
            tracked.entry.lost = false;
            if let Some(next) = tracked.next.take() {
                self.schedule.remove(next);
            }
        } else if !late && !tracked.settled && tracked.next.is_none() {
            self.send_again(event);
        }
        self.events[event].forget_payload();
    }

    fn send_again(&mut self, event: usize) {
        let tracked = &mut self.events[event];
        let again = self.options.ladder.get(tracked.resent).copied();
        if let Some(time) = again.filter(|_| !tracked.push.is_callback()) {
            tracked.resent += 1;
            self.push_later(event, time);
        } else {
            tracked.settled = true;
            tracked.entry.lost = true;
        }
    }
}

impl Tracked {
    /// Frees the payload of an event that will not be pushed again: a test may push many.
    pub(super) fn forget_payload(&mut self) {
        if self.settled && self.repetitions == 0 {
            self.push.payload.clear();
        }
    }
}

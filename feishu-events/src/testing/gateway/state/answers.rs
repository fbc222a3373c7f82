//! What clients answer, and what follows.

use std::time::Duration;

use super::{State, Tracked};
use crate::long_connection::session::frame::{Frame, key};
use crate::testing::gateway::outcome::{Answer, PushOutcome};

impl State {
    /// A client has answered an event.
    pub(in crate::testing::gateway) fn answered(&mut self, connection: u64, frame: &Frame) {
        let Some(connection) = self.connections.get_mut(&connection) else {
            return;
        };
        let before = connection.waiting.range(..=frame.seq_id).next_back();
        let first = before.map(|(first, waiting)| (*first, waiting.message.parts as u64));
        let first = first.filter(|(first, parts)| frame.seq_id - first < *parts);
        let Some(waiting) = first.and_then(|(first, _)| connection.waiting.remove(&first)) else {
            self.remark("an answer to no event, or a second one");
            return;
        };
        if let Err(remark) = waiting.message.check(frame) {
            self.remark(remark);
        }
        let mut answer = match Answer::read(frame.payload.as_deref().unwrap_or_default()) {
            Ok(answer) => answer,
            // The deadline comes, as if there had been no answer.
            Err(remark) => return self.remark(remark),
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
        self.came_of(waiting.event, waiting.delivery, outcome);
    }

    /// Writes down what came of a push, and sends the event again if it must be.
    pub(super) fn came_of(&mut self, event: usize, delivery: usize, outcome: PushOutcome) {
        let tracked = &mut self.events[event];
        if let Some(asked) = tracked.asked.take() {
            // Who asked may have lost interest.
            drop(asked.send(outcome.clone()));
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
    /// Many events may be pushed in a test; what is not pushed again need not be kept.
    pub(super) fn forget_payload(&mut self) {
        if self.settled && self.repetitions == 0 {
            self.push.payload.clear();
        }
    }
}

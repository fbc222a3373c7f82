//! What all events of one receiver share.

use std::mem::Discriminant;
use std::sync::Arc;
use std::time::Duration;

use super::admission::Admission;
use super::answer::{Answer, Refused};
use super::identity::EventFacts;
use super::log_limit::LogLimit;
use super::options::{Ack, DeliveryOptions};
use super::status::{DeliveryStatus, OldestEvent};
use super::unhandled::UnhandledCount;
use crate::catalog::event_type::EventType;
use crate::handler::routes::Handled;

/// From how long on a handler that others wait for is worth a warning.
const LONG: Duration = Duration::from_secs(60);

/// What all events of one receiver share.
pub(super) struct Shared {
    pub(super) options: DeliveryOptions,
    pub(super) handled: Vec<Handled>,
    pub(super) admission: Arc<Admission>,
    pub(super) unhandled: UnhandledCount,
    pub(super) refusals: LogLimit<Discriminant<Refused>>,
    pub(super) warnings: LogLimit<Warning>,
}

/// What a receiver warns of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Warning {
    /// As many handlers as allowed run.
    AllRun,
    /// A handler blocks its thread.
    Blocks,
}

impl Shared {
    pub(super) fn acknowledges_on_receipt(&self, event: &EventFacts) -> bool {
        self.options.ack == Ack::OnReceipt && !event.is_callback
    }

    /// What is answered for an event whose handler still runs at the deadline, unless it is refused.
    pub(super) fn answer_at_deadline(&self, event: &EventFacts) -> Result<Answer, Refused> {
        match self.options.ack {
            Ack::Refuse => Err(Refused::NotDone),
            Ack::WhenKept if !event.is_callback => Err(Refused::NotKept),
            _ => Ok(Answer::Ok(self.answer_when_late(event))),
        }
    }

    /// What an event is acknowledged with whose handler still runs.
    pub(super) fn answer_when_late(&self, event: &EventFacts) -> Option<String> {
        event.can_answer_toast().then(|| self.options.toast.clone())
    }

    /// The path of the handler of an event, as far as its name says which it is.
    pub(super) fn handler_of(&self, event: &EventFacts) -> Option<&'static str> {
        let known = event.event_type.parse::<EventType>().ok();
        let by_name = self.handled.iter().find(|handled| {
            handled.name.is_some_and(|name| name == event.event_type)
                || known.is_some_and(|known| handled.events.contains(&known))
        });
        let fallback = || self.handled.iter().find(|handled| handled.is_fallback);
        by_name
            .or_else(fallback)
            .map(|handled| (handled.path)())
            .map(path_of)
    }

    pub(super) fn status(&self) -> DeliveryStatus {
        let (events, bytes) = self.admission.events();
        let running = events.iter().filter(|it| it.state.has_started()).count();
        let oldest = events.iter().min_by_key(|it| it.arrived);
        DeliveryStatus {
            running,
            waiting: events.len() - running,
            bytes,
            oldest: oldest.map(|oldest| OldestEvent {
                event_type: oldest.event.event_type.to_string(),
                event_id: oldest.event.event_id().map(str::to_owned),
                handler: self.handler_of(&oldest.event),
                age: oldest.arrived.elapsed(),
                is_running: oldest.state.has_started(),
            }),
        }
    }

    /// Warns that events wait because as many handlers as allowed run, if one has run for long: it is
    /// named.
    pub(super) fn warn_that_all_run(&self) {
        if self.warnings.pass(Warning::AllRun).is_none() {
            return;
        }
        let status = self.status();
        let oldest = status.oldest.filter(|it| it.age >= LONG && it.is_running);
        if let Some(oldest) = oldest {
            tracing::warn!(
                running = status.running,
                waiting = status.waiting,
                handler = oldest.handler,
                "events wait: as many handlers run as the concurrency limit allows, the oldest for \
                 {:.1?}. A handler that never ends can be stopped with `handler_limit`",
                oldest.age,
            );
        }
    }

    /// Warns that a handler blocked its thread for so long.
    pub(super) fn warn_that_it_blocks(&self, event: &EventFacts, time: Duration) {
        if let Some(left_out) = self.warnings.pass(Warning::Blocks) {
            tracing::warn!(
                handler = self.handler_of(event),
                left_out,
                "the handler blocked its thread for {time:.1?}: in a runtime with one thread, \
                 nothing else ran meanwhile, and its event was answered late. Call what blocks \
                 in `tokio::task::spawn_blocking`, or use a runtime with several threads"
            );
        }
    }
}

/// The path of a function in the name of the type that stands for it.
fn path_of(type_name: &'static str) -> &'static str {
    // An associated function stands in the name of its type, with a number.
    let associated = type_name
        .split_once("AssociatedHandler<")
        .and_then(|(_, rest)| rest.rsplit_once(','));
    associated.map_or(type_name, |(of, _)| of)
}

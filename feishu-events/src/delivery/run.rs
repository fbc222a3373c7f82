//! The handling of one event, from its admission to the answer.

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::task::Poll;

use tokio::sync::oneshot;
use tokio::time::Instant;
use tracing::{Instrument, Span};

use super::answer::{Answer, Refused};
use super::identity::EventFacts;
use super::in_flight::InFlight;
use super::keyed_queue::Ticket;
use super::shared::Shared;
use super::state::{AtDeadline, DeliveryState};
use super::task::{Task, Work};
use super::within::{after, within};
use crate::handler::catch_panic::catch_panic;

impl Shared {
    /// Calls the handler of an accepted event, and gives the answer in good time.
    pub(super) async fn handle(
        self: Arc<Self>,
        event: EventFacts,
        work: impl Work,
        turn: Option<Ticket>,
        arrived: Instant,
    ) -> Answer {
        let deadline = after(arrived, self.options.answer_within);
        let in_flight = Arc::new(InFlight {
            event,
            state: DeliveryState::default(),
        });
        let (event, state) = (&in_flight.event, &in_flight.state);
        let slot = match self.admission.enter(&in_flight) {
            Ok(slot) => slot,
            Err(why) => return refuse(&span_of(event), why),
        };
        let (answer_sender, mut answer_receiver) = oneshot::channel();
        let span = span_of(event);
        let task = Task {
            in_flight: Arc::clone(&in_flight),
            shared: Arc::clone(&self),
            slot,
            turn,
            answer_sender,
            arrived,
            deadline,
        };
        let mut run = Box::pin(task.run(work).instrument(span.clone()));
        if self.acknowledges_on_receipt(event) {
            tokio::spawn(run);
        } else {
            // A handler that waits for nothing is done at once, which saves a task.
            match poll_once(run.as_mut()).await {
                Ok(Poll::Ready(())) => {}
                Ok(Poll::Pending) => drop(tokio::spawn(run)),
                Err(message) => {
                    tracing::error!(parent: &span, message, "the store or a hook panicked");
                    return Answer::Failed;
                }
            }
        }
        let answered_in_time = within(|| deadline, &mut answer_receiver).await;
        let answer = match answered_in_time {
            Some(answer) => answer.unwrap_or(Answer::Failed),
            None => match state.at_deadline(self.acknowledges_running(event)) {
                AtDeadline::GiveUp => Answer::Refused(state.wait_reason()),
                AtDeadline::Refuse => Answer::Refused(Refused::NotKept),
                AtDeadline::Acknowledge => {
                    span.record("detached", true);
                    let time = self.options.answer_within;
                    span.in_scope(|| {
                        tracing::info!("handler still running after {time:?}; acknowledged");
                    });
                    let toast = event.can_answer_toast();
                    Answer::Ok(toast.then(|| self.options.toast.clone()))
                }
                AtDeadline::Answered => answer_receiver.await.unwrap_or(Answer::Failed),
            },
        };
        match answer {
            // It was inside: the one who shuts down says that it was cut off.
            answer @ Answer::Refused(Refused::ShuttingDown) => answer,
            Answer::Refused(why) => refuse(&span, why),
            answer => answer,
        }
    }
}

pub(super) fn span_of(event: &EventFacts) -> Span {
    tracing::info_span!(
        "feishu_event",
        event_type = &*event.event_type,
        event_id = event.event_id,
        detached = tracing::field::Empty,
    )
}

/// Refuses an event and logs the reason: the platform only learns that it must send it again.
pub(super) fn refuse(span: &Span, why: Refused) -> Answer {
    span.in_scope(|| tracing::warn!(%why, "refused an event, to be sent again later"));
    Answer::Refused(why)
}

/// Polls once; the error is the message of a panic, after which nobody may poll again.
async fn poll_once<T>(mut future: Pin<&mut impl Future<Output = T>>) -> Result<Poll<T>, String> {
    poll_fn(|context| Poll::Ready(catch_panic(|| future.as_mut().poll(context)))).await
}

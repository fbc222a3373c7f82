//! The handling of one event, from its admission to the answer.

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::task::Poll;

use tokio::runtime::{Handle, RuntimeFlavor};
use tokio::time::Instant;
use tracing::{Instrument, Span};

use super::answer::{Answer, Refused};
use super::identity::EventFacts;
use super::in_flight::InFlight;
use super::keyed_queue::Ticket;
use super::shared::Shared;
use super::state::AtDeadline;
use super::task::{AtOnce, Stage, Task, Work};
use super::within::{after, within};
use crate::handler::catch_panic::{catch_panic, poll_once};

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
        let slot = match self.admission.enter(event, arrived) {
            Ok(slot) => slot,
            Err(not_let_in) => return self.refuse(&span_of(&not_let_in.event), not_let_in.why),
        };
        let event = &slot.in_flight.event;
        let span = span_of(event);
        let needs_task = self.acknowledges_on_receipt(event) || has_other_threads();
        let task = Task {
            shared: Arc::clone(&self),
            slot,
            turn,
            deadline,
            work,
            stage: Stage::New,
        };
        let answer = if needs_task {
            let in_flight = Arc::clone(&task.slot.in_flight);
            // A handler that blocks its thread does not keep the answer, which is given on another.
            let run = Box::pin(task.run().instrument(span.clone()));
            tokio::spawn(report_panic(run, span.clone()));
            self.wait_for_answer(&in_flight, deadline, &span).await
        } else {
            // A handler that waits for nothing is done at once, which saves a task.
            let mut task = Some(task);
            let run_now = poll_fn(|context| {
                let task = task.take();
                let run_now = || task.map(|task| span.in_scope(|| task.run_now(context)));
                Poll::Ready(catch_panic(run_now))
            });
            match run_now.await {
                Ok(Some(AtOnce::Answered(answer))) => answer,
                Ok(Some(AtOnce::Waits(task))) => {
                    // In a box, because most handlers are done by now.
                    Box::pin(self.wait_for(task, deadline, &span)).await
                }
                // It is there, for this is polled once.
                Ok(None) => Answer::Failed,
                Err(message) => {
                    log_panic(&span, &message);
                    Answer::Failed
                }
            }
        };
        match answer {
            // It was inside: the one who shuts down says that it was cut off.
            answer @ Answer::Refused(Refused::ShuttingDown) => answer,
            Answer::Refused(why) => self.refuse(&span, why),
            answer => answer,
        }
    }

    /// Goes on with an event in a task of its own, and gives the answer in good time.
    async fn wait_for(&self, task: Task<impl Work>, deadline: Instant, span: &Span) -> Answer {
        let in_flight = Arc::clone(&task.slot.in_flight);
        let is_running = matches!(task.stage, Stage::Running(..));
        let mut run = Box::pin(task.run().instrument(span.clone()));
        // A handler that waits has just been polled: first, others may run.
        if is_running {
            tokio::spawn(run);
        } else {
            match poll_once(run.as_mut()).await {
                Ok(Poll::Ready(())) => {}
                Ok(Poll::Pending) => drop(tokio::spawn(run)),
                Err(message) => {
                    log_panic(span, &message);
                    return Answer::Failed;
                }
            }
        }
        self.wait_for_answer(&in_flight, deadline, span).await
    }

    /// The answer of an event's task, or another one at the deadline.
    async fn wait_for_answer(
        &self,
        in_flight: &InFlight,
        deadline: Instant,
        span: &Span,
    ) -> Answer {
        let (event, state) = (&in_flight.event, &in_flight.state);
        let mut waiting = Waiting(Some(in_flight));
        let answered_in_time = within(|| deadline, in_flight.answer.wait()).await;
        let answer = if let Some(answer) = answered_in_time {
            answer.clone()
        } else {
            let late = self.answer_at_deadline(event);
            match (state.at_deadline(late.is_ok()), late) {
                (AtDeadline::GiveUp, _) => Answer::Refused(state.wait_reason()),
                (AtDeadline::Refuse | AtDeadline::Acknowledge, Err(why)) => Answer::Refused(why),
                (AtDeadline::Refuse | AtDeadline::Acknowledge, Ok(answer)) => {
                    span.record("detached", true);
                    let time = self.options.answer_within;
                    span.in_scope(|| {
                        tracing::info!("handler still running after {time:?}; acknowledged");
                    });
                    answer
                }
                (AtDeadline::Answered, _) => in_flight.answer.wait().await.clone(),
            }
        };
        waiting.0 = None;
        answer
    }

    /// Refuses an event and logs the reason: the platform only learns that it must send it again.
    pub(super) fn refuse(&self, span: &Span, why: Refused) -> Answer {
        if let Some(left_out) = self.refusals.pass(std::mem::discriminant(&why)) {
            span.in_scope(|| {
                tracing::warn!(%why, left_out, "refused an event, to be sent again later");
            });
        }
        Answer::Refused(why)
    }
}

/// The one that waits for the answer to an event, until there is one.
struct Waiting<'a>(Option<&'a InFlight>);

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        if let Some(in_flight) = self.0 {
            span_of(&in_flight.event).in_scope(|| {
                tracing::debug!("the platform did not wait for the answer, and will send it again");
            });
        }
    }
}

/// Whether the runtime has other threads than this, on which the answer can be given while a handler
/// blocks this one.
fn has_other_threads() -> bool {
    let runtime = Handle::current();
    runtime.runtime_flavor() != RuntimeFlavor::CurrentThread && runtime.metrics().num_workers() > 1
}

/// Runs to the end; a panic is reported.
async fn report_panic(mut run: Pin<Box<impl Future<Output = ()>>>, span: Span) {
    let run = poll_fn(|context| match catch_panic(|| run.as_mut().poll(context)) {
        Ok(poll) => poll.map(Ok),
        Err(message) => Poll::Ready(Err(message)),
    });
    if let Err(message) = run.await {
        log_panic(&span, &message);
    }
}

fn log_panic(span: &Span, message: &str) {
    tracing::error!(parent: span, message, "the store or a hook panicked");
}

pub(super) fn span_of(event: &EventFacts) -> Span {
    tracing::info_span!(
        "feishu_event",
        event_type = &*event.event_type,
        event_id = event.event_id(),
        detached = tracing::field::Empty,
    )
}

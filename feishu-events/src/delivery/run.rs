//! The handling of one event, from its admission to the answer.

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use tokio::runtime::{Handle, RuntimeFlavor};
use tokio::time::Instant;
use tracing::Span;

use super::answer::{Answer, Refused};
use super::identity::EventFacts;
use super::in_flight::InFlight;
use super::keyed_queue::Ticket;
use super::shared::Shared;
use super::spawned::{Running, log_panic, spawn};
use super::state::AtDeadline;
use super::task::{AtOnce, Stage, Task};
use super::within::{after, within};
use crate::handler::catch_panic::catch_panic;
use crate::handler::dispatcher::Started;

/// The handling of one event; it knows what to answer in good time.
pub(crate) struct Answering(Step);

#[allow(clippy::large_enum_variant)] // a box would cost every event an allocation
enum Step {
    Begins(Event),
    Waits(Running<Answer>),
    Answered(Option<Answer>),
}

/// An event whose handler is to be called.
pub(super) struct Event {
    pub(super) shared: Arc<Shared>,
    pub(super) facts: EventFacts,
    pub(super) started: Started,
    pub(super) turn: Option<Ticket>,
    pub(super) arrived: Instant,
}

impl Answering {
    /// Calls the handler of an event when it is waited for.
    pub(super) fn to(event: Event) -> Self {
        Self(Step::Begins(event))
    }

    /// The answer is known.
    pub(super) fn known(answer: Answer) -> Self {
        Self(Step::Answered(Some(answer)))
    }
}

impl Future for Answering {
    type Output = Answer;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Answer> {
        loop {
            match std::mem::replace(&mut self.0, Step::Answered(None)) {
                Step::Begins(event) => self.0 = event.begin(context),
                Step::Waits(mut waiting) => {
                    let answer = waiting.as_mut().poll(context);
                    if answer.is_pending() {
                        self.0 = Step::Waits(waiting);
                    }
                    return answer;
                }
                // Once it has been given, there is nothing to wait for.
                Step::Answered(answer) => return answer.map_or(Poll::Pending, Poll::Ready),
            }
        }
    }
}

impl Event {
    /// Calls the handler, and waits for the answer only if it does not come at once.
    fn begin(self, context: &mut Context<'_>) -> Step {
        let Self {
            shared,
            facts,
            started,
            turn,
            arrived,
        } = self;
        let known = |answer| Step::Answered(Some(answer));
        let deadline = after(arrived, shared.options.answer_within);
        let slot = match shared.admission.enter(facts, arrived) {
            Ok(slot) => slot,
            Err(not_let_in) => {
                let span = span_of(&not_let_in.event);
                return known(shared.refuse(&span, not_let_in.why));
            }
        };
        let event = &slot.in_flight.event;
        let span = span_of(event);
        let needs_task = shared.acknowledges_on_receipt(event) || has_other_threads();
        let task = Task {
            shared: Arc::clone(&shared),
            slot,
            turn,
            deadline,
            work: started,
            stage: Stage::New,
        };
        if needs_task {
            let in_flight = Arc::clone(&task.slot.in_flight);
            // A handler that blocks its thread does not keep the answer, which is given on another.
            spawn(Box::pin(task.run()), span.clone());
            return Step::Waits(Box::pin(async move {
                let answer = shared.wait_for_answer(&in_flight, deadline, &span).await;
                shared.given(answer, &span)
            }));
        }
        // A handler that waits for nothing is done at once, which saves a task.
        match catch_panic(|| span.in_scope(|| task.run_now(context))) {
            Ok(AtOnce::Answered(answer)) => known(shared.given(answer, &span)),
            // In a box, because most handlers are done by now.
            Ok(AtOnce::Waits(task)) => Step::Waits(Box::pin(async move {
                let answer = shared.wait_for(task, deadline, &span).await;
                shared.given(answer, &span)
            })),
            Err(message) => {
                log_panic(&span, &message);
                known(Answer::Failed)
            }
        }
    }
}

impl Shared {
    /// The answer as it is given: a refusal is logged.
    fn given(&self, answer: Answer, span: &Span) -> Answer {
        match answer {
            // It was inside: the one who shuts down says that it was cut off.
            answer @ Answer::Refused(Refused::ShuttingDown) => answer,
            Answer::Refused(why) => self.refuse(span, why),
            answer => answer,
        }
    }

    /// Goes on with an event in a task of its own, and gives the answer in good time.
    async fn wait_for(&self, task: Task, deadline: Instant, span: &Span) -> Answer {
        let in_flight = Arc::clone(&task.slot.in_flight);
        let is_running = matches!(task.stage, Stage::Running(..));
        let mut run: Running = Box::pin(task.run());
        // A handler that waits has just been polled: first, others may run.
        if is_running {
            spawn(run, span.clone());
        } else {
            let poll = poll_fn(|context| {
                let poll = || span.in_scope(|| run.as_mut().poll(context));
                Poll::Ready(catch_panic(poll))
            });
            match poll.await {
                Ok(Poll::Ready(())) => {}
                Ok(Poll::Pending) => spawn(run, span.clone()),
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

pub(super) fn span_of(event: &EventFacts) -> Span {
    tracing::info_span!(
        "feishu_event",
        event_type = &*event.event_type,
        event_id = event.event_id(),
        detached = tracing::field::Empty,
    )
}

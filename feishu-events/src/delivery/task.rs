//! The task in which one event is handled.

use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::Poll;

use tokio::sync::oneshot;
use tokio::time::{Instant, timeout_at};

use super::answer::{Answer, Refused};
use super::claim::{Claiming, claim};
use super::event_facts::EventFacts;
use super::gate::{Gate, Place};
use super::intake::Shared;
use super::late::LateFailure;
use super::options::Ack;
use super::phase::Phase;
use crate::dispatch::{DispatchError, Dispatched};
use crate::handler::HandlerError;

/// The call of a handler.
pub(super) type Work = Pin<Box<dyn Future<Output = Result<Dispatched, DispatchError>> + Send>>;

/// One event on its way through its handler.
pub(super) struct Task {
    pub(super) event: Arc<EventFacts>,
    pub(super) phase: Arc<Phase>,
    pub(super) shared: Arc<Shared>,
    pub(super) place: Place,
    pub(super) tell: oneshot::Sender<Answer>,
    pub(super) deadline: Instant,
}

/// How a handler came to its end.
enum Outcome {
    Handled(Option<String>),
    Failed(HandlerError),
    CutOff,
}

impl Task {
    pub(super) async fn run(self, work: Work) {
        let Self {
            event,
            phase,
            shared,
            place,
            tell,
            deadline,
        } = self;
        let begun = Instant::now();
        let options = &shared.options;
        let mut tell = Tell(Some(tell));
        let claimed = match claim(options.store.as_ref(), &event, deadline).await {
            Claiming::Ours(claimed) => claimed,
            Claiming::Done => {
                tracing::debug!("came again after it had been handled");
                return tell.answer(Answer::Accepted(None));
            }
            Claiming::Running => return tell.answer(Answer::Refused(Refused::BeingHandled)),
            Claiming::Failed => return tell.answer(Answer::Refused(Refused::StoreFailed)),
        };
        let on_receipt = options.ack == Ack::OnReceipt && !event.is_callback;
        let turn = if on_receipt && phase.acknowledge() {
            tell.answer(Answer::Accepted(None));
            shared.gate.handler().await
        } else {
            let turn = timeout_at(deadline, shared.gate.handler()).await;
            turn.ok().flatten()
        };
        let (Some(_turn), true) = (turn, phase.begin()) else {
            claimed.settle(false).await;
            return tell.answer(Answer::Refused(Refused::Busy));
        };
        let outcome = run_handler(work, &shared.gate).await;
        claimed.settle(matches!(outcome, Outcome::Handled(_))).await;
        // Free before the answer, so that who has been answered finds the place free.
        drop(place);
        if phase.finish() {
            log_failure(&outcome);
            return tell.answer(outcome.into_answer());
        }
        end_late(&outcome, &event, begun);
        if let (Outcome::Failed(error), Some(hook)) = (outcome, &options.on_late_failure) {
            hook(LateFailure {
                event_type: event.event_type.clone(),
                event_id: event.event_id.clone(),
                after: begun.elapsed(),
                error,
            });
        }
    }
}

/// Runs the handler to its end, or until the receiver is shut down.
async fn run_handler(mut work: Work, gate: &Gate) -> Outcome {
    let mut stopped = pin!(gate.stopped());
    poll_fn(|context| {
        if stopped.as_mut().poll(context).is_ready() {
            return Poll::Ready(Outcome::CutOff);
        }
        // The handler is dropped after a panic, so nobody sees what it left half-way.
        let polled = catch_unwind(AssertUnwindSafe(|| work.as_mut().poll(context)));
        match polled {
            Ok(Poll::Pending) => Poll::Pending,
            Ok(Poll::Ready(Ok(Dispatched::Handled(reply)))) => {
                Poll::Ready(Outcome::Handled(reply.json().map(str::to_owned)))
            }
            Ok(Poll::Ready(Ok(Dispatched::Unhandled { .. }))) => {
                Poll::Ready(Outcome::Handled(None))
            }
            Ok(Poll::Ready(Err(DispatchError::Handler { source, .. }))) => {
                Poll::Ready(Outcome::Failed(source))
            }
            Ok(Poll::Ready(Err(error))) => Poll::Ready(Outcome::Failed(error.into())),
            Err(_) => Poll::Ready(Outcome::Failed("the handler panicked".into())),
        }
    })
    .await
}

fn log_failure(outcome: &Outcome) {
    match outcome {
        Outcome::Handled(_) => {}
        Outcome::Failed(error) => tracing::error!(%error, "the handler failed"),
        Outcome::CutOff => tracing::warn!("the handler was cut off by the shutdown"),
    }
}

fn end_late(outcome: &Outcome, event: &EventFacts, begun: Instant) {
    let after = begun.elapsed();
    match outcome {
        Outcome::Handled(_) if event.is_callback => tracing::warn!(
            "the response came after {after:.1?}: too late, the user has seen that work goes on"
        ),
        Outcome::Handled(_) => tracing::debug!("done after {after:.1?}"),
        failed => log_failure(failed),
    }
}

impl Outcome {
    fn into_answer(self) -> Answer {
        match self {
            Self::Handled(response) => Answer::Accepted(response),
            Self::Failed(_) => Answer::Failed,
            Self::CutOff => Answer::Refused(Refused::ShuttingDown),
        }
    }
}

/// Answers once.
struct Tell(Option<oneshot::Sender<Answer>>);

impl Tell {
    fn answer(&mut self, answer: Answer) {
        let answered = self.0.take().is_none_or(|tell| tell.send(answer).is_ok());
        if !answered {
            tracing::debug!("the platform did not wait for the answer, and will send it again");
        }
    }
}

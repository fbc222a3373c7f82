//! The task in which one event is handled.

use std::pin::pin;
use std::sync::Arc;

use tokio::sync::{SemaphorePermit, oneshot};
use tokio::task::yield_now;
use tokio::time::Instant;

use super::answer::{Answer, Refused};
use super::claim::{Claiming, claim};
use super::options::DeliveryOptions;
use super::within::within;
use crate::delivery::accept::Shared;
use crate::delivery::admission::{Gate, InFlight, Place};
use crate::delivery::identity::EventFacts;
use crate::delivery::keyed_queue::{Held, Turn};
use crate::delivery::late_failure::LateFailure;
use crate::delivery::state::{Ended, Phase, WaitsFor};
use crate::handler::dispatcher::{DispatchError, Dispatched};
use crate::handler::registered::HandlerError;

/// The call of a handler.
pub(super) trait Work:
    Future<Output = Result<Dispatched, DispatchError>> + Send + 'static
{
}

impl<F: Future<Output = Result<Dispatched, DispatchError>> + Send + 'static> Work for F {}

/// One event on its way through its handler.
pub(super) struct Task {
    pub(super) inside: Arc<InFlight>,
    pub(super) shared: Arc<Shared>,
    pub(super) place: Place,
    pub(super) turn: Option<Turn>,
    pub(super) tell: oneshot::Sender<Answer>,
    pub(super) arrived: Instant,
    pub(super) deadline: Instant,
}

/// How a handler came to its end.
enum Outcome {
    Handled(Option<String>),
    Failed(HandlerError),
    CutOff,
}

impl Task {
    pub(super) async fn run(self, work: impl Work) {
        let Self {
            inside,
            shared,
            place,
            turn,
            tell,
            arrived,
            deadline,
        } = self;
        let (event, phase) = (&inside.event, &inside.phase);
        let options = &shared.options;
        let mut tell = Tell(Some(tell));
        let claimed = match claim(&shared, &inside, deadline).await {
            Claiming::Ours(claimed) => claimed,
            Claiming::Done => {
                tracing::debug!("came again after it had been handled");
                phase.skip();
                return tell.answer(Answer::Accepted(None));
            }
            Claiming::Running => {
                phase.give_up();
                return tell.answer(Answer::Refused(Refused::BeingHandled));
            }
            Claiming::Failed => {
                phase.give_up();
                return tell.answer(Answer::Refused(Refused::StoreFailed));
            }
        };
        // Who is acknowledged after the end is lost: nobody calls its handler, and it does not come again.
        let on_receipt = shared.acknowledges_on_receipt(event)
            && shared.gate.before_cut_off(|| phase.acknowledge());
        if on_receipt {
            tell.answer(Answer::Accepted(None));
            // The answer goes out before the handler takes its time.
            yield_now().await;
        }
        let at_once = match &turn {
            None => shared.gate.handler_now(),
            Some(_) => None,
        };
        let came = if let Some(handler) = at_once {
            Came::Turn(handler, None)
        } else {
            // In a box: few wait, and what is needed for it makes every task larger.
            let until = (!on_receipt).then_some(deadline);
            Box::pin(come(&shared.gate, phase, turn, until)).await
        };
        let outcome = match came {
            // Only who has a turn begins: from then on the deadline acknowledges. The turn ends with
            // the handler and not with its claim: what is ordered and limited is the handlers, and a
            // claim concerns repetitions of the same event only.
            Came::Turn(_handler, _held) if phase.begin() => run_handler(work, &shared.gate).await,
            Came::CutOff if on_receipt => Outcome::CutOff,
            too_late => {
                let why = if let Came::CutOff = too_late {
                    phase.shut_out();
                    Refused::ShuttingDown
                } else {
                    phase.give_up();
                    phase.held_up()
                };
                // Another one's turn does not wait for the claim.
                drop(too_late);
                tell.answer(Answer::Refused(why));
                return claimed.settle(false).await;
            }
        };
        // Before anything else is waited for: a handler that is done is no longer running.
        let ended = match outcome {
            Outcome::CutOff => phase.cut_off(),
            _ => phase.finish(),
        };
        let mut settling = pin!(claimed.settle(matches!(outcome, Outcome::Handled(_))));
        if ended != Ended::InTime {
            settling.await;
            end_late(&outcome, event, arrived);
            if ended == Ended::AfterAck {
                tell_late_failure(outcome, options, event, arrived);
            }
            return;
        }
        log_failure(&outcome);
        // Whoever is answered finds the claim settled and the place free, if the store is quick.
        let settled = within(|| deadline, settling.as_mut()).await.is_some();
        let place = (!settled).then_some(place);
        tell.answer(outcome.into_answer());
        if !settled {
            settling.await;
        }
        drop(place);
    }
}

/// What came of waiting for a turn.
enum Came<'a> {
    Turn(SemaphorePermit<'a>, Option<Held>),
    TooLate,
    CutOff,
}

/// Waits for the turn among events of the same key, and then for a handler that may run.
async fn come<'a>(
    gate: &'a Gate,
    phase: &Phase,
    turn: Option<Turn>,
    deadline: Option<Instant>,
) -> Came<'a> {
    // Those who wait for others of their key keep no handler from running.
    let coming = gate.unless_cut_off(async {
        let held = match turn {
            Some(turn) => {
                phase.wait_for(WaitsFor::Turn);
                Some(turn.come().await)
            }
            None => None,
        };
        phase.wait_for(WaitsFor::Handler);
        (gate.handler().await, held)
    });
    let came = match deadline {
        Some(deadline) => within(|| deadline, coming).await,
        None => Some(coming.await),
    };
    match came {
        Some(Some((handler, held))) => Came::Turn(handler, held),
        Some(None) => Came::CutOff,
        None => Came::TooLate,
    }
}

fn tell_late_failure(
    outcome: Outcome,
    options: &DeliveryOptions,
    event: &EventFacts,
    arrived: Instant,
) {
    let error = match outcome {
        Outcome::Handled(_) => return,
        Outcome::Failed(error) => error,
        Outcome::CutOff => "it was cut off by the shutdown".into(),
    };
    if let Some(hook) = &options.on_late_failure {
        hook(LateFailure {
            event_type: event.event_type.to_string(),
            event_id: event.event_id.clone(),
            after: arrived.elapsed(),
            error,
        });
    }
}

/// Runs the handler to its end, or until the receiver is shut down.
async fn run_handler(work: impl Work, gate: &Gate) -> Outcome {
    if gate.is_cut_off() {
        return Outcome::CutOff;
    }
    let done = gate.unless_cut_off(work).await;
    done.map_or(Outcome::CutOff, Outcome::of)
}

fn log_failure(outcome: &Outcome) {
    match outcome {
        Outcome::Handled(_) => {}
        Outcome::Failed(error) => tracing::error!(%error, "the handler failed"),
        // The one who shuts down warns of each.
        Outcome::CutOff => tracing::debug!("the handler was cut off by the shutdown"),
    }
}

fn end_late(outcome: &Outcome, event: &EventFacts, arrived: Instant) {
    let after = arrived.elapsed();
    match outcome {
        Outcome::Handled(_) if event.is_callback => tracing::warn!(
            "the response came after {after:.1?}: too late, the user has seen that work goes on"
        ),
        Outcome::Handled(_) => tracing::debug!("done after {after:.1?}"),
        failed => log_failure(failed),
    }
}

impl Outcome {
    fn of(result: Result<Dispatched, DispatchError>) -> Self {
        match result {
            Ok(Dispatched::Handled(reply)) => Self::Handled(reply.json().map(str::to_owned)),
            Ok(Dispatched::Unhandled { .. }) => Self::Handled(None),
            Err(DispatchError::Handler { source, .. }) => Self::Failed(source),
            Err(error) => Self::Failed(error.into()),
        }
    }

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

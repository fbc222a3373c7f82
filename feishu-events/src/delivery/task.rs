//! The task in which one event is handled.

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::sync::SemaphorePermit;
use tokio::task::yield_now;
use tokio::time::Instant;

use super::answer::{Answer, Refused};
use super::claim::{ClaimOutcome, Settle, claim, claim_now};
use super::options::DeliveryOptions;
use super::within::{after, within};
use crate::delivery::admission::Slot;
use crate::delivery::identity::EventFacts;
use crate::delivery::in_flight::InFlight;
use crate::delivery::keyed_queue::{Guard, Ticket};
use crate::delivery::late_failure::LateFailure;
use crate::delivery::shared::Shared;
use crate::delivery::state::{DeliveryState, Ended, WaitsFor};
use crate::handler::catch_panic::Caught;
use crate::handler::dispatcher::DispatchError;
use crate::handler::reply::{HandlerError, Reply};

/// What comes of calling a handler; without a reply, there was only a hook to call.
type WorkResult = Result<Option<Reply>, Caught>;

/// The call of a handler.
pub(super) trait Work: Future<Output = WorkResult> + Send + 'static {}

impl<F: Future<Output = WorkResult> + Send + 'static> Work for F {}

/// One event on its way through its handler.
pub(super) struct Task {
    pub(super) in_flight: Arc<InFlight>,
    pub(super) shared: Arc<Shared>,
    pub(super) slot: Slot,
    pub(super) turn: Option<Ticket>,
    pub(super) deadline: Instant,
}

/// How a handler came to its end.
enum HandlerEnd {
    Handled(Option<String>),
    Failed(HandlerError),
    CutOff,
}

impl Task {
    pub(super) async fn run(self, work: impl Work) {
        let Self {
            in_flight,
            shared,
            slot,
            turn,
            deadline,
        } = self;
        let (event, state, arrived) = (&in_flight.event, &in_flight.state, in_flight.arrived);
        let options = &shared.options;
        let answer_sender = Tell(&in_flight);
        let claimed = match claim_now(&shared, &in_flight) {
            Some(outcome) => outcome,
            None => Box::pin(claim(&shared, &in_flight, deadline)).await,
        };
        let claimed = match claimed {
            ClaimOutcome::Ours(claimed) => claimed,
            ClaimOutcome::Done(answer) => {
                tracing::debug!("a repetition of an event that was already handled");
                state.skip();
                return answer_sender.answer(Answer::Ok(answer));
            }
            ClaimOutcome::Running => {
                state.give_up();
                let answer = match shared.answer_at_deadline(event) {
                    // As the first one was answered, which came before.
                    Ok(answer) if event.is_callback => answer,
                    _ => Answer::Refused(Refused::BeingHandled),
                };
                return answer_sender.answer(answer);
            }
            ClaimOutcome::Failed => {
                state.give_up();
                return answer_sender.answer(Answer::Refused(Refused::StoreFailed));
            }
        };
        // Who is acknowledged after the end is lost: nobody calls its handler, and it does not come again.
        let on_receipt = shared.acknowledges_on_receipt(event)
            && shared.admission.before_cut_off(|| state.acknowledge());
        if on_receipt {
            answer_sender.answer(Answer::Ok(None));
            // The answer goes out before the handler takes its time.
            yield_now().await;
        }
        let is_next = turn.is_none();
        let at_once = is_next.then(|| shared.admission.handler_now()).flatten();
        let came = if let Some(handler) = at_once {
            Acquired::Ticket(handler, None)
        } else {
            // In a box: few wait, and what is needed for it makes every task larger.
            let until = (!on_receipt).then_some(deadline);
            Box::pin(acquire(&shared, state, turn, until)).await
        };
        let outcome = match came {
            // Only who has a turn begins: from then on the deadline acknowledges. The turn ends with
            // the handler and not with its claim: what is ordered and limited is the handlers, and a
            // claim concerns repetitions of the same event only.
            Acquired::Ticket(_handler, _held) if state.try_start() => {
                run_handler(pin!(work), &shared, event).await
            }
            Acquired::CutOff if on_receipt => HandlerEnd::CutOff,
            too_late => {
                let why = if let Acquired::CutOff = too_late {
                    state.reject_on_shutdown();
                    Refused::ShuttingDown
                } else {
                    state.give_up();
                    state.wait_reason()
                };
                // Another one's turn does not wait for the claim.
                drop(too_late);
                answer_sender.answer(Answer::Refused(why));
                if let Some(settling) = claimed.settle_now(Settle::Release) {
                    Box::pin(settling).await;
                }
                return;
            }
        };
        // Before anything else is waited for: a handler that is done is no longer running.
        let ended = match outcome {
            HandlerEnd::CutOff => state.cut_off(),
            _ => state.finish(),
        };
        let settle = outcome.settles(ended, &shared, event);
        let mut settling = claimed.settle_now(settle).map(Box::pin);
        if ended != Ended::InTime {
            if let Some(settling) = settling {
                settling.await;
            }
            end_late(&outcome, event, arrived);
            if ended == Ended::AfterAck {
                report_late_failure(outcome, options, event, arrived);
            }
            return;
        }
        log_failure(&outcome);
        // Before the answer, the claim is settled and the place is free, if the store is quick.
        if let Some(waiting) = &mut settling
            && Box::pin(within(|| deadline, waiting)).await.is_some()
        {
            settling = None;
        }
        let slot = settling.is_some().then_some(slot);
        answer_sender.answer(outcome.into_answer());
        if let Some(settling) = settling {
            settling.await;
        }
        drop(slot);
    }
}

/// What came of waiting for a turn.
enum Acquired<'a> {
    Ticket(SemaphorePermit<'a>, Option<Guard>),
    TooLate,
    CutOff,
}

/// Waits for the turn among events of the same key, and then for a handler that may run.
async fn acquire<'a>(
    shared: &'a Shared,
    state: &DeliveryState,
    turn: Option<Ticket>,
    deadline: Option<Instant>,
) -> Acquired<'a> {
    let admission = &*shared.admission;
    // Those who wait for others of their key keep no handler from running.
    let coming = admission.unless_cut_off(async {
        let held = match turn {
            Some(turn) => {
                state.wait_for(WaitsFor::Ticket);
                Some(turn.acquire().await)
            }
            None => None,
        };
        state.wait_for(WaitsFor::Handler);
        if let Some(handler) = admission.handler_now() {
            return (handler, held);
        }
        shared.warn_that_all_run();
        (admission.handler().await, held)
    });
    let came = match deadline {
        Some(deadline) => within(|| deadline, coming).await,
        None => Some(coming.await),
    };
    match came {
        Some(Some((handler, held))) => Acquired::Ticket(handler, held),
        Some(None) => Acquired::CutOff,
        None => Acquired::TooLate,
    }
}

fn report_late_failure(
    outcome: HandlerEnd,
    options: &DeliveryOptions,
    event: &EventFacts,
    arrived: Instant,
) {
    let error = match outcome {
        HandlerEnd::Handled(_) => return,
        HandlerEnd::Failed(error) => error,
        HandlerEnd::CutOff => "it was cut off by the shutdown".into(),
    };
    if let Some(hook) = &options.on_late_failure {
        hook(LateFailure {
            event_type: event.event_type.to_string(),
            event_id: event.event_id().map(str::to_owned),
            after: arrived.elapsed(),
            error,
        });
    }
}

/// Runs the handler to its end or its limit, or until the receiver is shut down.
async fn run_handler(
    mut work: Pin<&mut impl Work>,
    shared: &Shared,
    event: &EventFacts,
) -> HandlerEnd {
    if shared.admission.is_cut_off() {
        return HandlerEnd::CutOff;
    }
    let limit = shared.options.answer_within;
    let mut watched = poll_fn(|context| {
        watch_poll(work.as_mut(), context, limit, |time| {
            shared.warn_that_it_blocks(event, time);
        })
    });
    match poll_fn(|context| Poll::Ready(Pin::new(&mut watched).poll(context))).await {
        Poll::Ready(result) => HandlerEnd::of(result, event),
        // In a box, because most handlers wait for nothing.
        Poll::Pending => Box::pin(wait_for_handler(polled(watched), shared, event)).await,
    }
}

/// A future that this task has just polled: it is left alone once, so that a handler that yields lets
/// others run.
fn polled<T>(mut future: impl Future<Output = T> + Unpin) -> impl Future<Output = T> {
    let mut is_polled = true;
    poll_fn(move |context| {
        if std::mem::take(&mut is_polled) {
            return Poll::Pending;
        }
        Pin::new(&mut future).poll(context)
    })
}

/// Runs a handler that waits for something.
async fn wait_for_handler(
    work: impl Future<Output = WorkResult>,
    shared: &Shared,
    event: &EventFacts,
) -> HandlerEnd {
    let options = &shared.options;
    let running = async {
        match options.handler_limit {
            None => Some(work.await),
            Some(limit) => within(|| after(Instant::now(), limit), work).await,
        }
    };
    match shared.admission.unless_cut_off(running).await {
        Some(Some(result)) => HandlerEnd::of(result, event),
        Some(None) => {
            let limit = options.handler_limit.unwrap_or_default();
            let name = shared.handler_of(event).unwrap_or(&event.event_type);
            let stopped = format!("`{name}` was stopped at its time limit of {limit:?}");
            HandlerEnd::Failed(stopped.into())
        }
        None => HandlerEnd::CutOff,
    }
}

/// Polls `work` once, and calls `blocks` if that took longer than `limit`: it did not wait, as it
/// should, but kept its thread.
fn watch_poll<T>(
    work: Pin<&mut impl Future<Output = T>>,
    context: &mut Context<'_>,
    limit: Duration,
    blocks: impl Fn(Duration),
) -> Poll<T> {
    // The time of the machine, also in tests with paused time: a thread that is blocked does not move
    // that.
    let begun = std::time::Instant::now();
    let poll = work.poll(context);
    let time = begun.elapsed();
    if time > limit {
        blocks(time);
    }
    poll
}

fn log_failure(outcome: &HandlerEnd) {
    match outcome {
        HandlerEnd::Handled(_) => {}
        HandlerEnd::Failed(error) => tracing::error!(%error, "the handler failed"),
        // The one who shuts down warns of each.
        HandlerEnd::CutOff => tracing::debug!("the handler was cut off by the shutdown"),
    }
}

fn end_late(outcome: &HandlerEnd, event: &EventFacts, arrived: Instant) {
    let after = arrived.elapsed();
    match outcome {
        HandlerEnd::Handled(_) if event.is_callback => tracing::warn!(
            "the response came after {after:.1?}: too late, the user already saw the \"working\" toast"
        ),
        HandlerEnd::Handled(_) => tracing::debug!("handled after {after:.1?}"),
        failed => log_failure(failed),
    }
}

impl HandlerEnd {
    fn of(result: WorkResult, event: &EventFacts) -> Self {
        match result {
            Ok(reply) => Self::Handled(reply.and_then(|reply| reply.json().map(str::to_owned))),
            Err(Caught::Failed(error)) => Self::Failed(error),
            Err(panicked @ Caught::Panicked(_)) => {
                let event_id = event.event_id().map(str::to_owned);
                let error = DispatchError::of(panicked, event.event_type.to_string(), event_id);
                Self::Failed(error.into())
            }
        }
    }

    /// What becomes of the claim on the event.
    fn settles(&self, ended: Ended, shared: &Shared, event: &EventFacts) -> Settle {
        match self {
            // What is remembered of a callback is what it was answered.
            _ if event.is_callback && ended == Ended::AfterAck => {
                Settle::Done(shared.answer_when_late(event))
            }
            Self::Handled(response) if event.is_callback => Settle::Done(response.clone()),
            Self::Handled(_) => Settle::Done(None),
            Self::Failed(_) | Self::CutOff => Settle::Release,
        }
    }

    fn into_answer(self) -> Answer {
        match self {
            Self::Handled(response) => Answer::Ok(response),
            Self::Failed(_) => Answer::Failed,
            Self::CutOff => Answer::Refused(Refused::ShuttingDown),
        }
    }
}

/// Answers once; dropped without an answer, the event has failed.
struct Tell<'a>(&'a InFlight);

impl Tell<'_> {
    fn answer(&self, answer: Answer) {
        // The first answer counts.
        let _: Result<(), _> = self.0.answer.set(answer);
    }
}

impl Drop for Tell<'_> {
    fn drop(&mut self) {
        if !self.0.answer.initialized() {
            self.answer(Answer::Failed);
        }
    }
}

//! The task in which one event is handled.

mod at_once;
mod late;

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use tokio::sync::SemaphorePermit;
use tokio::task::yield_now;
use tokio::time::Instant;

use super::answer::{Answer, Refused};
use super::claim::{ClaimOutcome, Lease, Settle, claim, claim_now};
use super::within::{after, within};
use crate::delivery::admission::{MayRun, Slot};
use crate::delivery::identity::EventFacts;
use crate::delivery::in_flight::InFlight;
use crate::delivery::keyed_queue::{Guard, Ticket};
use crate::delivery::shared::Shared;
use crate::delivery::state::{DeliveryState, Ended, WaitsFor};
use crate::handler::catch_panic::Caught;
use crate::handler::dispatcher::{DispatchError, Started};
use crate::handler::reply::{HandlerError, Reply};

pub(super) use at_once::AtOnce;

/// What comes of calling a handler; without a reply, there was only a hook to call.
type WorkResult = Result<Option<Reply>, Caught>;

/// One event on its way through its handler.
pub(super) struct Task {
    pub(super) shared: Arc<Shared>,
    pub(super) slot: Slot,
    pub(super) turn: Option<Ticket>,
    pub(super) deadline: Instant,
    pub(super) work: Started,
    pub(super) stage: Stage,
}

/// How far an event has come.
pub(super) enum Stage {
    New,
    Claimed(Lease),
    /// Its handler has been called, and waits.
    Running(Lease, MayRun),
}

/// How a handler came to its end.
enum HandlerEnd {
    Handled(Option<String>),
    Failed(HandlerError),
    CutOff,
}

impl Task {
    pub(super) async fn run(self) {
        let Self {
            shared,
            slot,
            turn,
            deadline,
            mut work,
            stage,
        } = self;
        let in_flight = Arc::clone(&slot.in_flight);
        let (event, state, arrived) = (&in_flight.event, &in_flight.state, in_flight.arrived);
        let options = &shared.options;
        let answer_sender = Tell(&in_flight);
        let (lease, running) = match stage {
            Stage::Running(lease, may_run) => (lease, Some(may_run)),
            Stage::Claimed(lease) => (lease, None),
            Stage::New => {
                let outcome = match claim_now(&shared, &in_flight) {
                    Some(outcome) => outcome,
                    None => Box::pin(claim(&shared, &in_flight, deadline)).await,
                };
                match lease_of(outcome, &shared, &in_flight) {
                    Ok(lease) => (lease, None),
                    Err(answer) => return answer_sender.answer(answer),
                }
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
        let is_next = turn.is_none() && running.is_none();
        let at_once = is_next.then(|| shared.admission.handler_now()).flatten();
        let came = if let Some(may_run) = running {
            Acquired::Before(may_run)
        } else if let Some(handler) = at_once {
            Acquired::Ticket(handler, None)
        } else {
            // In a box: few wait, and what is needed for it makes every task larger.
            let until = (!on_receipt).then_some(deadline);
            Box::pin(acquire(&shared, state, turn, until)).await
        };
        let outcome = match came {
            Acquired::Before(_may_run) => {
                let watched = watched(&mut work, &shared, event);
                Box::pin(wait_for_handler(watched, &shared, event)).await
            }
            // Only who has a turn begins: from then on the deadline acknowledges. The turn ends with
            // the handler and not with its claim: what is ordered and limited is the handlers, and a
            // claim concerns repetitions of the same event only.
            Acquired::Ticket(_handler, _held) if state.try_start() => {
                run_handler(&mut work, &shared, event).await
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
                if let Some(settling) = lease.settle_now(Settle::Release, arrived) {
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
        let settling = lease.settle_now(settle, Instant::now());
        let mut settling = settling.map(Box::pin);
        if ended != Ended::InTime {
            if let Some(settling) = settling {
                settling.await;
            }
            late::log(&outcome, event, arrived);
            if ended == Ended::AfterAck {
                late::report(outcome, options, event, arrived);
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

/// The claim on an event, or the answer without one.
fn lease_of(outcome: ClaimOutcome, shared: &Shared, in_flight: &InFlight) -> Result<Lease, Answer> {
    let (event, state) = (&in_flight.event, &in_flight.state);
    Err(match outcome {
        ClaimOutcome::Ours(lease) => return Ok(lease),
        ClaimOutcome::Done(answer) => {
            tracing::debug!("a repetition of an event that was already handled");
            state.skip();
            Answer::Ok(answer)
        }
        ClaimOutcome::Running => {
            state.give_up();
            match shared.answer_at_deadline(event) {
                // As the first one was answered, which came before.
                Ok(answer) if event.is_callback => answer,
                _ => Answer::Refused(Refused::BeingHandled),
            }
        }
        ClaimOutcome::Failed => {
            state.give_up();
            Answer::Refused(Refused::StoreFailed)
        }
    })
}

/// What came of waiting for a turn.
enum Acquired<'a> {
    /// The handler has been called before.
    Before(MayRun),
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

/// Runs the handler to its end or its limit, or until the receiver is shut down.
async fn run_handler(work: &mut Started, shared: &Shared, event: &EventFacts) -> HandlerEnd {
    if shared.admission.is_cut_off() {
        return HandlerEnd::CutOff;
    }
    let mut watched = watched(work, shared, event);
    match poll_fn(|context| Poll::Ready(Pin::new(&mut watched).poll(context))).await {
        Poll::Ready(result) => HandlerEnd::of(result, event),
        // In a box, because most handlers wait for nothing.
        Poll::Pending => Box::pin(wait_for_handler(polled(watched), shared, event)).await,
    }
}

/// The handler, with a warning if it keeps its thread.
fn watched(
    work: &mut Started,
    shared: &Shared,
    event: &EventFacts,
) -> impl Future<Output = WorkResult> + Unpin {
    poll_fn(move |context| poll_watched(work, shared, event, context))
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

/// Polls the handler once, and warns if that took too long: it did not wait, as it should, but kept its
/// thread.
fn poll_watched(
    work: &mut Started,
    shared: &Shared,
    event: &EventFacts,
    context: &mut Context<'_>,
) -> Poll<WorkResult> {
    // The time of the machine, also in tests with paused time: a thread that is blocked does not move
    // that.
    let begun = std::time::Instant::now();
    let poll = Pin::new(work).poll(context);
    let time = begun.elapsed();
    if time > shared.options.answer_within {
        shared.warn_that_it_blocks(event, time);
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

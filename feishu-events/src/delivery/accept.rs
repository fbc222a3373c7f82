//! Where transports hand in envelopes.

use std::collections::BTreeMap;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use tokio::sync::oneshot;
use tokio::time::Instant;
use tracing::{Instrument, Span};

use super::answer::{Answer, Refused};
use super::options::{Ack, DeliveryOptions, Unhandled};
#[cfg(feature = "long-connection")]
use super::shutdown::stop;
use super::shutdown::{Drained, drain};
use super::task::{Task, Work};
use super::unhandled::UnhandledCount;
use super::within::{after, within};
use crate::delivery::admission::{Gate, InFlight};
use crate::delivery::identity::{EventFacts, HeaderFacts};
use crate::delivery::keyed_queue::Turn;
use crate::delivery::state::{AtDeadline, Phase};
use crate::event::envelope::{EnvelopeError, RawEnvelope};
use crate::handler::catch_panic::catch_panic;
use crate::handler::context::Delivery;
use crate::handler::dispatcher::{Dispatcher, Started};

/// Where transports hand in envelopes; all clones are one.
#[derive(Clone)]
pub(crate) struct Intake {
    dispatcher: Dispatcher,
    shared: Arc<Shared>,
}

/// What all events of one receiver share.
pub(super) struct Shared {
    pub(super) options: DeliveryOptions,
    pub(super) gate: Arc<Gate>,
    unhandled: UnhandledCount,
}

/// An event that has been read, and whose handler has not been called.
pub(crate) struct Taken {
    event: EventFacts,
    started: Started,
    shared: Arc<Shared>,
    turn: Option<Turn>,
    arrived: Option<Instant>,
}

impl Intake {
    pub(crate) fn new(dispatcher: Dispatcher, options: DeliveryOptions) -> Self {
        let options = if dispatcher.keeps() {
            options.ack(Ack::WhenKept)
        } else {
            options
        };
        let shared = Arc::new(Shared {
            gate: Arc::new(Gate::new(&options)),
            options,
            unhandled: UnhandledCount::default(),
        });
        Self { dispatcher, shared }
    }

    /// Reads an event, so that nothing borrows its bytes any longer.
    ///
    /// # Errors
    /// A payload that is no object.
    pub(crate) fn take(
        &self,
        envelope: RawEnvelope<'_>,
        delivery: Delivery,
    ) -> Result<Taken, EnvelopeError> {
        let facts = HeaderFacts::of(&envelope);
        let mut id = None;
        let envelope = RawEnvelope {
            header: envelope.header,
            event_type: envelope.event_type,
            payload: envelope.payload.watch(facts.identified_by, &mut id),
        };
        let started = self.dispatcher.start(envelope, delivery)?;
        Ok(Taken {
            event: facts.identified(id),
            started,
            shared: Arc::clone(&self.shared),
            turn: None,
            arrived: None,
        })
    }

    pub(crate) fn dispatcher(&self) -> &Dispatcher {
        &self.dispatcher
    }

    pub(crate) fn options(&self) -> &DeliveryOptions {
        &self.shared.options
    }

    #[cfg(test)]
    pub(super) fn shared(&self) -> Arc<Shared> {
        Arc::clone(&self.shared)
    }

    /// How many events without a handler have come, by type.
    pub(crate) fn unhandled(&self) -> BTreeMap<String, u64> {
        self.shared.unhandled.by_type()
    }

    /// Takes no more events, and gives those that are being handled `time` to come to an end.
    pub(crate) async fn shut_down(&self, time: Duration) -> Drained {
        drain(&self.shared.gate, time).await
    }

    /// Takes no more events, and stops those that are being handled.
    #[cfg(feature = "long-connection")]
    pub(crate) fn stop(&self) {
        stop(&self.shared.gate);
    }
}

impl Taken {
    #[cfg(test)]
    pub(super) fn facts(&self) -> &EventFacts {
        &self.event
    }

    #[cfg(test)]
    pub(crate) fn event_type(&self) -> &str {
        &self.event.event_type
    }

    #[cfg(test)]
    pub(crate) fn event_id(&self) -> Option<&str> {
        self.event.event_id.as_deref()
    }

    /// Whether the platform waits for a response.
    #[cfg(feature = "webhook")]
    pub(crate) fn is_callback(&self) -> bool {
        self.event.is_callback
    }

    /// Has the handler wait for its turn among events of the same key.
    #[cfg(feature = "long-connection")]
    pub(crate) fn in_turn(mut self, turn: Option<Turn>) -> Self {
        self.turn = turn;
        self
    }

    /// Counts the time for an answer from when the event arrived, if that was before it was taken.
    pub(crate) fn arrived(mut self, arrived: Instant) -> Self {
        self.arrived = Some(arrived);
        self
    }

    /// Handles the event, and knows what to answer in good time.
    ///
    /// A handler that waits for something does so in a task of its own, and goes on even if this
    /// future is dropped: the platform's connection may break.
    ///
    /// # Panics
    /// Outside a tokio runtime with a timer.
    pub(crate) async fn answer(self) -> Answer {
        let Self {
            event,
            started,
            shared,
            turn,
            arrived,
        } = self;
        if started.has_handler() {
            // In a box, what is moved from here to there is small.
            let work = Box::pin(started.finish());
            let arrived = arrived.unwrap_or_else(Instant::now);
            return shared.handle(event, work, turn, arrived).await;
        }
        // Without a handler there is only the hook for such events to call.
        if let Err(error) = started.finish().await {
            tracing::error!(%error, "the hook for events without a handler failed");
            return Answer::Failed;
        }
        shared.unhandled.count(&event.event_type);
        match shared.options.unhandled {
            Unhandled::Acknowledge => Answer::Accepted(None),
            Unhandled::Refuse => refuse(&span_of(&event), Refused::Unhandled),
        }
    }
}

impl Shared {
    pub(super) fn acknowledges_on_receipt(&self, event: &EventFacts) -> bool {
        self.options.ack == Ack::OnReceipt && !event.is_callback
    }

    /// Whether a handler that still runs at the deadline is acknowledged.
    fn acknowledges_running(&self, event: &EventFacts) -> bool {
        self.options.ack != Ack::WhenKept || event.is_callback
    }

    pub(super) async fn handle(
        self: Arc<Self>,
        event: EventFacts,
        work: impl Work,
        turn: Option<Turn>,
        arrived: Instant,
    ) -> Answer {
        let deadline = after(arrived, self.options.answer_within);
        let inside = Arc::new(InFlight {
            event,
            phase: Phase::default(),
        });
        let (event, phase) = (&inside.event, &inside.phase);
        let place = match self.gate.enter(&inside) {
            Ok(place) => place,
            Err(why) => return refuse(&span_of(event), why),
        };
        let (tell, mut told) = oneshot::channel();
        let span = span_of(event);
        let task = Task {
            inside: Arc::clone(&inside),
            shared: Arc::clone(&self),
            place,
            turn,
            tell,
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
        let told_in_time = within(|| deadline, &mut told).await;
        let answer = match told_in_time {
            Some(answer) => answer.unwrap_or(Answer::Failed),
            None => match phase.at_deadline(self.acknowledges_running(event)) {
                AtDeadline::GiveUp => Answer::Refused(phase.held_up()),
                AtDeadline::Refuse => Answer::Refused(Refused::NotKept),
                AtDeadline::Acknowledge => {
                    span.record("detached", true);
                    let time = self.options.answer_within;
                    span.in_scope(|| {
                        tracing::info!("not done after {time:?}: acknowledged, and goes on");
                    });
                    let toast = event.can_answer_toast();
                    Answer::Accepted(toast.then(|| self.options.toast.clone()))
                }
                AtDeadline::Answered => told.await.unwrap_or(Answer::Failed),
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

fn span_of(event: &EventFacts) -> Span {
    tracing::info_span!(
        "feishu_event",
        event_type = &*event.event_type,
        event_id = event.event_id,
        detached = tracing::field::Empty,
    )
}

/// Refuses an event, and says why in the log: the platform is told nothing but to send it again.
fn refuse(span: &Span, why: Refused) -> Answer {
    span.in_scope(|| tracing::warn!(%why, "refused an event, to be sent again later"));
    Answer::Refused(why)
}

/// Polls once; the error is the message of a panic, after which nobody may poll again.
async fn poll_once<T>(mut future: Pin<&mut impl Future<Output = T>>) -> Result<Poll<T>, String> {
    poll_fn(|context| Poll::Ready(catch_panic(|| future.as_mut().poll(context)))).await
}

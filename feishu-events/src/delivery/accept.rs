//! Where transports hand in envelopes.

use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use tokio::time::Instant;

use super::admission::Admission;
use super::answer::{Answer, Refused};
use super::identity::{EventFacts, HeaderFacts};
use super::keyed_queue::Ticket;
use super::log_limit::LogLimit;
use super::monitor::DeliveryMonitor;
use super::options::{Ack, DeliveryOptions, UnhandledPolicy};
use super::run::{Answering, Event, span_of};
use super::shared::Shared;
#[cfg(feature = "long-connection")]
use super::shutdown::stop;
use super::shutdown::{Drained, drain};
use super::unhandled::UnhandledCount;
use crate::event::envelope::{EnvelopeError, RawEnvelope};
use crate::handler::context::LazyDelivery;
use crate::handler::dispatcher::{DispatchError, Dispatcher, Started};

/// Where transports hand in envelopes; all clones are one.
#[derive(Clone)]
pub(crate) struct Acceptor {
    dispatcher: Dispatcher,
    shared: Arc<Shared>,
}

/// An event that has been read, and whose handler has not been called.
pub(crate) struct AcceptedEvent {
    event: EventFacts,
    started: Started,
    shared: Arc<Shared>,
    turn: Option<Ticket>,
    arrived: Option<Instant>,
}

impl Acceptor {
    pub(crate) fn new(dispatcher: Dispatcher, options: DeliveryOptions) -> Self {
        let options = if dispatcher.keeps() {
            options.ack(Ack::WhenKept)
        } else {
            options
        };
        let shared = Arc::new(Shared {
            admission: Arc::new(Admission::new(&options)),
            options,
            handled: dispatcher.handled(),
            unhandled: UnhandledCount::default(),
            refusals: LogLimit::default(),
            warnings: LogLimit::default(),
        });
        Self { dispatcher, shared }
    }

    /// Reads an event, so that nothing borrows its bytes any longer.
    ///
    /// # Errors
    /// A payload that is not an object.
    pub(crate) fn take(
        &self,
        envelope: RawEnvelope<'_>,
        delivery: LazyDelivery,
    ) -> Result<AcceptedEvent, EnvelopeError> {
        let facts = HeaderFacts::of(&envelope);
        let mut id = None;
        let envelope = RawEnvelope {
            header: envelope.header,
            event_type: envelope.event_type,
            payload: envelope.payload.watch(facts.identified_by, &mut id),
        };
        let started = self.dispatcher.start(envelope, delivery)?;
        Ok(AcceptedEvent {
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

    /// How many events without a handler were received, by type.
    pub(crate) fn unhandled(&self) -> BTreeMap<String, u64> {
        self.shared.unhandled.by_type()
    }

    /// What is being done right now.
    pub(crate) fn monitor(&self) -> DeliveryMonitor {
        DeliveryMonitor(Arc::clone(&self.shared))
    }

    /// Takes no more events, and gives those that are being handled `time` to come to an end.
    pub(crate) async fn shut_down(&self, time: Duration) -> Drained {
        drain(&self.shared.admission, time).await
    }

    /// Takes no more events, and stops those that are being handled.
    #[cfg(feature = "long-connection")]
    pub(crate) fn stop(&self) {
        stop(&self.shared.admission);
    }
}

impl AcceptedEvent {
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
        self.event.event_id()
    }

    /// Whether the platform waits for a response.
    #[cfg(feature = "webhook")]
    pub(crate) fn is_callback(&self) -> bool {
        self.event.is_callback
    }

    /// Has the handler wait for its turn among events of the same key.
    #[cfg(feature = "long-connection")]
    pub(crate) fn in_turn(mut self, turn: Option<Ticket>) -> Self {
        self.turn = turn;
        self
    }

    /// The size of the event in bytes, as received.
    pub(crate) fn sized(mut self, bytes: usize) -> Self {
        self.event.bytes = bytes;
        self
    }

    /// What identifies the event among its repetitions, if nothing in it does.
    #[cfg(feature = "webhook")]
    pub(crate) fn or_known_by(mut self, key: impl FnOnce() -> String) -> Self {
        self.event.ids.or_known_by(key);
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
    pub(crate) fn answer(self) -> Answering {
        let Self {
            event: facts,
            mut started,
            shared,
            turn,
            arrived,
        } = self;
        if started.has_handler() {
            return Answering::to(Event {
                shared,
                facts,
                started,
                turn,
                arrived: arrived.unwrap_or_else(Instant::now),
            });
        }
        // Without a handler there is only the hook for such events to call, which waits for nothing.
        let mut context = Context::from_waker(Waker::noop());
        if let Poll::Ready(Err(caught)) = Pin::new(&mut started).poll(&mut context) {
            let event_id = facts.event_id().map(str::to_owned);
            let error = DispatchError::of(caught, facts.event_type.into_owned(), event_id);
            tracing::error!(%error, "the hook for events without a handler failed");
            return Answering::known(Answer::Failed);
        }
        shared.unhandled.count(&facts.event_type);
        Answering::known(match shared.options.unhandled {
            UnhandledPolicy::Acknowledge => Answer::Ok(None),
            UnhandledPolicy::Refuse => shared.refuse(&span_of(&facts), Refused::Unhandled),
        })
    }
}

//! Events → handlers.

use std::fmt;
use std::panic::resume_unwind;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use tracing::{Instrument, Span};

use crate::catalog::event_type::EventType;
use crate::event::envelope::{EnvelopeError, RawEnvelope, open};
use crate::event::header::Header;
use crate::handler::catch_panic::{Caught, catch_panic, poll_caught};
use crate::handler::context::{Delivery, LazyDelivery, Transport};
use crate::handler::merge::{MergeError, Merged};
use crate::handler::reply::{HandlerError, Handling, Reply};
#[cfg(feature = "delivery")]
use crate::handler::routes::Handled;
use crate::handler::routes::{Routes, WithState};
use crate::handler::undecoded::Undecoded;
use crate::redact::one_line::OneLine;

type OnUnhandled = Arc<dyn Fn(&Header) + Send + Sync>;

/// Passes events to the handlers listed in [`dispatcher!`](crate::dispatcher).
///
/// `S` is the state that its handlers still need; a dispatcher that has it, or whose handlers need
/// none, is a `Dispatcher`. Cheap to clone: all clones share the handlers.
pub struct Dispatcher<S = ()> {
    routes: Arc<dyn Routes<S>>,
    on_unhandled: Option<OnUnhandled>,
    /// Whether its events are kept, and handled later.
    keeps: bool,
}

impl<S> Clone for Dispatcher<S> {
    fn clone(&self) -> Self {
        Self {
            routes: self.routes.clone(),
            on_unhandled: self.on_unhandled.clone(),
            keeps: self.keeps,
        }
    }
}

impl<S: 'static> fmt::Debug for Dispatcher<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let handled = self.routes.handled();
        let events: Vec<_> = handled.iter().flat_map(|handled| handled.events).collect();
        f.debug_struct("Dispatcher")
            .field("event_types", &events)
            .finish_non_exhaustive()
    }
}

impl<S: Send + Sync + 'static> Dispatcher<S> {
    /// A dispatcher with the given routes; `dispatcher!` calls it.
    #[doc(hidden)]
    pub fn new(routes: impl Routes<S>) -> Self {
        Self {
            routes: Arc::new(routes),
            on_unhandled: None,
            keeps: false,
        }
    }

    /// Gives the handlers the state that they take as [`State`](crate::State).
    pub fn state(self, state: S) -> Dispatcher {
        let routes = Arc::new(WithState {
            routes: self.routes,
            state,
        });
        Dispatcher {
            routes,
            on_unhandled: self.on_unhandled,
            keeps: self.keeps,
        }
    }

    /// This dispatcher with other routes.
    #[cfg(any(feature = "delivery", feature = "drift", feature = "tower"))]
    pub(crate) fn map_routes(
        mut self,
        map: impl FnOnce(Arc<dyn Routes<S>>) -> Arc<dyn Routes<S>>,
    ) -> Self {
        self.routes = map(self.routes);
        self
    }

    /// Calls `hook` for each event that has no handler. It does not change the answer, which is up to the
    /// receiver's `DeliveryOptions::unhandled`, which acknowledges such events unless it is set
    /// to refuse them. If the hook panics, the event has failed, and the platform sends it again.
    ///
    /// A `fallback` handles such events, so the hook is never called if there is one.
    #[must_use]
    pub fn on_unhandled(mut self, hook: impl Fn(&Header) + Send + Sync + 'static) -> Self {
        self.on_unhandled = Some(Arc::new(hook));
        self
    }
}

impl Dispatcher {
    /// The known events and callbacks that have a handler: those to subscribe to in the
    /// developer console.
    ///
    /// The events that only a `fallback` handles are not among them; events that this crate does not
    /// know are in [`other_names`](Self::other_names).
    pub fn event_types(&self) -> Vec<EventType> {
        self.routes
            .handled()
            .iter()
            .flat_map(|handled| handled.events)
            .copied()
            .collect()
    }

    /// The names of callbacks and events that have a handler but are not known to this crate.
    pub fn other_names(&self) -> Vec<&'static str> {
        self.routes
            .handled()
            .iter()
            .filter_map(|handled| handled.name)
            .collect()
    }

    /// This dispatcher's handlers and those of `other`; for an event that neither has a handler
    /// for, the hooks of both are called, even if one of them panics.
    ///
    /// # Errors
    /// An event that both handle.
    pub fn merge(self, other: Self) -> Result<Self, MergeError> {
        let keeps = self.keeps || other.keeps;
        let routes = Arc::new(Merged::new(self.routes, other.routes)?);
        let on_unhandled = match (self.on_unhandled, other.on_unhandled) {
            (Some(first), Some(second)) => {
                let both: OnUnhandled = Arc::new(move |header| {
                    let first_result = catch_panic(|| first(header));
                    let second_result = catch_panic(|| second(header));
                    if let Err(message) = first_result.and(second_result) {
                        // It has been reported, and still fails the event.
                        resume_unwind(Box::new(message));
                    }
                });
                Some(both)
            }
            (first, second) => first.or(second),
        };
        Ok(Self {
            routes,
            on_unhandled,
            keeps,
        })
    }

    /// This dispatcher, with events acknowledged when they have been kept.
    #[cfg(feature = "delivery")]
    pub(crate) fn keeping(mut self) -> Self {
        self.keeps = true;
        self
    }

    /// What its handlers handle.
    #[cfg(feature = "delivery")]
    pub(crate) fn handled(&self) -> Vec<Handled> {
        self.routes.handled()
    }

    #[cfg(feature = "delivery")]
    pub(crate) fn keeps(&self) -> bool {
        self.keeps
    }

    /// Handles an event in the form in which the platform sends it, after decryption and all checks.
    ///
    /// It only calls the handler: no signature or token is checked, an event that arrives twice is
    /// handled twice, and there is no deadline. Pass bytes from the network to a receiver instead,
    /// which does all of this.
    ///
    /// # Errors
    /// Bytes that are not an event, and the error of the handler.
    pub async fn dispatch(&self, bytes: &[u8]) -> Result<Dispatched, DispatchError> {
        self.dispatch_arrived(bytes, LazyDelivery::Now(Transport::Direct))
            .await
    }

    /// Like [`dispatch`](Self::dispatch), with how the event arrived: for code that keeps events and
    /// has them handled later.
    ///
    /// # Errors
    /// Bytes that are not an event, and the error of the handler.
    pub async fn dispatch_delivered(
        &self,
        bytes: &[u8],
        delivery: Delivery,
    ) -> Result<Dispatched, DispatchError> {
        self.dispatch_arrived(bytes, LazyDelivery::Known(delivery))
            .await
    }

    async fn dispatch_arrived(
        &self,
        bytes: &[u8],
        delivery: LazyDelivery,
    ) -> Result<Dispatched, DispatchError> {
        let mut span = None;
        let opened = open(bytes, |envelope| {
            let event_type = envelope.event_name();
            span.get_or_insert_with(|| {
                let event_id = envelope.header.event_id();
                tracing::info_span!("feishu_event", event_type = &*event_type, event_id)
            });
            let started = self.start(envelope, delivery.clone())?;
            Ok((started, event_type))
        });
        let (started, event_type) = opened.map_err(DispatchError::Envelope)?;
        let span = span.unwrap_or_else(Span::none);
        match started.instrument(span).await {
            Ok(Some(reply)) => Ok(Dispatched::Handled(reply)),
            Ok(None) => Ok(Dispatched::Unhandled {
                event_type: event_type.into_owned(),
            }),
            Err(caught) => {
                // Read again, because few events fail.
                let id = open(bytes, |envelope| {
                    Ok(envelope.header.event_id().map(str::to_owned))
                });
                let event_id = id.ok().flatten();
                Err(DispatchError::of(caught, event_type.into_owned(), event_id))
            }
        }
    }

    /// Finds the handler of the event and reads its payload, so that nothing borrows the bytes.
    pub(crate) fn start(
        &self,
        envelope: RawEnvelope<'_>,
        delivery: LazyDelivery,
    ) -> Result<Started, EnvelopeError> {
        let unhandled = self
            .on_unhandled
            .as_ref()
            .map(|hook| (hook, envelope.header.to_read()));
        let event = Undecoded::new(envelope, delivery);
        // A user's type that panics when it is read, or state that does when it is cloned.
        Ok(match catch_panic(|| self.routes.route(event, &())) {
            Ok(handling) => match (handling?, unhandled) {
                (Some(handling), _) => Started::Handle(handling),
                (None, Some((hook, header))) => Started::Tell(Arc::clone(hook), Box::new(header)),
                (None, None) => Started::Nothing,
            },
            Err(message) => Started::Fail(message),
        })
    }
}

/// What is to be done with an event: a future that runs the handler, or the hook if there is none.
/// `None` stands for the hook's reply.
pub(crate) enum Started {
    Handle(Handling),
    /// There is no handler, and a hook that wants to know it.
    Tell(OnUnhandled, Box<Header>),
    Nothing,
    /// What comes before the handler panicked, with this message.
    Fail(String),
}

impl Started {
    /// Whether the event has a handler, even one that could not be called.
    #[cfg(feature = "delivery")]
    pub(crate) fn has_handler(&self) -> bool {
        matches!(self, Self::Handle(_) | Self::Fail(_))
    }
}

impl Future for Started {
    type Output = Result<Option<Reply>, Caught>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let result = match &mut *self {
            Self::Handle(handling) => ready!(poll_caught(handling, cx)).map(Some),
            Self::Fail(message) => Err(Caught::Panicked(std::mem::take(message))),
            Self::Tell(hook, header) => match catch_panic(|| hook(header)) {
                Ok(()) => Ok(None),
                Err(message) => Err(Caught::Panicked(message)),
            },
            Self::Nothing => Ok(None),
        };
        // What a handler holds is free as soon as it is done.
        *self = Self::Nothing;
        Poll::Ready(result)
    }
}

/// What was done with an event.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Dispatched {
    /// Its handler succeeded.
    Handled(Reply),
    /// It has no handler.
    #[non_exhaustive]
    Unhandled {
        /// The event's name.
        event_type: String,
    },
}

/// Why an event was not handled.
#[derive(Debug)]
#[non_exhaustive]
pub enum DispatchError {
    /// The bytes are not an event.
    Envelope(EnvelopeError),
    /// The handler failed.
    #[non_exhaustive]
    Handler {
        /// The event's name.
        event_type: String,
        /// The event's id, the same when the platform sends it again.
        event_id: Option<String>,
        /// The handler's error.
        source: HandlerError,
    },
    /// The handler panicked.
    #[non_exhaustive]
    Panicked {
        /// The event's name.
        event_type: String,
        /// The event's id, the same when the platform sends it again.
        event_id: Option<String>,
        /// The panic's message.
        message: String,
    },
}

impl DispatchError {
    /// Why the handler of this event failed.
    pub(crate) fn of(caught: Caught, event_type: String, event_id: Option<String>) -> Self {
        match caught {
            Caught::Failed(source) => Self::Handler {
                event_type,
                event_id,
                source,
            },
            Caught::Panicked(message) => Self::Panicked {
                event_type,
                event_id,
                message,
            },
        }
    }
}

impl fmt::Display for DispatchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let id = |id: &Option<String>| OneLine(id.as_deref().unwrap_or("without id")).to_string();
        match self {
            Self::Envelope(error) => error.fmt(f),
            Self::Handler {
                event_type,
                event_id,
                ..
            } => {
                write!(
                    f,
                    "the handler of `{}` failed (event {})",
                    OneLine(event_type),
                    id(event_id)
                )
            }
            Self::Panicked {
                event_type,
                event_id,
                message,
            } => {
                let (event_type, id) = (OneLine(event_type), id(event_id));
                write!(
                    f,
                    "the handler of `{event_type}` panicked (event {id}): {message}"
                )
            }
        }
    }
}

impl std::error::Error for DispatchError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Envelope(error) => error.source(),
            Self::Handler { source, .. } => Some(&**source),
            Self::Panicked { .. } => None,
        }
    }
}

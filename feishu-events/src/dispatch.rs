//! Events → handlers.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

use serde_json::value::RawValue;

use crate::context::{Context, Delivery, Transport};
use crate::envelope::{EnvelopeError, Members, RawEnvelope};
use crate::event_type::EventType;
use crate::handler::{Delivered, Handler, HandlerError};
use crate::read;

/// The running of one handler.
pub type Handling = Pin<Box<dyn Future<Output = Result<Reply, HandlerError>> + Send>>;

/// What a handler answers the platform: nothing to an event, a JSON response to a callback.
#[derive(Debug, Clone, Default)]
pub struct Reply(Option<Box<RawValue>>);

impl Reply {
    #[cfg(all(test, feature = "delivery"))]
    pub(crate) fn from_json(json: Box<RawValue>) -> Self {
        Self(Some(json))
    }

    /// The response to a callback, as JSON.
    pub fn json(&self) -> Option<&str> {
        self.0.as_deref().map(RawValue::get)
    }
}

impl PartialEq for Reply {
    fn eq(&self, other: &Self) -> bool {
        self.json() == other.json()
    }
}

/// The routing that `dispatcher!` makes: one `match` on the event type.
pub trait Routes: Send + Sync + 'static {
    /// The events that have a handler.
    fn event_types(&self) -> &'static [EventType];

    /// Hands `event` to its handler.
    ///
    /// # Errors
    /// An event whose payload is no object.
    fn route(&self, event_type: EventType, event: Undecoded<'_>) -> Routed;
}

/// An event handed to its handler; `None` if it has none.
pub type Routed = Result<Option<Handling>, EnvelopeError>;

/// Two handlers of one dispatcher that claim the same event: their implementations of this trait
/// conflict, and the compiler shows both places.
pub trait OneHandlerOf<C: ?Sized> {}

/// An event whose payload has not been read.
pub struct Undecoded<'a> {
    envelope: RawEnvelope<'a>,
    delivery: Delivery,
}

impl Undecoded<'_> {
    /// Reads the payload and calls the handler `H` with it.
    ///
    /// # Errors
    /// A payload that is no object.
    pub(crate) fn hand_to<H: Handler>(self) -> Routed {
        let RawEnvelope {
            header,
            payload: json,
        } = self.envelope;
        let mut payload = H::Payload::default();
        let reports =
            read::read_str(&mut payload, json.get()).map_err(EnvelopeError::NotAnObject)?;
        let delivered = Delivered::new(
            payload,
            Context {
                header,
                reports,
                delivery: self.delivery,
            },
        );
        let call = H::call(delivered);
        Ok(Some(Box::pin(async {
            call.await.map(|()| Reply::default())
        })))
    }
}

/// Hands events to the handlers that [`dispatcher!`](crate::dispatcher) was given.
///
/// Cheap to clone: all clones share the handlers.
#[derive(Clone)]
pub struct Dispatcher {
    routes: Arc<dyn Routes>,
}

impl fmt::Debug for Dispatcher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Dispatcher")
            .field("event_types", &self.event_types())
            .finish()
    }
}

impl Dispatcher {
    /// A dispatcher with the given routes; `dispatcher!` calls it.
    #[doc(hidden)]
    pub fn new(routes: impl Routes) -> Self {
        Self {
            routes: Arc::new(routes),
        }
    }

    /// The events that have a handler: those to subscribe to in the developer console.
    pub fn event_types(&self) -> &'static [EventType] {
        self.routes.event_types()
    }

    /// Handles an event as the platform sends it, after decryption and all checks.
    ///
    /// Bytes from the network belong into a receiver (the webhook), which checks who sent them.
    ///
    /// # Errors
    /// Bytes that are no event, and the error of the handler.
    pub async fn dispatch(&self, bytes: &[u8]) -> Result<Dispatched, DispatchError> {
        let envelope = Members::from_slice(bytes).and_then(Members::into_envelope);
        let delivery = Delivery::new(Transport::Direct);
        let started = envelope.and_then(|envelope| self.start(envelope, delivery));
        started.map_err(DispatchError::Envelope)?.finish().await
    }

    /// Finds the handler of the event and reads its payload, so that nothing borrows the bytes.
    pub(crate) fn start(
        &self,
        envelope: RawEnvelope<'_>,
        delivery: Delivery,
    ) -> Result<Started, EnvelopeError> {
        let event_type = envelope.header.event_type.clone();
        let event_id = envelope.header.event_id.clone();
        let handling = match envelope.event_type() {
            Some(known) => self.routes.route(known, Undecoded { envelope, delivery }),
            None => Ok(None),
        };
        Ok(Started {
            handling: handling?,
            event_type,
            event_id,
        })
    }
}

/// An event with its handler, not yet run.
pub(crate) struct Started {
    handling: Option<Handling>,
    pub(crate) event_type: String,
    pub(crate) event_id: Option<String>,
}

impl Started {
    #[cfg(feature = "delivery")]
    pub(crate) fn has_handler(&self) -> bool {
        self.handling.is_some()
    }

    pub(crate) async fn finish(self) -> Result<Dispatched, DispatchError> {
        let Self {
            handling,
            event_type,
            event_id,
        } = self;
        let Some(handling) = handling else {
            return Ok(Dispatched::Unhandled { event_type });
        };
        match handling.await {
            Ok(reply) => Ok(Dispatched::Handled(reply)),
            Err(source) => Err(DispatchError::Handler {
                event_type,
                event_id,
                source,
            }),
        }
    }
}

/// What became of an event.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Dispatched {
    /// Its handler ran and did not fail.
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
    /// The bytes are no event.
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
}

impl fmt::Display for DispatchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Envelope(error) => error.fmt(f),
            Self::Handler {
                event_type,
                event_id,
                ..
            } => {
                let id = event_id.as_deref().unwrap_or("without id");
                write!(f, "the handler of `{event_type}` failed (event {id})")
            }
        }
    }
}

impl std::error::Error for DispatchError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Envelope(error) => error.source(),
            Self::Handler { source, .. } => Some(&**source),
        }
    }
}

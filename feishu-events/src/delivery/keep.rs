//! Keeping events before they are acknowledged, so that they can be handled later.

use std::sync::Arc;

use super::identity::HeaderFacts;
use super::order_key::documented_order_key;
use super::store::StoreError;
use crate::event::envelope::{EnvelopeError, string_at};
use crate::event::raw::RawEvent;
use crate::handler::context::Delivery;
use crate::handler::dispatcher::Dispatcher;
use crate::handler::reply::Reply;
use crate::handler::routes::{Handled, Routed, Routes};
use crate::handler::undecoded::Undecoded;

/// An event that a receiver has verified and decrypted, but not acknowledged yet.
///
/// Serialized, [`event`](Self::event) has the platform's own format again.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct ArrivedEvent {
    /// The event as received.
    pub event: RawEvent,
    /// How it was received.
    pub delivery: Delivery,
    /// Identifies the event among its repetitions: the app's id and the event's id, or the field that
    /// its documentation says to use (`message_id`). `None` if it has no id.
    pub dedupe_key: Option<String>,
}

impl ArrivedEvent {
    /// The string at a path in the payload: `&["message", "chat_id"]`.
    pub fn string_at(&self, path: &[&str]) -> Option<String> {
        string_at(&self.event.payload, path)
    }

    /// The chat or approval instance that the event belongs to, by its documented fields.
    pub fn documented_key(&self) -> Option<String> {
        documented_order_key(&self.event.payload)
    }
}

/// Stores events before they are acknowledged: a queue, a database.
///
/// The crate `feishu-events-inbox` has implementations; this one forwards events to another system:
///
/// ```
/// use feishu_events::{ArrivedEvent, Dispatcher, KeepEvents, StoreError, dispatcher, feishu_handler};
///
/// #[feishu_handler("im.message.receive_v1")]
/// async fn on_message() {}
///
/// struct Forward(tokio::sync::mpsc::Sender<Vec<u8>>);
///
/// impl KeepEvents for Forward {
///     async fn keep(&self, arrived: ArrivedEvent) -> Result<(), StoreError> {
///         let bytes = serde_json::to_vec(&arrived.event)?;
///         Ok(self.0.send(bytes).await?)
///     }
/// }
///
/// # let (sender, _receiver) = tokio::sync::mpsc::channel(1);
/// let handlers: Dispatcher = dispatcher![on_message];
/// let receiving = handlers.clone().keep_in(Forward(sender)); // for a `Webhook` or `LongConnection`
/// // Elsewhere, later: `handlers.dispatch(&bytes)`.
/// ```
pub trait KeepEvents: Send + Sync + 'static {
    /// Stores an event. When it returns `Ok`, the event is acknowledged.
    ///
    /// The platform can still send an event again, before or after it was stored.
    ///
    /// # Errors
    /// The event was not stored: it is refused, and the platform sends it again.
    fn keep(&self, event: ArrivedEvent) -> impl Future<Output = Result<(), StoreError>> + Send;
}

/// The routes of a dispatcher whose events are stored.
struct Keeping<K> {
    routes: Arc<dyn Routes<()>>,
    handled: Vec<Handled>,
    store: Arc<K>,
}

impl<K: KeepEvents> Routes<()> for Keeping<K> {
    fn handled(&self) -> Vec<Handled> {
        self.handled.clone()
    }

    fn route(&self, event: Undecoded<'_>, state: &()) -> Routed {
        let facts = HeaderFacts::of(&event.envelope);
        if facts.is_callback() {
            return self.routes.route(event, state);
        }
        let has_handler = |handled: &Handled| handled.is_fallback || handled.includes(&event);
        if !self.handled.iter().any(has_handler) {
            return Ok(None);
        }
        let Undecoded {
            envelope, delivery, ..
        } = event;
        let payload = envelope.payload.into_raw();
        let payload = payload.map_err(EnvelopeError::NotAnObject)?.to_owned();
        let arrived = ArrivedEvent {
            dedupe_key: facts.with_payload(&payload).ids.key().map(str::to_owned),
            event: RawEvent {
                header: envelope.header.into_read(),
                payload,
            },
            delivery: delivery.get(),
        };
        let store = Arc::clone(&self.store);
        Ok(Some(Box::pin(async move {
            store.keep(arrived).await?;
            Ok(Reply::default())
        })))
    }
}

impl Dispatcher {
    /// A dispatcher that passes each event with a handler in this one to `store` instead; its receiver
    /// acknowledges according to [`Ack::WhenKept`](crate::Ack::WhenKept).
    ///
    /// Callbacks are still passed to their handlers: their answer cannot wait.
    #[must_use]
    pub fn keep_in(self, store: impl KeepEvents) -> Self {
        let store = Arc::new(store);
        self.keeping().map_routes(|routes| {
            Arc::new(Keeping {
                handled: routes.handled(),
                routes,
                store,
            })
        })
    }
}

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

/// An event that a receiver has checked and decrypted, and not acknowledged yet.
///
/// Serialized, [`event`](Self::event) has the platform's own form again.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct ArrivedEvent {
    /// The event as it came.
    pub event: RawEvent,
    /// How it came here.
    pub delivery: Delivery,
    /// What the event has in common with its repetitions and with no other event: the app's id and
    /// the event's, or what its documentation identifies it by (`message_id`). `None` if it has no id.
    pub dedupe_key: Option<String>,
}

impl ArrivedEvent {
    /// The string at a path in the payload: `&["message", "chat_id"]`.
    pub fn string_at(&self, path: &[&str]) -> Option<String> {
        string_at(&self.event.payload, path)
    }

    /// What the event belongs to by its documented fields: a chat or an approval instance.
    pub fn documented_key(&self) -> Option<String> {
        documented_order_key(&self.event.payload)
    }
}

/// What keeps events before they are acknowledged: a queue, a database.
///
/// The crate `feishu-events-inbox` has some; a forwarder to another system is another:
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
    /// Keeps an event. When it returns `Ok`, the event is acknowledged and does not come again.
    ///
    /// An event can come again all the same, before or after it was kept.
    ///
    /// # Errors
    /// The event was not kept: it is refused, and the platform sends it again.
    fn keep(&self, event: ArrivedEvent) -> impl Future<Output = Result<(), StoreError>> + Send;
}

/// The routes of a dispatcher whose events are kept.
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
            dedupe_key: facts.with_payload(&payload).key,
            event: RawEvent {
                header: envelope.header,
                payload,
            },
            delivery,
        };
        let store = Arc::clone(&self.store);
        Ok(Some(Box::pin(async move {
            store.keep(arrived).await?;
            Ok(Reply::default())
        })))
    }
}

impl Dispatcher {
    /// A dispatcher that hands each event which this one has a handler for to `store` instead; the
    /// receiver that is given it acknowledges as [`Ack::WhenKept`](crate::Ack::WhenKept) says.
    ///
    /// Callbacks go to their handlers as before: their answer cannot wait.
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

//! `tower` layers round the handlers of a dispatcher: time limits, retries, measurements.

use std::future::{poll_fn, ready};
use std::sync::Arc;
use std::task::{Context, Poll};

use serde_json::value::RawValue;
use tower_layer::Layer;
use tower_service::Service;

#[cfg(feature = "drift")]
use crate::drift::Drift;
use crate::event::envelope::{EnvelopeError, LazyPayload, RawEnvelope};
use crate::event::header::Header;
use crate::handler::context::{Delivery, LazyDelivery};
use crate::handler::dispatcher::Dispatcher;
use crate::handler::reply::{HandlerError, Handling, Reply};
use crate::handler::routes::{Handled, Routed, Routes};
use crate::handler::undecoded::Undecoded;

/// An event on its way to its handler, through the layers of a dispatcher.
///
/// It is cheap to clone, and handling a clone handles the event again, so a layer can retry.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct HandlerCall {
    /// The event's header.
    pub header: Header,
    /// How the event arrived.
    pub delivery: Delivery,
    payload: Arc<RawValue>,
    #[cfg(feature = "drift")]
    drift: Option<Drift>,
}

impl HandlerCall {
    /// The envelope's member `event`, as JSON.
    pub fn payload(&self) -> &str {
        self.payload.get()
    }
}

/// The handlers of a dispatcher as a service, for a layer to wrap.
#[derive(Clone)]
pub struct HandlerService(Arc<dyn Routes<()>>);

impl Service<HandlerCall> for HandlerService {
    type Response = Reply;
    type Error = HandlerError;
    type Future = Handling;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), HandlerError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, call: HandlerCall) -> Handling {
        let HandlerCall {
            header,
            delivery,
            payload,
            #[cfg(feature = "drift")]
            drift,
        } = call;
        let envelope = RawEnvelope::new(header, LazyPayload::found(&payload));
        let event = Undecoded {
            #[cfg(feature = "drift")]
            drift: drift.as_ref(),
            ..Undecoded::new(envelope, LazyDelivery::Known(delivery))
        };
        match self.0.route(event, &()) {
            Ok(Some(handling)) => handling,
            Ok(None) => Box::pin(ready(Ok(Reply::default()))),
            Err(error) => Box::pin(ready(Err(error.into()))),
        }
    }
}

/// The routes of a dispatcher behind a layer.
struct Layered<S> {
    service: S,
    handled: Vec<Handled>,
}

impl<S> Routes<()> for Layered<S>
where
    S: Service<HandlerCall, Response = Reply> + Clone + Send + Sync + 'static,
    S::Error: Into<HandlerError>,
    S::Future: Send,
{
    fn handled(&self) -> Vec<Handled> {
        self.handled.clone()
    }

    fn route(&self, event: Undecoded<'_>, (): &()) -> Routed {
        let has_handler = |handled: &Handled| handled.is_fallback || handled.includes(&event);
        if !self.handled.iter().any(has_handler) {
            return Ok(None);
        }
        let Undecoded {
            envelope,
            delivery,
            #[cfg(feature = "drift")]
            drift,
        } = event;
        let payload = envelope.payload.into_raw();
        let payload = payload.map_err(EnvelopeError::NotAnObject)?;
        let payload = Arc::from(payload.to_owned());
        let call = HandlerCall {
            header: envelope.header.into_read(),
            delivery: delivery.get(),
            payload,
            #[cfg(feature = "drift")]
            drift: drift.cloned(),
        };
        let mut service = self.service.clone();
        Ok(Some(Box::pin(async move {
            poll_fn(|cx| service.poll_ready(cx))
                .await
                .map_err(Into::into)?;
            service.call(call).await.map_err(Into::into)
        })))
    }
}

impl Dispatcher {
    /// Wraps each handler in a `tower` layer; the layer added last is the outermost.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use feishu_events::{Dispatcher, dispatcher, feishu_handler};
    /// use tower::timeout::TimeoutLayer;
    ///
    /// #[feishu_handler("im.chat.disbanded_v1")]
    /// async fn on_disbanded() {}
    ///
    /// let dispatcher: Dispatcher = dispatcher![on_disbanded];
    /// let dispatcher = dispatcher.layer(TimeoutLayer::new(Duration::from_secs(30)));
    /// ```
    #[must_use]
    pub fn layer<L>(self, layer: L) -> Self
    where
        L: Layer<HandlerService>,
        L::Service: Service<HandlerCall, Response = Reply> + Clone + Send + Sync + 'static,
        <L::Service as Service<HandlerCall>>::Error: Into<HandlerError>,
        <L::Service as Service<HandlerCall>>::Future: Send,
    {
        self.map_routes(|routes| {
            let handled = routes.handled();
            let service = layer.layer(HandlerService(routes));
            Arc::new(Layered { service, handled })
        })
    }
}

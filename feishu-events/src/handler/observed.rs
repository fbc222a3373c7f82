//! Handlers whose events are counted as they differ from their documentation.

use std::sync::Arc;

use crate::drift::Drift;
use crate::event::envelope::RawEnvelope;
use crate::handler::dispatcher::Dispatcher;
use crate::handler::routes::{Handled, Routed, Routes};
use crate::handler::undecoded::Undecoded;

/// The routes of a dispatcher whose events are counted.
struct Observed<S> {
    routes: Arc<dyn Routes<S>>,
    drift: Drift,
}

impl<S: 'static> Routes<S> for Observed<S> {
    fn handled(&self) -> Vec<Handled> {
        self.routes.handled()
    }

    fn route(&self, event: Undecoded<'_>, state: &S) -> Routed {
        let RawEnvelope {
            header,
            event_type,
            payload,
        } = event.envelope;
        let envelope = RawEnvelope {
            header,
            event_type,
            payload: payload.shorter(),
        };
        let event = Undecoded {
            envelope,
            delivery: event.delivery,
            drift: Some(&self.drift),
        };
        self.routes.route(event, state)
    }
}

impl<S: Send + Sync + 'static> Dispatcher<S> {
    /// Counts in `drift` how the events that handlers take differ from their documentation.
    ///
    /// See [`Drift`] for what is counted, and for an example.
    #[must_use]
    #[cfg_attr(docsrs, doc(cfg(feature = "drift")))]
    pub fn drift(self, drift: &Drift) -> Self {
        let drift = drift.clone();
        self.map_routes(|routes| Arc::new(Observed { routes, drift }))
    }
}

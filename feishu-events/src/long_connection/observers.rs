//! Those who are told when a connection comes and goes.

use std::fmt;
use std::sync::Arc;

use super::status::{Connected, Disconnected, Reconnecting};
use crate::handler::catch_panic::catch_panic;

type Observer<T> = Arc<dyn Fn(&T) + Send + Sync>;

/// Those who are told when a connection comes and goes.
#[derive(Clone, Default)]
pub(super) struct Observers {
    connected: Vec<Observer<Connected>>,
    disconnected: Vec<Observer<Disconnected>>,
    reconnecting: Vec<Observer<Reconnecting>>,
}

impl Observers {
    pub(super) fn on_connected(&mut self, observer: impl Fn(&Connected) + Send + Sync + 'static) {
        self.connected.push(Arc::new(observer));
    }

    pub(super) fn on_disconnected(
        &mut self,
        observer: impl Fn(&Disconnected) + Send + Sync + 'static,
    ) {
        self.disconnected.push(Arc::new(observer));
    }

    pub(super) fn on_reconnecting(
        &mut self,
        observer: impl Fn(&Reconnecting) + Send + Sync + 'static,
    ) {
        self.reconnecting.push(Arc::new(observer));
    }

    pub(super) fn connected(&self, event: &Connected) {
        let Connected {
            app_id,
            connection,
            attempts,
            ..
        } = event;
        tracing::info!(app_id, connection, attempts, "the long connection is open");
        tell(&self.connected, event);
    }

    pub(super) fn disconnected(&self, event: &Disconnected) {
        let Disconnected {
            app_id,
            connection,
            lasted,
            failure,
        } = event;
        tracing::warn!(
            app_id,
            connection,
            %failure,
            "the long connection ended after {lasted:.0?}"
        );
        tell(&self.disconnected, event);
    }

    pub(super) fn reconnecting(&self, event: &Reconnecting) {
        let Reconnecting {
            app_id,
            attempt,
            after,
            failure,
        } = event;
        tracing::warn!(
            app_id,
            attempt,
            %failure,
            "the long connection is opened again in {after:.0?}"
        );
        tell(&self.reconnecting, event);
    }
}

/// Tells each; that one panics is no concern of the others, nor of the connection.
fn tell<T>(observers: &[Observer<T>], event: &T) {
    for observer in observers {
        if let Err(message) = catch_panic(|| observer(event)) {
            tracing::error!(message, "an observer of the long connection panicked");
        }
    }
}

impl fmt::Debug for Observers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Observers")
            .field("connected", &self.connected.len())
            .field("disconnected", &self.disconnected.len())
            .field("reconnecting", &self.reconnecting.len())
            .finish()
    }
}

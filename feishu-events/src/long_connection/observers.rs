//! Observers of connections: opened, lost, reconnecting.

use std::fmt;
use std::sync::Arc;

use super::status::{Connected, Disconnected, Reconnecting};
use crate::handler::catch_panic::catch_panic;

type Observer<T> = Arc<dyn Fn(&T) + Send + Sync>;

/// Observers of connections: opened, lost, reconnecting.
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
            "the next attempt to connect is in {after:.0?}"
        );
        tell(&self.reconnecting, event);
    }
}

/// Calls each; a panic of one affects neither the others nor the connection.
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

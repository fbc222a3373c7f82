//! What all connections of one client share.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use http::Uri;
use tokio::sync::{Semaphore, watch};

use super::failure::Failure;
use super::observers::Observers;
use super::order::Order;
use super::room::Room;
use super::schedule::{AtConnectionLimit, Reconnect};
use super::settings::ServerSettings;
use super::status::{ConnectionState, Status};
use crate::delivery::{Acceptor, KeyedQueue, LogLimit};
use crate::long_connection::connect::transport::Connector;
use crate::long_connection::session::liveness::Timeouts;
use crate::redact::secret::Secret;

/// What all connections of one client share.
pub(super) struct ClientShared {
    pub(super) app_id: String,
    pub(super) app_secret: Secret,
    pub(super) endpoint: Uri,
    pub(super) connector: Connector,
    pub(super) acceptor: Acceptor,
    pub(super) order: Order,
    pub(super) turns: KeyedQueue,
    /// This many answers may be outstanding: sending more has to wait.
    pub(super) places: Arc<Semaphore>,
    /// This many bytes of events may be unanswered.
    pub(super) room: Room,
    /// What is logged of text messages.
    pub(super) text_messages: LogLimit<()>,
    pub(super) observers: Observers,
    pub(super) reconnect: Reconnect,
    pub(super) at_connection_limit: AtConnectionLimit,
    /// For how long the refusal of an app is retried that was accepted before.
    pub(super) retry_refusals_for: Duration,
    pub(super) timeouts: Timeouts,
    pub(super) message_limit: usize,
    pub(super) drain_within: Duration,
    pub(super) status: watch::Sender<Status>,
}

impl ClientShared {
    pub(super) fn settings(&self) -> ServerSettings {
        self.status.borrow().settings
    }

    /// Whether to try again after this.
    pub(super) fn heals(&self, failure: &Failure) -> bool {
        if failure.is_connection_limit() {
            return self.at_connection_limit == AtConnectionLimit::KeepTrying;
        }
        failure.can_heal()
    }

    /// Something is done now; those who watch are woken.
    pub(super) fn enter(&self, state: ConnectionState, change: impl FnOnce(&mut Status)) {
        self.status.send_modify(|status| {
            status.state = state;
            status.next_try = None;
            if state != ConnectionState::Draining {
                status.online_since = None;
            }
            change(status);
        });
    }

    /// A frame has come; those who watch are not woken for it.
    pub(super) fn note_frame(&self, at: SystemTime) {
        self.status.send_if_modified(|status| {
            status.last_frame = Some(at);
            false
        });
    }

    /// A whole event has come.
    pub(super) fn note_event(&self, at: SystemTime) {
        self.status.send_if_modified(|status| {
            status.last_event = Some(at);
            status.events += 1;
            false
        });
    }
}

impl fmt::Debug for ClientShared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Core")
            .field("app_id", &self.app_id)
            .field("endpoint", &self.endpoint)
            .field("net", &self.connector)
            .field("dispatcher", self.acceptor.dispatcher())
            .field("delivery", self.acceptor.options())
            .field("order", &self.order)
            .field("observers", &self.observers)
            .field("status", &*self.status.borrow())
            .finish_non_exhaustive()
    }
}

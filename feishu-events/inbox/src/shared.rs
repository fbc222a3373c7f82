//! What all parts of an inbox share.

use std::sync::Arc;

use feishu_events::Dispatcher;
use tokio::sync::{Notify, watch};
use tokio::time::timeout;

use crate::error::{ErrorKind, InboxError};
use crate::settings::Settings;
use crate::status::Health;
use crate::store::{BoxFuture, InboxStore};

/// What all parts of an inbox share.
pub(crate) struct Shared {
    pub(crate) handlers: Dispatcher,
    pub(crate) store: Arc<dyn InboxStore>,
    pub(crate) settings: Settings,
    pub(crate) health: Health,
    /// Something may be due.
    pub(crate) due: Notify,
    pub(crate) paused: watch::Sender<bool>,
}

impl Shared {
    /// Asks the store, with a limit of time, and notes whether it answers.
    pub(crate) async fn ask<T>(&self, asking: BoxFuture<'_, T>) -> Result<T, InboxError> {
        let answer = timeout(self.settings.store_timeout, asking).await;
        let answer =
            answer.unwrap_or_else(|_| Err(InboxError::new(self.store.name(), ErrorKind::TimedOut)));
        self.health.note(&answer);
        answer
    }
}

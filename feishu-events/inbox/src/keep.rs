//! From a receiver into the store.

use std::sync::Arc;
use std::time::Instant;

use feishu_events::{ArrivedEvent, KeepEvents, StoreError};

use crate::entry::Entry;
use crate::observe;
use crate::shared::Shared;
use crate::store::KeepOutcome;

/// Keeps what a receiver takes.
pub(crate) struct Keeper(pub(crate) Arc<Shared>);

impl KeepEvents for Keeper {
    async fn keep(&self, arrived: ArrivedEvent) -> Result<(), StoreError> {
        let started = Instant::now();
        let kept = self.keep_entry(arrived).await;
        observe::kept(kept.as_ref().ok().copied(), started.elapsed());
        kept.map(drop)
    }
}

impl Keeper {
    async fn keep_entry(&self, mut arrived: ArrivedEvent) -> Result<KeepOutcome, StoreError> {
        let order_key = self.0.settings.order_key.as_ref();
        let order_key = order_key.and_then(|key| key(&arrived));
        // It has been checked, and belongs to nobody who reads the store.
        arrived.event.header.token = None;
        let body = serde_json::to_vec(&arrived.event)?;
        #[cfg(feature = "encryption")]
        let body = match &self.0.settings.encryption {
            Some(encryption) => encryption.seal(&body)?,
            None => body,
        };
        let header = arrived.event.header;
        let entry = Entry {
            key: arrived.dedupe_key,
            event_type: header.event_type,
            event_id: header.event_id,
            app_id: header.app_id,
            tenant_key: header.tenant_key,
            order_key,
            transport: arrived.delivery.transport,
            received_at: arrived.delivery.received_at,
            body,
        };
        let kept = self.0.ask(self.0.store.keep(entry)).await?;
        match kept {
            KeepOutcome::New(inbox_id) => {
                tracing::debug!(inbox_id, "kept");
                self.0.due.notify_one();
            }
            KeepOutcome::Known(state) => tracing::debug!(%state, "came again, and is known"),
        }
        Ok(kept)
    }
}

//! What all events of one receiver share.

use std::sync::Arc;

use super::admission::Admission;
use super::identity::EventFacts;
use super::options::{Ack, DeliveryOptions};
use super::unhandled::UnhandledCount;

/// What all events of one receiver share.
pub(super) struct Shared {
    pub(super) options: DeliveryOptions,
    pub(super) admission: Arc<Admission>,
    pub(super) unhandled: UnhandledCount,
}

impl Shared {
    pub(super) fn acknowledges_on_receipt(&self, event: &EventFacts) -> bool {
        self.options.ack == Ack::OnReceipt && !event.is_callback
    }

    /// Whether a handler that still runs at the deadline is acknowledged.
    pub(super) fn acknowledges_running(&self, event: &EventFacts) -> bool {
        self.options.ack != Ack::WhenKept || event.is_callback
    }
}

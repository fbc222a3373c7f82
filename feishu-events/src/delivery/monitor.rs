//! A view of a receiver, for those who watch it.

use std::fmt;
use std::sync::Arc;

use super::shared::Shared;
use super::status::DeliveryStatus;

/// A view of what a receiver is doing, which can be kept while the receiver runs. Cheap to clone.
#[derive(Clone)]
pub struct DeliveryMonitor(pub(super) Arc<Shared>);

impl DeliveryMonitor {
    /// How many handlers run and how many events wait, and the oldest.
    ///
    /// It looks at each event in flight, so call it for a metric every few seconds, not for each
    /// event.
    pub fn status(&self) -> DeliveryStatus {
        self.0.status()
    }
}

impl fmt::Debug for DeliveryMonitor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("DeliveryMonitor")
            .field(&self.status())
            .finish()
    }
}

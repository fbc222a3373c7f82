//! What comes of a handler that ends after its event was answered.

use tokio::time::Instant;

use super::{HandlerEnd, log_failure};
use crate::delivery::identity::EventFacts;
use crate::delivery::late_failure::LateFailure;
use crate::delivery::options::DeliveryOptions;

pub(super) fn log(outcome: &HandlerEnd, event: &EventFacts, arrived: Instant) {
    let after = arrived.elapsed();
    match outcome {
        HandlerEnd::Handled(_) if event.is_callback => tracing::warn!(
            "the response came after {after:.1?}: too late, the user already saw the \"working\" toast"
        ),
        HandlerEnd::Handled(_) => tracing::debug!("handled after {after:.1?}"),
        failed => log_failure(failed),
    }
}

/// Calls the hook for late failures, if the handler failed.
pub(super) fn report(
    outcome: HandlerEnd,
    options: &DeliveryOptions,
    event: &EventFacts,
    arrived: Instant,
) {
    let error = match outcome {
        HandlerEnd::Handled(_) => return,
        HandlerEnd::Failed(error) => error,
        HandlerEnd::CutOff => "it was cut off by the shutdown".into(),
    };
    if let Some(hook) = &options.on_late_failure {
        hook(LateFailure {
            event_type: event.event_type.to_string(),
            event_id: event.event_id().map(str::to_owned),
            after: arrived.elapsed(),
            error,
        });
    }
}

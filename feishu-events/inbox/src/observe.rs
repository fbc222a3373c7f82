//! What is counted. Without the feature `metrics`, nothing is.

use std::time::Duration;

use crate::store::{Depth, KeepOutcome};

#[cfg(feature = "metrics")]
mod on {
    pub(super) use ::metrics::{counter, gauge, histogram};
}

/// An event was to be kept.
#[cfg_attr(not(feature = "metrics"), allow(unused_variables))]
pub(crate) fn kept(outcome: Option<KeepOutcome>, time: Duration) {
    #[cfg(feature = "metrics")]
    {
        let result = match outcome {
            Some(KeepOutcome::New(_)) => "new",
            Some(KeepOutcome::Known(_)) => "known",
            None => "failed",
        };
        on::counter!("feishu_inbox_received_total", "result" => result).increment(1);
        on::histogram!("feishu_inbox_keep_seconds").record(time.as_secs_f64());
    }
}

/// A handler came to its end, or did not.
#[cfg_attr(not(feature = "metrics"), allow(unused_variables))]
pub(crate) fn handled(event_type: &str, result: &'static str, time: Duration) {
    #[cfg(feature = "metrics")]
    {
        let event_type = event_type.to_owned();
        on::counter!("feishu_inbox_attempts_total", "result" => result, "event_type" => event_type)
            .increment(1);
        on::histogram!("feishu_inbox_handler_seconds").record(time.as_secs_f64());
    }
}

/// An event was leased this long after it arrived.
#[cfg_attr(not(feature = "metrics"), allow(unused_variables))]
pub(crate) fn waited(time: Duration) {
    #[cfg(feature = "metrics")]
    on::histogram!("feishu_inbox_wait_seconds").record(time.as_secs_f64());
}

/// How many events there are.
#[cfg_attr(not(feature = "metrics"), allow(unused_variables))]
pub(crate) fn depth(depth: &Depth) {
    #[cfg(feature = "metrics")]
    {
        for (state, count) in depth.by_state() {
            #[expect(clippy::cast_precision_loss, reason = "a gauge")]
            on::gauge!("feishu_inbox_events", "state" => state.as_str()).set(count as f64);
        }
        let oldest = depth.oldest.unwrap_or_default().as_secs_f64();
        on::gauge!("feishu_inbox_oldest_seconds").set(oldest);
    }
}

/// Whether the store answers.
#[cfg_attr(not(feature = "metrics"), allow(unused_variables))]
pub(crate) fn store_is_up(is_up: bool) {
    #[cfg(feature = "metrics")]
    on::gauge!("feishu_inbox_store_up").set(if is_up { 1.0 } else { 0.0 });
}

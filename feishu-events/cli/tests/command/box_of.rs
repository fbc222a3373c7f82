//! The platform in a box, and events for it.

use std::time::Duration;

use feishu_events::EventType;
use feishu_events::testing::EventRequest;
use feishu_events::testing::gateway::Gateway;

/// A platform that sends again soon what was not acknowledged.
pub(crate) async fn platform() -> Gateway {
    let soon = [200, 500, 1000, 2000, 4000, 8000].map(Duration::from_millis);
    let builder = Gateway::builder().resend_after(soon);
    // Clients connect again at once.
    let builder = builder.set("ReconnectInterval", 1).set("ReconnectNonce", 0);
    builder.start().await.expect("a free port")
}

/// An event with this id.
pub(crate) fn event(id: impl std::fmt::Display) -> EventRequest {
    let sample = EventRequest::from_sample(EventType::ContactUserCreatedV3);
    sample
        .expect("all services are on")
        .event_id(id.to_string())
}

/// The event of another type with this id.
pub(crate) fn event_of(event_type: EventType, id: &str) -> EventRequest {
    let sample = EventRequest::from_sample(event_type);
    sample.expect("all services are on").event_id(id)
}

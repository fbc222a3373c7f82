//! Tools for testing handlers and receivers: samples of all events, sent the way the platform sends
//! them.
//!
//! ```
//! use feishu_events::{Webhook, contact, dispatcher, feishu_handler};
//! use feishu_events::testing::{EventRequest, sample};
//!
//! #[feishu_handler("contact.department.updated_v3")]
//! fn on_department_updated(event: &contact::DepartmentUpdatedV3) {
//!     let name = event.object.as_ref().and_then(|department| department.name.as_deref());
//!     assert_eq!(name, Some("Lighthouse keepers"));
//! }
//!
//! # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), feishu_events::WebhookBuildError> {
//! let mut event = sample::<contact::DepartmentUpdatedV3>();
//! event.object.get_or_insert_default().name = Some("Lighthouse keepers".to_owned());
//!
//! let webhook = Webhook::builder(dispatcher![on_department_updated]).encrypt_key("key").build()?;
//! let response = EventRequest::new(&event).encrypt_key("key").send_to(&webhook).await;
//! assert_eq!(response.status(), 200);
//! # Ok(()) }
//! ```

mod content;
#[cfg(feature = "long-connection")]
pub mod gateway;
mod new_id;
mod plausible;
mod request;
mod sample;
mod set;

use bytes::Bytes;
use http::Request;

pub use request::EventRequest;
pub use sample::{sample, sample_of};

/// The request with which the platform would send `event` to an app with this encrypt key: the
/// event encrypted, the body signed.
///
/// ```
/// let event = br#"{ "schema": "2.0", "header": {}, "event": {} }"#;
/// let request = feishu_events::testing::encrypted_request("the encrypt key", event);
/// assert!(request.headers().contains_key("x-lark-signature"));
/// assert!(request.body().starts_with(br#"{"encrypt":""#));
/// ```
pub fn encrypted_request(encrypt_key: &str, event: &[u8]) -> Request<Bytes> {
    request::encrypted(encrypt_key, event)
}

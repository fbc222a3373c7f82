//! Callbacks: requests whose answer a user waits for, and the responses to them.
//!
//! The requests are payloads like those of events. A handler of a callback returns its response, or
//! `Result<response, E>`; a default response changes nothing. A callback that has no type in this crate is
//! answered with a [`JsonResponse`].
//!
//! ```
//! use feishu_events::callback::{CardActionTriggerResponse, Toast};
//! use feishu_events::{Dispatcher, card, dispatcher, feishu_handler};
//!
//! #[feishu_handler("card.action.trigger")]
//! async fn on_card_action(request: card::ActionTrigger) -> CardActionTriggerResponse {
//!     let name = request.action.and_then(|action| action.name).unwrap_or_default();
//!     CardActionTriggerResponse::default().toast(Toast::success(format!("{name}: done")))
//! }
//!
//! let dispatcher: Dispatcher = dispatcher![on_card_action];
//! assert!(dispatcher.event_types()[0].is_callback());
//! ```

mod card_action;
mod json_response;
#[cfg(feature = "delivery")]
mod kinds;
mod response;
mod url_preview;

pub use card_action::{CardActionTriggerResponse, parse_action_value};
pub use json_response::JsonResponse;
#[cfg(any(feature = "long-connection", feature = "testing"))]
pub(crate) use kinds::OLD_CARD;
#[cfg(any(feature = "webhook", feature = "long-connection"))]
pub(crate) use kinds::old_card;
#[cfg(feature = "delivery")]
pub(crate) use kinds::{CARD, is_callback};
pub use response::{CardUpdate, Toast, ToastKind};
pub use url_preview::UrlPreviewGetResponse;

use crate::handler::registered::{Response, json_reply};
use crate::handler::reply::HandlerError;
use crate::handler::reply::Reply;

impl Response for CardActionTriggerResponse {
    fn into_reply(self) -> Result<Reply, HandlerError> {
        json_reply(&self.to_json())
    }
}

impl Response for UrlPreviewGetResponse {
    fn into_reply(self) -> Result<Reply, HandlerError> {
        json_reply(&self.to_json())
    }
}

//! The response to a callback that has no response type here.

use serde::Serialize;

use crate::handler::registered::{HandlerOutput, Response, json_reply};
use crate::handler::reply::HandlerError;
use crate::handler::reply::Reply;

/// Your own JSON as the response to a callback that has no response type in this crate: that of an old card,
/// or one newer than this version.
///
/// A handler of such a callback, one with `payload = …`, one of several events and a fallback can
/// return it, or a `Result` of it. Other callbacks have their own responses; for events, the platform
/// ignores the response.
///
/// ```
/// use feishu_events::callback::JsonResponse;
/// use feishu_events::{Dispatcher, card, dispatcher, feishu_handler};
/// use serde_json::{Value, json};
///
/// #[feishu_handler("card.action.trigger_v1")]
/// async fn on_old_click(click: card::CardActionTriggerV1) -> JsonResponse<Value> {
///     let chosen = click.action.and_then(|action| action.option).unwrap_or_default();
///     JsonResponse(json!({
///         "elements": [{ "tag": "markdown", "content": format!("{chosen} it is") }],
///     }))
/// }
///
/// let dispatcher: Dispatcher = dispatcher![on_old_click];
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct JsonResponse<T>(pub T);

#[diagnostic::do_not_recommend]
impl<T: Serialize> Response for JsonResponse<T> {
    fn into_reply(self) -> Result<Reply, HandlerError> {
        json_reply(&self.0)
    }
}

// For a handler with a wrong return type, the compiler would suggest these two impls first.
#[diagnostic::do_not_recommend]
impl<T: Serialize> HandlerOutput<()> for JsonResponse<T> {
    fn into_reply(self) -> Result<Reply, HandlerError> {
        Response::into_reply(self)
    }
}

#[diagnostic::do_not_recommend]
impl<T: Serialize, E: Into<HandlerError>> HandlerOutput<()> for Result<JsonResponse<T>, E> {
    fn into_reply(self) -> Result<Reply, HandlerError> {
        self.map_err(Into::into).and_then(Response::into_reply)
    }
}

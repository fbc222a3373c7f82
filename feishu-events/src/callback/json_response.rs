//! The response to a callback that has no type here.

use serde::Serialize;

use crate::handler::registered::{Outcome, json_reply};
use crate::handler::reply::HandlerError;
use crate::handler::reply::Reply;

/// Your own JSON as the response to a callback that has no type here: that of an old card, or
/// one newer than this version.
///
/// A handler with `payload = …`, one of several events and a fallback can return it, or a `Result`
/// of it. Callbacks with a type have their own responses; for events, the platform ignores the
/// response.
///
/// ```
/// use feishu_events::callback::JsonResponse;
/// use feishu_events::{Dispatcher, dispatcher, feishu_handler};
/// use serde_json::{Value, json};
///
/// #[feishu_handler("card.action.trigger_v1", payload = Value)]
/// async fn on_old_click(click: Value) -> JsonResponse<Value> {
///     let chosen = &click["action"]["option"];
///     JsonResponse(json!({
///         "elements": [{ "tag": "markdown", "content": format!("{chosen} it is") }],
///     }))
/// }
///
/// let dispatcher: Dispatcher = dispatcher![on_old_click];
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct JsonResponse<T>(pub T);

// Where a handler returns something else, the compiler would list these two: most want no such thing.
#[diagnostic::do_not_recommend]
impl<T: Serialize> Outcome<()> for JsonResponse<T> {
    fn into_reply(self) -> Result<Reply, HandlerError> {
        json_reply(&self.0)
    }
}

#[diagnostic::do_not_recommend]
impl<T: Serialize, E: Into<HandlerError>> Outcome<()> for Result<JsonResponse<T>, E> {
    fn into_reply(self) -> Result<Reply, HandlerError> {
        self.map_err(Into::into).and_then(Outcome::into_reply)
    }
}

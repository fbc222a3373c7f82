#![deny(warnings)]

use feishu_events::callback::{
    self, CardActionTriggerResponse, Toast, UrlPreviewGetResponse,
};
use feishu_events::{Dispatcher, card, dispatcher, feishu_handler, url};

#[feishu_handler("card.action.trigger")]
async fn on_card_action(request: card::ActionTrigger) -> Result<CardActionTriggerResponse, String> {
    let value = request.action.and_then(|action| action.value).ok_or("no action")?;
    let value: u32 = callback::parse_action_value(&value).map_err(|error| error.to_string())?;
    Ok(CardActionTriggerResponse::default().toast(Toast::success(value.to_string())))
}

#[feishu_handler("url.preview.get")]
fn on_url_preview(_: &url::PreviewGet) -> UrlPreviewGetResponse {
    UrlPreviewGetResponse::title("a title")
}

fn main() {
    let dispatcher: Dispatcher = dispatcher![on_card_action, on_url_preview];
    assert!(dispatcher.event_types().iter().all(|event_type| event_type.is_callback()));
}

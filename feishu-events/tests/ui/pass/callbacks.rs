#![deny(warnings)]

use feishu_events::callback::{
    CardActionResponse, CardActionTrigger, Toast, UrlPreviewGet, UrlPreviewResponse,
};
use feishu_events::{Dispatcher, dispatcher, feishu_handler};

#[feishu_handler("card.action.trigger")]
async fn on_card_action(request: CardActionTrigger) -> Result<CardActionResponse, String> {
    let action = request.action.ok_or("no action")?;
    let value: u32 = action.parse_value().map_err(|error| error.to_string())?;
    Ok(CardActionResponse::default().toast(Toast::success(value.to_string())))
}

#[feishu_handler("url.preview.get")]
fn on_url_preview(_: &UrlPreviewGet) -> UrlPreviewResponse {
    UrlPreviewResponse::title("a title")
}

fn main() {
    let dispatcher: Dispatcher = dispatcher![on_card_action, on_url_preview];
    assert_eq!(dispatcher.other_names().len(), 2);
}

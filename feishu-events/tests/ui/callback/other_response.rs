use feishu_events::callback::{CardActionTrigger, UrlPreviewResponse};
use feishu_events::feishu_handler;

#[feishu_handler("card.action.trigger")]
fn on_card_action(_: CardActionTrigger) -> UrlPreviewResponse {
    UrlPreviewResponse::title("a card")
}

fn main() {}

use feishu_events::callback::UrlPreviewGetResponse;
use feishu_events::{card, feishu_handler};

#[feishu_handler("card.action.trigger")]
fn on_card_action(_: card::ActionTrigger) -> UrlPreviewGetResponse {
    UrlPreviewGetResponse::title("a card")
}

fn main() {}

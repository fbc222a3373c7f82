use feishu_events::callback::CardActionResponse;
use feishu_events::feishu_handler;

#[feishu_handler("card.action.triger")]
fn on_card_action() -> CardActionResponse {
    CardActionResponse::default()
}

fn main() {
    on_card_action();
}

use feishu_events::callback::CardActionTriggerResponse;
use feishu_events::feishu_handler;

#[feishu_handler("card.action.triger")]
fn on_card_action() -> CardActionTriggerResponse {
    CardActionTriggerResponse::default()
}

fn main() {
    on_card_action();
}

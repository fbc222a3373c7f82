use feishu_events::{card, feishu_handler};

#[feishu_handler("card.action.trigger")]
async fn on_card_action(request: card::ActionTrigger) {
    drop(request);
}

fn main() {}

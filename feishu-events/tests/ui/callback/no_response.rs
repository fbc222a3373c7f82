use feishu_events::callback::CardActionTrigger;
use feishu_events::feishu_handler;

#[feishu_handler("card.action.trigger")]
async fn on_card_action(request: CardActionTrigger) {
    drop(request);
}

fn main() {}

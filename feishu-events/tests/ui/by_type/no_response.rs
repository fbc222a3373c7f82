use feishu_events::{card, feishu_handler};

#[feishu_handler]
fn on_card_action(_: card::ActionTrigger) {}

fn main() {}

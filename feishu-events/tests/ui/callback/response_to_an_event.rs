use feishu_events::callback::CardActionTriggerResponse;
use feishu_events::feishu_handler;

#[feishu_handler("im.chat.disbanded_v1")]
fn on_disbanded() -> CardActionTriggerResponse {
    CardActionTriggerResponse::default()
}

fn main() {}

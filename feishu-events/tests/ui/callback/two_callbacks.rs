use feishu_events::callback::CardActionTriggerResponse;
use feishu_events::feishu_handler;

#[feishu_handler("card.action.trigger", "url.preview.get")]
fn on_both() -> CardActionTriggerResponse {
    CardActionTriggerResponse::default()
}

fn main() {
    on_both();
}

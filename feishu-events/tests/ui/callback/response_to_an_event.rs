use feishu_events::callback::CardActionResponse;
use feishu_events::feishu_handler;

#[feishu_handler("im.chat.disbanded_v1")]
fn on_disbanded() -> CardActionResponse {
    CardActionResponse::default()
}

fn main() {}

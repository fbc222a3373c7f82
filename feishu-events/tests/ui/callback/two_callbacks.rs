use feishu_events::callback::CardActionResponse;
use feishu_events::feishu_handler;

#[feishu_handler("card.action.trigger", "url.preview.get")]
fn on_both() -> CardActionResponse {
    CardActionResponse::default()
}

fn main() {
    on_both();
}

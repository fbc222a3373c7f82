use feishu_events::feishu_handler;

#[feishu_handler("im.message.updated_v1")]
fn on_updated() {}

fn main() {
    on_updated();
}

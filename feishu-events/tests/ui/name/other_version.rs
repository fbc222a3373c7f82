use feishu_events::feishu_handler;

#[feishu_handler("im.message.receive_v2")]
fn on_message() {}

fn main() {
    on_message();
}

use feishu_events::{dispatcher, feishu_handler};

// One error only: neither the function nor the dispatcher adds another.
#[feishu_handler("im.message.receive")]
async fn on_message() {}

fn main() {
    let _: feishu_events::Dispatcher = dispatcher![on_message];
}

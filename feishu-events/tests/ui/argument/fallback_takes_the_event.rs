use feishu_events::{feishu_handler, im};

#[feishu_handler(fallback)]
async fn on_rest(event: im::MessageReceiveV1) {
    drop(event);
}

fn main() {}

use feishu_events::{feishu_handler, im};

#[feishu_handler("im.chat.disbanded_v1")]
fn on_disbanded(_: &im::ChatUpdatedV1) {}

fn main() {}

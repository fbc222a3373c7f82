use feishu_events::feishu_handler;

struct Thing;

#[feishu_handler(payload = Thing)]
fn on_thing(_: Thing) {}

fn main() {}

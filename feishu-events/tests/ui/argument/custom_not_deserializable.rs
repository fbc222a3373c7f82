use feishu_events::feishu_handler;

struct Thing;

#[feishu_handler("acme.thing.done_v1", payload = Thing)]
fn on_thing(_: Thing) {}

fn main() {}

use feishu_events::feishu_handler;

struct Thing;

#[feishu_handler("acme.thing.done_v1", "acme.thing.begun_v1", payload = Thing)]
fn on_things() {}

fn main() {
    let _ = Thing;
    on_things();
}

use feishu_events::feishu_handler;

pub struct One;
pub struct Other;

#[feishu_handler("acme.thing.done_v1", payload = u8, payload = u16)]
fn two_payloads(_: u8) {}

#[feishu_handler("im.chat.disbanded_v1", on = One, on = Other)]
fn two_types() {}

#[feishu_handler(fallback, fallback)]
fn two_fallbacks() {}

fn main() {
    two_payloads(0);
    two_types();
    two_fallbacks();
}

use feishu_events::feishu_handler;

#[feishu_handler("something.else.entirely_v1")]
fn on_something() {}

fn main() {
    on_something();
}

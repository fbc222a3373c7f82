use feishu_events::feishu_handler;

#[feishu_handler("")]
fn on_nothing() {}

fn main() {
    on_nothing();
}

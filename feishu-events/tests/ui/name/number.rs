use feishu_events::feishu_handler;

#[feishu_handler(3)]
fn on_three() {}

fn main() {
    on_three();
}

use feishu_events::feishu_handler;

#[feishu_handler("card.*")]
fn on_card() {}

fn main() {
    on_card();
}

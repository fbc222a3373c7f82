use feishu_events::{Dispatcher, dispatcher};

struct Bot;

impl Bot {
    fn on_disbanded() {}
}

fn main() {
    let _: Dispatcher = dispatcher![Bot::on_disbanded];
    Bot::on_disbanded();
}

use feishu_events::{Dispatcher, dispatcher, feishu_handler};

struct Bot;

// One error each, in an `impl` too.
impl Bot {
    #[feishu_handler("im.chat.disbandd_v1", on = Bot)]
    fn on_disbanded() {}

    #[feishu_handler(3, on = Bot)]
    fn on_three() {}
}

fn main() {
    let _: Dispatcher = dispatcher![Bot::on_disbanded, Bot::on_three];
}

use feishu_events::feishu_handler;

struct Bot;

impl Bot {
    #[feishu_handler("im.chat.disbanded_v1", on = Bot)]
    fn on_disbanded(&self) {}
}

fn main() {
    Bot.on_disbanded();
}

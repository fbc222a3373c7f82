#![deny(warnings)]

use feishu_events::{Context, Dispatcher, State, dispatcher, feishu_handler, im};

mod bots {
    pub struct Bot;
}

impl bots::Bot {
    #[feishu_handler("im.chat.disbanded_v1", on = bots::Bot)]
    async fn on_disbanded(_: im::ChatDisbandedV1, State(_): State<u8>) -> Result<(), String> {
        Self::elsewhere();
        Ok(())
    }

    #[feishu_handler(fallback, on = bots::Bot)]
    fn on_rest(_: &Context) {}

    fn elsewhere() {}
}

fn main() {
    let dispatcher: Dispatcher =
        dispatcher![bots::Bot::on_disbanded, bots::Bot::on_rest].state(3);
    assert_eq!(dispatcher.event_types().len(), 1);
}

use feishu_events::{Dispatcher, State, dispatcher, feishu_handler};

#[derive(Clone)]
struct App;

#[derive(Clone)]
struct Database;

#[feishu_handler("im.chat.disbanded_v1")]
fn on_disbanded(_: State<Database>) {}

fn main() {
    let _: Dispatcher = dispatcher![on_disbanded].state(App);
}

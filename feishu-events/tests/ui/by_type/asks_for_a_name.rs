use feishu_events::{Context, Dispatcher, Event, Header, UserId, dispatcher, feishu_handler};

#[feishu_handler]
fn nothing() {}

#[feishu_handler]
fn no_payload(_: Header, _: &Context) {}

#[feishu_handler]
fn any_event(_: &Event) {}

#[feishu_handler]
async fn other_type(_: Header, _: u32) {}

// In the payload of several events.
#[feishu_handler]
fn several(_: UserId) {}

struct Bot;

impl Bot {
    #[feishu_handler(on = Bot)]
    fn associated(_: Event) {}
}

fn main() {
    let _: Dispatcher =
        dispatcher![nothing, no_payload, any_event, other_type, several, Bot::associated];
}

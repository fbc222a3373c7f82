//! Handlers whose attribute names no event: the type of an argument does, whatever it is called here.

use feishu_events::callback::CardActionTriggerResponse;
use feishu_events::{
    Context as Info, Dispatcher, EventType, State, card, contact, dispatcher, feishu_handler, im,
};
use im::ChatDisbandedV1 as Header;

type Created = contact::UserCreatedV3;

#[feishu_handler]
async fn by_value(event: contact::DepartmentUpdatedV3, _: State<u8>) {
    drop(event);
}

#[feishu_handler()]
fn by_reference(_: Info, event: &Created) -> Result<(), String> {
    let _ = event;
    Ok(())
}

#[feishu_handler]
fn called_like_ours(_: &State<u8>, _: &Header) {}

#[feishu_handler]
async fn callback(_: card::ActionTrigger) -> CardActionTriggerResponse {
    CardActionTriggerResponse::default()
}

// Not the variable in what the attribute writes.
#[feishu_handler]
fn event(_: &contact::UserDeletedV3) {}

struct Bot;

impl Bot {
    #[feishu_handler(on = Bot)]
    fn on_message(_: &mut im::MessageReceiveV1) {}
}

fn main() {
    let all: Dispatcher = dispatcher![
        by_value,
        by_reference,
        called_like_ours,
        callback,
        event,
        Bot::on_message
    ]
    .state(3);
    assert_eq!(
        all.event_types(),
        [
            EventType::ContactDepartmentUpdatedV3,
            EventType::ContactUserCreatedV3,
            EventType::ImChatDisbandedV1,
            EventType::CardActionTrigger,
            EventType::ContactUserDeletedV3,
            EventType::ImMessageReceiveV1,
        ]
    );
}

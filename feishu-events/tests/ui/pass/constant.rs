#![deny(warnings)]

mod chats {
    use feishu_events::names;

    #[feishu_events::feishu_handler(names::IM_CHAT_DISBANDED_V1, "im.chat.member.*", names::IM_CHAT_UPDATED_V1)]
    pub(crate) fn on_chats(_: feishu_events::Event) {}
}

mod bot {
    use feishu_events::names::{CARD_ACTION_TRIGGER, IM_MESSAGE_RECEIVE_V1};
    use feishu_events::{callback::CardActionTriggerResponse, feishu_handler};

    pub(crate) struct Bot;

    impl Bot {
        #[feishu_handler(IM_MESSAGE_RECEIVE_V1, on = Bot)]
        pub(crate) fn on_message(_: &feishu_events::im::MessageReceiveV1) {}
    }

    #[feishu_handler(CARD_ACTION_TRIGGER)]
    pub(crate) fn on_card() -> CardActionTriggerResponse {
        CardActionTriggerResponse::default()
    }
}

use feishu_events::{Dispatcher, EventType, dispatcher, feishu_handler};

#[feishu_handler(feishu_events::names::CONTACT_DEPARTMENT_UPDATED_V3)]
fn on_department_updated() {}

fn main() {
    let dispatcher: Dispatcher =
        dispatcher![on_department_updated, chats::on_chats, bot::on_card, bot::Bot::on_message];
    assert!(dispatcher.event_types().contains(&EventType::ImChatUpdatedV1));
}

use feishu_events::{Dispatcher, State, contact, dispatcher, feishu_handler, im};

#[feishu_handler("contact.department.updated_v3")]
async fn on_department_updated(event: contact::UserUpdatedV3) {
    drop(event);
}

#[feishu_handler("im.chat.disbanded_v1")]
fn on_chat_disbanded(_: &im::ChatDisbandedV1, _: State<u8>, _: u32) {}

struct Thing;

#[feishu_handler("acme.thing.done_v1", payload = Thing)]
fn on_thing(_: Thing) {}

struct Bot;

impl Bot {
    #[feishu_handler("im.message.receive_v1", on = Bot)]
    async fn on_message(_: im::ChatUpdatedV1) -> Result<(), String> {
        Ok(())
    }
}

fn main() {
    let _: Dispatcher =
        dispatcher![on_department_updated, on_chat_disbanded, on_thing, Bot::on_message].state(3);
}

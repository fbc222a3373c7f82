use feishu_events::{Dispatcher, contact, dispatcher, feishu_handler, im, names};

#[feishu_handler("contact.department.updated_v3")]
async fn on_department_updated(event: contact::DepartmentUpdatedV3) {
    drop(event);
}

#[feishu_handler(names::IM_CHAT_DISBANDED_V1)]
fn on_disbanded(_: &im::ChatDisbandedV1) {}

#[feishu_handler]
async fn on_user_created(user: contact::UserCreatedV3) {
    drop(user);
}

struct Bot;

impl Bot {
    #[feishu_handler("im.message.receive_v1", on = Bot)]
    fn on_message(_: &im::MessageReceiveV1) {}
}

fn main() {
    let _: Dispatcher = dispatcher![on_department_updated, on_disbanded, on_user_created, Bot::on_message];
    let _: Dispatcher = dispatcher! { names::IM_CHAT_DISBANDED_V1 => on_disbanded };
}

use feishu_events::{Context, Dispatcher, dispatcher, feishu_handler, names};

// One error each, none about the dispatcher.
#[feishu_handler("contact.department.updated_v3")]
async fn on_department_updated(_: Context) {}

#[feishu_handler(names::VC_MEETING_SHARE_ENDED_V1)]
fn on_share_ended() {}

#[feishu_handler("card.action.trigger")]
fn on_card() {}

#[feishu_handler("im.chat.disbanded_v1")]
fn on_disbanded(_: &feishu_events::im::ChatDisbandedV1) {}

struct Bot;

impl Bot {
    #[feishu_handler("contact.user.created_v3", on = Bot)]
    fn on_user_created() {}
}

fn main() {
    let _: Dispatcher = dispatcher![
        on_department_updated,
        on_share_ended,
        on_card,
        on_disbanded,
        Bot::on_user_created
    ];
}

#![deny(warnings)]

use feishu_events::contact::DepartmentUpdatedV3 as Updated;
use feishu_events::{Context, Header, contact, dispatcher, feishu_handler, im};

#[feishu_handler("contact.department.created_v3")]
fn nothing() {}

#[feishu_handler("contact.department.updated_v3")]
async fn renamed_by_value(_: Updated) {}

#[feishu_handler("contact.department.deleted_v3")]
async fn by_reference(_: &contact::DepartmentDeletedV3) -> Result<(), std::io::Error> {
    Ok(())
}

#[feishu_handler("contact.user.updated_v3")]
fn any_order(header: &Header, mut event: contact::UserUpdatedV3, _: Context) -> Result<(), String> {
    let object = event.object.take().ok_or("no object")?;
    object.name.or(header.event_id.clone()).map(drop).ok_or_else(|| "no name".to_owned())
}

#[feishu_handler("contact.user.deleted_v3")]
fn mutable(event: &mut contact::UserDeletedV3) -> anyhow_like::Result {
    event.object = None;
    Ok(())
}

/// An error type that is converted, not an `Error` itself.
mod anyhow_like {
    pub struct Failure;

    impl From<Failure> for Box<dyn std::error::Error + Send + Sync> {
        fn from(_: Failure) -> Self {
            "failed".into()
        }
    }

    pub type Result = std::result::Result<(), Failure>;
}

mod chats {
    pub mod deep {
        #[feishu_events::feishu_handler("im.chat.disbanded_v1")]
        pub async fn on_disbanded(_: super::super::im::ChatDisbandedV1) {}
    }
}

fn main() {
    let dispatcher: feishu_events::Dispatcher = dispatcher![
        nothing,
        renamed_by_value,
        by_reference,
        any_order,
        mutable,
        chats::deep::on_disbanded,
    ];
    assert_eq!(dispatcher.event_types().len(), 6);
    // The functions are still there, to be called as they were written.
    nothing();
}

//! An app that has `feishu-events` only through another crate.

include!(concat!(env!("OUT_DIR"), "/feishu_events.rs"));

#[cfg(test)]
mod tests {
    use feishu_events_framework::events::{self, Dispatcher, contact, feishu_handler, im};
    use feishu_events_framework::{bot, on};

    use super::acme;

    #[feishu_handler("im.chat.disbanded_v1", crate = feishu_events_framework::events)]
    fn on_disbanded(_: &im::ChatDisbandedV1) {}

    #[feishu_handler(
        events::names::CONTACT_USER_CREATED_V3,
        crate = feishu_events_framework::events
    )]
    fn on_user_created(_: &contact::UserCreatedV3) {}

    on!(
        "contact.department.updated_v3",
        fn on_department(_: &contact::DepartmentUpdatedV3) {}
    );

    #[feishu_handler(
        "acme.parcel.sent_v1",
        payload = acme::ParcelSentV1,
        crate = feishu_events_framework::events
    )]
    fn on_sent(_: &acme::ParcelSentV1) {}

    #[test]
    fn types_of_own_schemas_find_the_library_through_a_re_export() {
        let dispatcher: Dispatcher = bot![on_sent];
        assert_eq!(dispatcher.other_names(), ["acme.parcel.sent_v1"]);
    }

    #[test]
    fn handlers_are_found_through_a_re_export() {
        let by_path: Dispatcher = events::dispatcher! {
            crate = feishu_events_framework::events;
            on_disbanded, on_user_created
        };
        let by_macro: Dispatcher = bot![on_disbanded, on_user_created, on_department];
        assert_eq!(by_path.event_types().len(), 2);
        assert_eq!(by_macro.event_types().len(), 3);
    }
}

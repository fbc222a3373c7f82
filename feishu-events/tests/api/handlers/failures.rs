//! What becomes of events that cannot be read, and of handlers that panic.

use feishu_events::{Context, DispatchError, Dispatcher, ReportKind, dispatcher, feishu_handler};

use super::event;

#[tokio::test]
async fn a_payload_that_does_not_fit_the_users_type_names_event_and_reason() {
    #[feishu_handler("acme.count.changed_v1", payload = Vec<u32>)]
    fn on_count(_: &Vec<u32>) {}

    let dispatcher: Dispatcher = dispatcher![on_count];
    let error = dispatcher
        .dispatch(&event("acme.count.changed_v1", "{}"))
        .await
        .unwrap_err();
    assert!(matches!(error, DispatchError::Envelope(_)));
    let text = error.to_string();
    assert!(
        text.starts_with("the payload of `acme.count.changed_v1` cannot be read into its type")
    );
}

#[tokio::test]
async fn half_a_character_does_not_keep_an_event_from_a_type_of_ones_own() {
    #[derive(serde::Deserialize)]
    struct Parcel {
        note: String,
    }

    #[feishu_handler("acme.parcel.sent_v1", payload = Parcel)]
    fn on_parcel(parcel: &Parcel, context: &Context) {
        assert_eq!(parcel.note, "mind the \u{fffd}");
        assert_eq!(context.reports[0].path, "/note");
        assert_eq!(context.reports[0].kind, ReportKind::Replaced);
    }

    let dispatcher: Dispatcher = dispatcher![on_parcel];
    let event = event("acme.parcel.sent_v1", r#"{ "note": "mind the \ud83d" }"#);
    dispatcher.dispatch(&event).await.unwrap();
}

#[tokio::test]
async fn an_error_for_the_log_says_where_and_quotes_no_payload() {
    #[feishu_handler("acme.phone.changed_v1", payload = std::collections::BTreeMap<String, u32>)]
    fn on_phone(_: &std::collections::BTreeMap<String, u32>) {}

    let dispatcher: Dispatcher = dispatcher![on_phone];
    let payload = r#"{ "phone": "13800138000" }"#;
    let event = event("acme.phone.changed_v1", payload);
    let error = dispatcher.dispatch(&event).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "the payload of `acme.phone.changed_v1` cannot be read into its type, at line 1, \
         column 24 of it"
    );
    let cause = std::error::Error::source(&error).unwrap().to_string();
    assert!(
        cause.contains("13800138000"),
        "for who looks for it: {cause}"
    );
}

#[tokio::test]
async fn a_panic_while_the_event_is_read_fails_its_own_delivery_and_nothing_else() {
    struct Panics;

    impl<'de> serde::Deserialize<'de> for Panics {
        fn deserialize<D: serde::Deserializer<'de>>(_: D) -> Result<Self, D::Error> {
            panic!("not for reading")
        }
    }

    #[feishu_handler("acme.thing.done_v1", payload = Panics)]
    fn on_thing(_: Panics) {}

    let dispatcher: Dispatcher = dispatcher![on_thing];
    let dispatcher = dispatcher.on_unhandled(|_| panic!("not for hearing"));
    for (event_type, message) in [
        ("acme.thing.done_v1", "not for reading"),
        ("acme.other.done_v1", "not for hearing"),
    ] {
        let event = event(event_type, "{}");
        let error = dispatcher.dispatch(&event).await.unwrap_err();
        assert!(matches!(error, DispatchError::Panicked { .. }), "{error:?}");
        assert!(error.to_string().ends_with(message), "{error}");
    }
}

#[tokio::test]
async fn a_panic_fails_its_own_delivery_and_nothing_else() {
    #[feishu_handler("im.chat.disbanded_v1")]
    async fn panics() {
        tokio::task::yield_now().await;
        panic!("the {} is broken", "lamp");
    }

    let dispatcher: Dispatcher = dispatcher![panics];
    for _ in 0..2 {
        let error = dispatcher
            .dispatch(&event("im.chat.disbanded_v1", "{}"))
            .await
            .unwrap_err();
        assert_eq!(
            error.to_string(),
            "the handler of `im.chat.disbanded_v1` panicked (event without id): the lamp is broken"
        );
    }
}

//! Handlers get the events they are for, and the result of each event is reported.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use feishu_events::{
    Context, DispatchError, Dispatched, Dispatcher, EventType, Header, approval, contact,
    dispatcher, feishu_handler,
};

static DELETED: AtomicUsize = AtomicUsize::new(0);

#[feishu_handler("contact.department.deleted_v3")]
fn on_deleted(event: &contact::DepartmentDeletedV3) {
    let name = event
        .object
        .as_ref()
        .and_then(|department| department.name.as_deref());
    assert_eq!(name, Some("Lamp lighters"));
    DELETED.fetch_add(1, Ordering::SeqCst);
}

#[feishu_handler("contact.user.updated_v3")]
async fn on_user_updated(
    context: Context,
    event: contact::UserUpdatedV3,
    header: &Header,
) -> Result<(), String> {
    tokio::task::yield_now().await;
    assert_eq!(&context.header, header);
    Err(format!(
        "no luck with {:?}",
        event.object.and_then(|user| user.name)
    ))
}

#[feishu_handler("approval_instance")]
async fn on_instance(event: approval::ApprovalInstance, header: Header) -> Result<(), String> {
    tokio::task::yield_now().await;
    match (
        event.status.as_ref().map(ToString::to_string).as_deref(),
        header.event_id.as_deref(),
    ) {
        (Some("APPROVED"), Some("bc44")) => Ok(()),
        other => Err(format!("{other:?}")),
    }
}

fn handlers() -> Dispatcher {
    dispatcher![on_deleted, on_user_updated, on_instance]
}

fn v2(event_type: &str, event: &str) -> String {
    format!(
        r#"{{ "schema": "2.0", "header": {{ "event_id": "5e37", "event_type": "{event_type}" }},
              "event": {event} }}"#
    )
}

#[tokio::test]
async fn a_handler_gets_its_event() {
    let event = v2(
        "contact.department.deleted_v3",
        r#"{ "object": { "name": "Lamp lighters" } }"#,
    );
    let before = DELETED.load(Ordering::SeqCst);
    let outcome = handlers().dispatch(event.as_bytes()).await.unwrap();
    assert!(matches!(outcome, Dispatched::Handled(_)), "{outcome:?}");
    assert_eq!(DELETED.load(Ordering::SeqCst), before + 1);
}

#[tokio::test]
async fn an_event_of_protocol_1_is_handled_too() {
    let event = r#"{ "ts": "1502199207.7171419", "uuid": "bc44", "token": "41a9",
        "type": "event_callback",
        "event": { "type": "approval_instance", "status": "APPROVED" } }"#;
    let outcome = handlers().dispatch(event.as_bytes()).await.unwrap();
    assert!(matches!(outcome, Dispatched::Handled(_)), "{outcome:?}");
}

#[tokio::test]
async fn a_failure_names_the_event_and_keeps_the_cause() {
    let event = v2(
        "contact.user.updated_v3",
        r#"{ "object": { "name": "Ada" } }"#,
    );
    let error = handlers().dispatch(event.as_bytes()).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "the handler of `contact.user.updated_v3` failed (event 5e37)"
    );
    let cause = std::error::Error::source(&error).unwrap();
    assert_eq!(cause.to_string(), r#"no luck with Some("Ada")"#);
}

#[tokio::test]
async fn an_event_without_handler_is_no_error() {
    for event_type in ["contact.user.created_v3", "acme.thing.done_v1"] {
        let outcome = handlers()
            .dispatch(v2(event_type, "{}").as_bytes())
            .await
            .unwrap();
        assert!(
            matches!(&outcome, Dispatched::Unhandled { event_type: it, .. } if it == event_type),
            "{outcome:?}"
        );
    }
}

#[tokio::test]
async fn the_names_of_the_protocols_are_different_name_spaces() {
    let event = v2("approval_instance", r#"{ "status": "APPROVED" }"#);
    let outcome = handlers().dispatch(event.as_bytes()).await.unwrap();
    assert!(
        matches!(outcome, Dispatched::Unhandled { .. }),
        "{outcome:?}"
    );
}

#[tokio::test]
async fn what_is_no_event_is_refused_with_what_is_missing() {
    let cases = [
        ("[]", "an event must be a JSON object"),
        ("\"", "an event must be a JSON object"),
        ("{}", "the event's member `event` must be an object"),
        (
            r#"{ "event": {} }"#,
            "the event's member `event.type` must be a string that names its type",
        ),
        (
            r#"{ "schema": "2.0", "header": {}, "event": {} }"#,
            "the event's member `header.event_type` must be a string that names its type",
        ),
        (
            r#"{ "schema": "2.0", "event": {} }"#,
            "the event's member `header` must be an object",
        ),
    ];
    for (event, message) in cases {
        let error = handlers().dispatch(event.as_bytes()).await.unwrap_err();
        assert!(matches!(error, DispatchError::Envelope(_)));
        assert_eq!(error.to_string(), message, "{event}");
    }
}

#[test]
fn a_dispatcher_knows_what_to_subscribe_to() {
    assert_eq!(
        handlers().event_types(),
        [
            EventType::ContactDepartmentDeletedV3,
            EventType::ContactUserUpdatedV3,
            EventType::ApprovalInstance,
        ]
    );
    assert!(dispatcher![].event_types().is_empty());
}

#[tokio::test]
async fn merged_dispatchers_both_tell_of_events_without_a_handler() {
    let noticed = Arc::new(Mutex::new(Vec::new()));
    let telling = |dispatcher: Dispatcher, name: &'static str| {
        let noticed = Arc::clone(&noticed);
        dispatcher.on_unhandled(move |header: &Header| {
            let told_by = format!("{name} {}", header.event_type);
            noticed.lock().unwrap().push(told_by);
        })
    };
    let first = telling(handlers(), "first");
    let second = telling(dispatcher![], "second");
    let merged = first.merge(second).unwrap();
    let event = v2("contact.user.created_v3", "{}");
    merged.dispatch(event.as_bytes()).await.unwrap();
    let expected = ["first", "second"].map(|name| format!("{name} contact.user.created_v3"));
    assert_eq!(*noticed.lock().unwrap(), expected);
}

#[tokio::test]
async fn a_hook_that_panics_keeps_the_other_from_nothing_and_fails_the_event() {
    for panics in ["first", "second", "both"] {
        let noticed = Arc::new(AtomicUsize::new(0));
        let telling = |name: &'static str| {
            let noticed = Arc::clone(&noticed);
            dispatcher![].on_unhandled(move |_: &Header| {
                noticed.fetch_add(1, Ordering::SeqCst);
                assert!(
                    panics != name && panics != "both",
                    "the {name} hook is broken"
                );
            })
        };
        let merged = telling("first").merge(telling("second")).unwrap();
        let event = v2("contact.user.created_v3", "{}");
        let error = merged.dispatch(event.as_bytes()).await.unwrap_err();
        assert_eq!(noticed.load(Ordering::SeqCst), 2, "{panics}");
        let first = if panics == "second" {
            "second"
        } else {
            "first"
        };
        let message = format!("the {first} hook is broken");
        assert!(error.to_string().contains(&message), "{error}");
    }
}

#[feishu_handler(fallback)]
fn on_rest(_: feishu_events::Event) -> Result<(), &'static str> {
    Err("no luck")
}

#[tokio::test]
async fn a_sender_writes_one_short_line_into_the_log() {
    let name = "strange\nERROR forged \u{202e}line".to_owned() + &"x".repeat(10_000);
    let id = "i\n".repeat(10_000);
    let (name, id) = (serde_json::json!(name), serde_json::json!(id));
    let header = format!(r#"{{ "event_type": {name}, "event_id": {id} }}"#);
    let forged = format!(r#"{{ "schema": "2.0", "header": {header}, "event": {{}} }}"#);
    let error = dispatcher![on_rest].dispatch(forged.as_bytes()).await;
    let shown = error.unwrap_err().to_string();
    assert!(shown.contains("strange ERROR forged"), "{shown}");
    assert!(!shown.contains(['\n', '\u{202e}']), "{shown}");
    assert!(shown.chars().count() < 600, "{shown}");
}

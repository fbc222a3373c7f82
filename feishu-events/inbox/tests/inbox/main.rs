//! An inbox between a receiver and its handlers.

#![allow(clippy::unwrap_used, reason = "a test fails so")]
#![allow(clippy::print_stdout, reason = "a skipped test says so")]
#![allow(clippy::unused_async, reason = "some stores wait for a server")]

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use feishu_events::testing::{EventRequest, sample};
use feishu_events::{
    Context, Dispatcher, LastAttempt, State as AppState, Webhook, callback, card, dispatcher,
    feishu_handler, im,
};
use feishu_events_inbox::{Inbox, InboxBuilder, MemoryStore, Retry, Selection, State};

#[cfg(all(feature = "cli", feature = "sqlite"))]
mod command;
mod contract;
#[cfg(any(feature = "sqlite", feature = "redis", feature = "postgres"))]
mod crash;
mod dependencies;
#[cfg(all(unix, any(feature = "sqlite", feature = "redis", feature = "postgres")))]
mod full_disk;
#[cfg(feature = "metrics")]
mod observed;
#[cfg(any(feature = "redis", feature = "postgres"))]
mod outages;
#[cfg(feature = "postgres")]
mod own_transaction;
mod places;
#[cfg(any(feature = "redis", feature = "postgres"))]
mod servers;
#[cfg(any(feature = "sqlite", feature = "redis", feature = "postgres"))]
mod sharing;
#[cfg(feature = "sqlite")]
mod sqlite_file;
#[cfg(feature = "sqlite")]
mod sqlite_log;
mod store_away;
mod suite;
#[cfg(any(feature = "sqlite", feature = "redis", feature = "postgres"))]
mod ten_seconds;

/// What the handlers saw and how they behave.
#[derive(Clone, Default)]
struct App(Arc<Seen>);

#[derive(Default)]
struct Seen {
    calls: Mutex<Vec<(String, Context)>>,
    fails: AtomicUsize,
    takes: Mutex<Duration>,
}

impl App {
    fn calls(&self) -> Vec<(String, Context)> {
        self.0.calls.lock().unwrap().clone()
    }
    fn ids(&self) -> Vec<String> {
        self.calls().into_iter().map(|(id, _)| id).collect()
    }
    fn fail(&self, times: usize) {
        self.0.fails.store(times, Ordering::SeqCst);
    }
    fn take(&self, time: Duration) {
        *self.0.takes.lock().unwrap() = time;
    }
}

#[feishu_handler("im.message.receive_v1")]
async fn on_message(
    event: im::MessageReceiveV1,
    context: Context,
    AppState(app): AppState<App>,
) -> Result<(), String> {
    let id = event.message.and_then(|message| message.message_id);
    let id = id.ok_or("no message id")?;
    app.0.calls.lock().unwrap().push((id.clone(), context));
    let takes = *app.0.takes.lock().unwrap();
    tokio::time::sleep(takes).await;
    let fails = &app.0.fails;
    let failing = fails.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| {
        left.checked_sub(1)
    });
    match failing {
        Ok(_) => Err(format!("no\nluck with {id}")),
        Err(_) => Ok(()),
    }
}

#[feishu_handler("card.action.trigger")]
fn on_card(_event: card::ActionTrigger) -> callback::CardActionTriggerResponse {
    callback::CardActionTriggerResponse::default().toast(callback::Toast::success("now"))
}

fn handlers(app: &App) -> Dispatcher {
    dispatcher![on_message, on_card].state(app.clone())
}

fn quick(app: &App) -> InboxBuilder {
    Inbox::builder(handlers(app))
        .poll_interval(Duration::from_millis(10))
        .retry(Retry::default().attempts(3).first(Duration::from_millis(1)))
}

fn webhook(inbox: &Inbox) -> Webhook {
    let webhook = Webhook::builder(inbox.dispatcher()).verification_token("token");
    webhook.build().unwrap()
}

fn message(id: &str, chat: &str) -> EventRequest {
    let mut event = sample::<im::MessageReceiveV1>();
    if let Some(message) = &mut event.message {
        message.message_id = Some(id.to_owned());
        message.chat_id = Some(chat.to_owned());
    }
    EventRequest::new(&event).event_id(format!("event of {id}"))
}

async fn post(webhook: &Webhook, event: &EventRequest) -> u16 {
    let request = event.clone().token("token").into_http();
    let (head, body) = request.into_parts();
    webhook.handle(&head.headers, &body).await.status().as_u16()
}

/// Posts an event until it is acknowledged, as the platform does, only sooner.
#[cfg(any(feature = "sqlite", feature = "redis", feature = "postgres"))]
async fn deliver(webhook: &Webhook, event: &EventRequest) {
    let acknowledged = async || post(webhook, event).await == 200;
    eventually("it is acknowledged", acknowledged).await;
}

async fn eventually(what: &str, mut is_so: impl AsyncFnMut() -> bool) {
    for _ in 0..1000 {
        if is_so().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("not after 10 s: {what}");
}

async fn settled(inbox: &Inbox) {
    eventually("all settled", async || {
        inbox.depth().await.unwrap().unsettled() == 0
    })
    .await;
}

#[tokio::test]
async fn an_event_is_acknowledged_kept_and_handled_once() {
    let app = App::default();
    let inbox = quick(&app).build(MemoryStore::new());
    let webhook = webhook(&inbox);
    for _ in 0..3 {
        assert_eq!(post(&webhook, &message("om_1", "oc_1")).await, 200);
    }
    assert!(app.calls().is_empty(), "handled before it was started");
    assert_eq!(inbox.depth().await.unwrap().waiting, 1);
    let workers = inbox.start();
    settled(&inbox).await;
    let [(id, context)] = &app.calls()[..] else {
        panic!("{:?}", app.calls())
    };
    assert_eq!(id, "om_1");
    assert_eq!(context.header.event_id.as_deref(), Some("event of om_1"));
    assert_eq!(context.header.token, None, "a secret is kept");
    assert_eq!(
        context.delivery.transport,
        feishu_events::Transport::Webhook
    );
    assert!(!context.delivery.is_repetition());
    assert_eq!(context.delivery.kept.unwrap().attempt, 1);
    assert_eq!(
        workers.shut_down(Duration::from_secs(1)).await.interrupted,
        0
    );
    assert_eq!(post(&webhook, &message("om_1", "oc_1")).await, 200);
    assert_eq!(inbox.depth().await.unwrap().unsettled(), 0);
}

#[tokio::test]
async fn a_callback_is_answered_by_its_handler_and_never_kept() {
    let inbox = quick(&App::default()).build(MemoryStore::new());
    let click = EventRequest::new(&sample::<card::ActionTrigger>()).token("token");
    let (head, body) = click.into_http().into_parts();
    let response = webhook(&inbox).handle(&head.headers, &body).await;
    let body = String::from_utf8_lossy(response.body()).into_owned();
    assert!(body.contains("now"), "{body}");
    assert_eq!(inbox.depth().await.unwrap().waiting, 0);
}

#[tokio::test]
async fn a_failed_event_is_tried_again_and_is_dead_in_the_end() {
    let app = App::default();
    let dead = Arc::new(Mutex::new(Vec::new()));
    let noted = Arc::clone(&dead);
    let inbox = quick(&app)
        .on_dead(move |event| noted.lock().unwrap().push(event.clone()))
        .build(MemoryStore::new());
    let webhook = webhook(&inbox);
    let _workers = inbox.start();
    app.fail(1);
    post(&webhook, &message("om_1", "oc_1")).await;
    settled(&inbox).await;
    let attempts: Vec<_> = app
        .calls()
        .iter()
        .map(|it| it.1.delivery.kept.unwrap())
        .collect();
    assert_eq!(attempts.len(), 2);
    assert_eq!(
        (attempts[1].attempt, attempts[1].last_attempt),
        (2, Some(LastAttempt::Failed))
    );
    assert!(attempts[1].fence > attempts[0].fence);

    app.fail(3);
    post(&webhook, &message("om_2", "oc_1")).await;
    settled(&inbox).await;
    assert_eq!(app.calls().len(), 5);
    let found = inbox.dead(0, 10).await.unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!(
        found[0].reason.as_deref(),
        Some("no luck with om_2"),
        "one line"
    );
    eventually("the hook is called", async || {
        dead.lock().unwrap().len() == 1
    })
    .await;
    assert_eq!(dead.lock().unwrap()[0].attempts, 3);

    assert_eq!(inbox.redrive(Selection::All).await.unwrap(), 1);
    settled(&inbox).await;
    assert_eq!(app.calls().len(), 6);
    assert!(inbox.dead(0, 10).await.unwrap().is_empty());
}

#[tokio::test]
async fn events_of_a_chat_are_handled_in_order_and_a_failing_one_holds_only_its_chat() {
    let app = App::default();
    let inbox = quick(&app).in_order().workers(8).build(MemoryStore::new());
    let webhook = webhook(&inbox);
    app.fail(1);
    for n in 0..10 {
        post(&webhook, &message(&format!("a{n}"), "a")).await;
        post(&webhook, &message(&format!("b{n}"), "b")).await;
    }
    let _workers = inbox.start();
    settled(&inbox).await;
    for chat in ["a", "b"] {
        let mut ids = app.ids();
        ids.retain(|id| id.starts_with(chat));
        ids.dedup(); // the one that failed and came again
        let expected: Vec<_> = (0..10).map(|n| format!("{chat}{n}")).collect();
        assert_eq!(ids, expected);
    }
}

#[tokio::test]
async fn a_shutdown_gives_back_what_has_not_begun_and_interrupts_the_rest() {
    let app = App::default();
    app.take(Duration::from_secs(60));
    let store = Arc::new(MemoryStore::new());
    let inbox = quick(&app).workers(2).build(Arc::clone(&store));
    let receiver = webhook(&inbox);
    for n in 0..5 {
        post(&receiver, &message(&format!("om_{n}"), "oc_1")).await;
    }
    let workers = inbox.start();
    eventually("two run", async || app.calls().len() == 2).await;
    assert_eq!(inbox.status().running, 2);
    let stopped = workers.shut_down(Duration::from_millis(50)).await;
    assert_eq!(stopped.interrupted, 2);
    assert_eq!(inbox.depth().await.unwrap().unsettled(), 5);

    // The next process has all of them, and knows which may have been handled.
    app.take(Duration::ZERO);
    let next = quick(&app).build(store);
    let _workers = next.start();
    settled(&next).await;
    let calls = app.calls();
    assert_eq!(calls.len(), 7);
    let repeated = calls[2..].iter().filter(|it| it.1.delivery.is_repetition());
    let mut repeated: Vec<_> = repeated.map(|(id, _)| id.as_str()).collect();
    repeated.sort_unstable();
    let mut first = app.ids()[..2].to_vec();
    first.sort_unstable();
    assert_eq!(repeated, first);
}

#[tokio::test]
async fn a_handler_that_takes_longer_than_its_lease_keeps_it() {
    let app = App::default();
    app.take(Duration::from_millis(700));
    let inbox = quick(&app)
        .lease_time(Duration::from_millis(200))
        .build(MemoryStore::new());
    let _workers = inbox.start();
    post(&webhook(&inbox), &message("om_1", "oc_1")).await;
    settled(&inbox).await;
    assert_eq!(app.calls().len(), 1);
}

#[tokio::test]
async fn a_handler_that_takes_too_long_has_failed() {
    let app = App::default();
    app.take(Duration::from_secs(60));
    let inbox = quick(&app)
        .time_limit(Duration::from_millis(20))
        .build(MemoryStore::new());
    let _workers = inbox.start();
    post(&webhook(&inbox), &message("om_1", "oc_1")).await;
    settled(&inbox).await;
    let dead = inbox.dead(0, 1).await.unwrap().remove(0);
    assert_eq!(
        dead.reason.as_deref(),
        Some("its handler was not done after 20ms")
    );
    assert_eq!((dead.attempts, dead.state), (3, State::Dead));
}

#[tokio::test]
async fn paused_it_keeps_and_handles_nothing() {
    let app = App::default();
    let inbox = quick(&app).build(MemoryStore::new());
    inbox.pause();
    let workers = inbox.start();
    assert_eq!(post(&webhook(&inbox), &message("om_1", "oc_1")).await, 200);
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert!(app.calls().is_empty() && inbox.status().is_paused);
    inbox.resume();
    settled(&inbox).await;
    assert_eq!(app.calls().len(), 1);
    inbox.pause();
    workers.shut_down(Duration::from_secs(1)).await;
}

#[tokio::test]
async fn an_event_that_no_handler_here_takes_is_dead_and_not_lost() {
    let store = Arc::new(MemoryStore::new());
    let old = quick(&App::default()).build(Arc::clone(&store));
    post(&webhook(&old), &message("om_1", "oc_1")).await;
    let next = Inbox::builder(dispatcher![])
        .retry(Retry::default().attempts(1))
        .build(store);
    let _workers = next.start();
    settled(&next).await;
    let dead = next.dead(0, 1).await.unwrap().remove(0);
    let reason = dead.reason.unwrap();
    assert_eq!(reason, "there is no handler for it in this process");
}

#[cfg(feature = "encryption")]
#[tokio::test]
async fn an_encrypted_body_is_read_with_its_key_only() {
    use feishu_events_inbox::{Encryption, InboxStore as _};

    let app = App::default();
    let store = Arc::new(MemoryStore::new());
    let locked = quick(&app)
        .encrypt(Encryption::new(&[7; 32]))
        .build(Arc::clone(&store));
    post(&webhook(&locked), &message("om_1", "oc_1")).await;
    let body = store.body(1).await.unwrap().unwrap();
    assert!(!String::from_utf8_lossy(&body).contains("om_1"));
    for wrong in [
        quick(&app).build(Arc::clone(&store)),
        quick(&app)
            .encrypt(Encryption::new(&[8; 32]))
            .build(Arc::clone(&store)),
    ] {
        wrong.redrive(Selection::All).await.unwrap();
        let workers = wrong.start();
        settled(&wrong).await;
        workers.shut_down(Duration::from_secs(1)).await;
        let dead = wrong.dead(0, 1).await.unwrap().remove(0);
        assert!(dead.reason.unwrap().contains("key"), "says what to do");
    }
    assert!(app.calls().is_empty());
    locked.redrive(Selection::All).await.unwrap();
    let _workers = locked.start();
    settled(&locked).await;
    assert_eq!(app.ids(), ["om_1"]);
}

//! Several workers over one store, each with a connection, a receiver and handlers of its own.

use std::collections::BTreeMap;
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use feishu_events::{Context, State as AppState, dispatcher, feishu_handler, im};
use feishu_events_inbox::{Inbox, InboxStore, Query, Retry, State};

use crate::places::Place;
use crate::{deliver, eventually, message, settled, webhook};

/// What all handlers write into: the worker, the event, and whether it is the handler's end.
type Log = Arc<Mutex<Vec<(usize, String, bool)>>>;

#[derive(Clone)]
struct Worker {
    number: usize,
    log: Log,
}

#[feishu_handler("im.message.receive_v1")]
async fn note(event: im::MessageReceiveV1, AppState(worker): AppState<Worker>) {
    let id = event
        .message
        .and_then(|message| message.message_id)
        .unwrap();
    let write = |end| {
        let line = (worker.number, id.clone(), end);
        worker.log.lock().unwrap().push(line);
    };
    write(false);
    tokio::time::sleep(Duration::from_millis(1)).await;
    write(true);
}

/// Twenty chats of twenty messages, which arrive at one worker after the other. One in ten arrives at
/// two of them at the same moment, and at a third after it was handled.
async fn each_event_is_handled_once_and_in_order(place: &Place, count: usize) {
    let log = Log::default();
    let mut inboxes = Vec::new();
    for number in 0..count {
        let worker = Worker {
            number,
            log: Arc::clone(&log),
        };
        let inbox = Inbox::builder(dispatcher![note].state(worker))
            .in_order()
            .workers(8)
            .poll_interval(Duration::from_millis(10));
        inboxes.push(inbox.build(place.open().await));
    }
    let receivers: Vec<_> = inboxes.iter().map(webhook).collect();
    let running: Vec<_> = inboxes.iter().map(Inbox::start).collect();
    let receiver = |number: usize| &receivers[number % count];
    let event = |chat, number| message(&format!("om_{chat}_{number}"), &format!("oc_{chat}"));
    let is_repeated = |number: usize| number % 10 == 3;
    let chats = (0..20).map(async |chat| {
        for number in 0..20 {
            let (event, at) = (event(chat, number), chat + number);
            let first = deliver(receiver(at), &event);
            if is_repeated(number) {
                let again = deliver(receiver(at + 1), &event);
                futures_util::future::join(first, again).await;
            } else {
                first.await;
            }
        }
    });
    futures_util::future::join_all(chats).await;
    settled(&inboxes[0]).await;
    for chat in 0..20 {
        for number in (0..20).filter(|number| is_repeated(*number)) {
            deliver(receiver(chat + number + 2), &event(chat, number)).await;
        }
    }
    settled(&inboxes[0]).await;

    let log = log.lock().unwrap().clone();
    let mut of_chats = BTreeMap::<&str, Vec<(&str, bool)>>::new();
    for (_, id, end) in &log {
        let (chat, number) = id[3..].split_once('_').unwrap();
        of_chats.entry(chat).or_default().push((number, *end));
    }
    assert_eq!(of_chats.len(), 20, "chats are lost");
    let numbers: Vec<String> = (0..20).map(|number| number.to_string()).collect();
    let once = numbers.iter().map(String::as_str);
    let expected: Vec<_> = once.flat_map(|it| [(it, false), (it, true)]).collect();
    for (chat, seen) in of_chats {
        assert_eq!(
            seen, expected,
            "chat {chat}: lost, repeated, out of order or two at once"
        );
    }
    for number in 0..count {
        let took_part = log.iter().any(|(worker, _, _)| *worker == number);
        assert!(took_part, "worker {number} had nothing to do");
    }
    drop(running);
}

/// What the stalled worker and the one that takes over wait for.
#[derive(Clone, Default)]
struct Steps(Arc<(Mutex<Vec<&'static str>>, Condvar)>);

impl Steps {
    fn note(&self, step: &'static str) {
        self.0.0.lock().unwrap().push(step);
        self.0.1.notify_all();
    }

    fn are(&self) -> Vec<&'static str> {
        self.0.0.lock().unwrap().clone()
    }

    /// Stops the thread, and with it all tasks of its runtime, until another one has come so far.
    fn stall_until(&self, step: &'static str) {
        let steps = self.0.0.lock().unwrap();
        let limit = Duration::from_secs(20);
        let waiting = self
            .0
            .1
            .wait_timeout_while(steps, limit, |it| !it.contains(&step));
        drop(waiting.unwrap());
    }
}

#[feishu_handler("im.message.receive_v1")]
async fn stall(
    _event: im::MessageReceiveV1,
    context: Context,
    AppState(steps): AppState<Steps>,
) -> Result<(), &'static str> {
    if context.delivery.is_repetition() {
        steps.note("taken over");
        while !steps.are().contains(&"late") {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        steps.note("handled");
        return Ok(());
    }
    steps.note("begun");
    steps.stall_until("taken over");
    Err("too late to have it tried again")
}

/// The process of a worker is stopped for longer than its lease. Another takes the event over, and
/// what the first one says of it afterwards is refused.
async fn a_stalled_workers_late_settle_is_refused(place: Arc<Place>) {
    let steps = Steps::default();
    let builder = || {
        Inbox::builder(dispatcher![stall].state(steps.clone()))
            .poll_interval(Duration::from_millis(10))
            .retry(Retry::default().first(Duration::from_millis(1)))
    };
    let store = place.open().await;
    let second = builder().build(Arc::clone(&store));
    deliver(&webhook(&second), &message("om_1", "oc_1")).await;
    let first = builder().lease_time(Duration::from_millis(200));
    let stalled = {
        let (place, steps) = (Arc::clone(&place), steps.clone());
        std::thread::spawn(move || {
            let mut runtime = tokio::runtime::Builder::new_current_thread();
            runtime.enable_all().build().unwrap().block_on(async {
                let first = first.build(place.open().await);
                let workers = first.start();
                let is_over =
                    async || steps.are().contains(&"taken over") && first.status().running == 0;
                eventually("its handler has come to an end", is_over).await;
                workers.shut_down(Duration::from_secs(1)).await;
                steps.note("late");
            });
        })
    };
    eventually("the first has begun", async || steps.are() == ["begun"]).await;
    let _workers = second.start();
    settled(&second).await;
    stalled.join().unwrap();
    assert_eq!(steps.are(), ["begun", "taken over", "late", "handled"]);
    let query = Query {
        limit: 10,
        ..Query::default()
    };
    let list = store.list(query).await.unwrap();
    let [event] = &list[..] else {
        panic!("{list:?}")
    };
    assert_eq!((event.state, event.attempts), (State::Done, 2));
    assert_eq!(event.reason, None, "the late failure is noted");
}

macro_rules! tests_over {
    ($module:ident) => {
        mod $module {
            use super::*;

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn two_workers_handle_each_event_once_and_in_order() {
                let Some(place) = Place::$module().await else {
                    return;
                };
                each_event_is_handled_once_and_in_order(&place, 2).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn four_workers_handle_each_event_once_and_in_order() {
                let Some(place) = Place::$module().await else {
                    return;
                };
                each_event_is_handled_once_and_in_order(&place, 4).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn a_stalled_workers_late_settle_is_refused() {
                let Some(place) = Place::$module().await else {
                    return;
                };
                super::a_stalled_workers_late_settle_is_refused(Arc::new(place)).await;
            }
        }
    };
}

tests_over!(memory);
#[cfg(feature = "sqlite")]
tests_over!(sqlite);
#[cfg(feature = "redis")]
tests_over!(redis);
#[cfg(feature = "postgres")]
tests_over!(postgres);

//! A bot with its connection, tested on the platform in a box, on paused time.

#![allow(clippy::unwrap_used)] // a failed test says where

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use feishu_events::callback::{CardActionTriggerResponse, Toast};
use feishu_events::testing::EventRequest;
use feishu_events::testing::gateway::{ConnectRefusal, Gateway, GatewayBuilder, Push, PushOutcome};
use feishu_events::{
    Dispatcher, Domain, EventType, LongConnection, LongConnectionError, Protocol, RawEvent, State,
    card, dispatcher, feishu_handler,
};
use serde_json::json;
use tokio::task::JoinHandle;

/// How many events a client has handled.
type Handled = Arc<AtomicUsize>;

#[feishu_handler(fallback)]
fn count(_: RawEvent, State(handled): State<Handled>) {
    handled.fetch_add(1, Ordering::SeqCst);
}

#[feishu_handler("card.action.trigger")]
fn on_click(click: card::ActionTrigger) -> CardActionTriggerResponse {
    let tag = click.action.and_then(|action| action.tag);
    CardActionTriggerResponse::default().toast(Toast::success(tag.unwrap_or_default()))
}

struct Bot {
    handled: Handled,
    running: JoinHandle<Result<std::convert::Infallible, LongConnectionError>>,
}

impl Bot {
    fn start(gateway: &Gateway) -> Self {
        let handled = Handled::default();
        let dispatcher: Dispatcher = dispatcher![count, on_click].state(Arc::clone(&handled));
        let client = LongConnection::builder(gateway.app_id(), gateway.app_secret())
            .domain(Domain::Custom(gateway.domain().to_owned()))
            .no_proxy()
            .dial(gateway.in_memory())
            .dispatcher(dispatcher)
            .build()
            .unwrap();
        let running = tokio::spawn(client.run());
        Self { handled, running }
    }

    fn handled(&self) -> usize {
        self.handled.load(Ordering::SeqCst)
    }
}

async fn start(builder: GatewayBuilder) -> Gateway {
    builder.start().await.unwrap()
}

#[tokio::test(start_paused = true)]
async fn every_event_arrives_whole_and_in_parts_and_nothing_is_remarked_on() {
    let gateway = start(Gateway::builder()).await;
    let bot = Bot::start(&gateway);
    gateway.connected(1).await;
    let mut sent = 0;
    // Old cards' callbacks come to a URL of their own only.
    let all = EventType::ALL.iter();
    for event_type in all.filter(|it| **it != EventType::CardActionTriggerV1) {
        let [whole, split] = [(); 2].map(|()| EventRequest::from_sample(*event_type).unwrap());
        // A message is known by its own id, whatever the event's is.
        let split = match event_type {
            EventType::ImMessageReceiveV1 => split.set("message.message_id", "om_another"),
            _ => split,
        };
        let split = Push::from(split).parts(9).shuffled().parts_twice();
        for push in [Push::from(whole), split] {
            let outcome = gateway.push_and_wait(push).await;
            assert!(outcome.is_acknowledged(), "{event_type}: {outcome}");
            sent += 1;
        }
    }
    gateway.wait_idle().await;
    let books = gateway.delivery_log();
    assert_eq!((books.deliveries(), books.acknowledged()), (sent, sent));
    assert!(
        books.protocol_violations.is_empty(),
        "{:?}",
        books.protocol_violations
    );
    let callbacks = EventType::ALL
        .iter()
        .filter(|it| **it == EventType::CardActionTrigger);
    assert_eq!(bot.handled(), sent - 2 * callbacks.count());
}

#[tokio::test(start_paused = true)]
async fn the_response_to_a_click_is_in_the_acknowledgement() {
    let gateway = start(Gateway::builder()).await;
    let _bot = Bot::start(&gateway);
    gateway.connected(1).await;
    let click = json!({ "operator": {}, "token": "c-1", "action": { "tag": "button" } });
    let click = EventRequest::from_json("card.action.trigger", Protocol::V2, click);
    let outcome = gateway.push_and_wait(click).await;
    let toast = &outcome.response().unwrap()["toast"];
    assert_eq!(toast["content"], "button");
}

#[tokio::test(start_paused = true)]
async fn instances_of_one_app_share_its_events() {
    let gateway = start(Gateway::builder().seed(5)).await;
    let bots = [(); 3].map(|()| Bot::start(&gateway));
    gateway.connected(3).await;
    for _ in 0..90 {
        gateway.push(EventRequest::from_sample(EventType::ContactUserCreatedV3).unwrap());
    }
    gateway.wait_idle().await;
    let handled: Vec<usize> = bots.iter().map(Bot::handled).collect();
    assert_eq!(handled.iter().sum::<usize>(), 90);
    assert!(handled.iter().all(|handled| *handled > 10), "{handled:?}");
}

#[tokio::test(start_paused = true)]
async fn what_can_heal_is_borne_and_what_cannot_ends_the_client() {
    let gateway = start(Gateway::builder()).await;
    for refusal in [
        ConnectRefusal::busy(),
        ConnectRefusal::internal_error(),
        ConnectRefusal::EndpointStatus(502),
        ConnectRefusal::EndpointBody("<html>".to_owned()),
        ConnectRefusal::EndpointSilence,
        ConnectRefusal::handshake_failed(),
        ConnectRefusal::HandshakeStatus(500),
        ConnectRefusal::HandshakeSilence,
    ] {
        gateway.refuse(refusal);
    }
    gateway.push_on_connect(EventRequest::from_sample(EventType::ContactUserCreatedV3).unwrap());
    let bot = Bot::start(&gateway);
    gateway.wait_idle().await;
    assert_eq!(bot.handled(), 1);
    bot.running.abort();

    for refusal in [
        ConnectRefusal::wrong_secret(),
        ConnectRefusal::no_credential(),
        ConnectRefusal::forbidden(),
    ] {
        gateway.refuse(refusal);
        let bot = Bot::start(&gateway);
        bot.running.await.unwrap().unwrap_err();
    }
}

#[tokio::test(start_paused = true)]
async fn an_event_that_comes_again_after_hours_is_handled_once() {
    let gateway = start(Gateway::builder()).await;
    let bot = Bot::start(&gateway);
    gateway.connected(1).await;
    let event = EventRequest::from_sample(EventType::ContactUserCreatedV3).unwrap();
    let hours = Duration::from_secs(7 * 60 * 60);
    let outcome = gateway
        .push_and_wait(Push::from(event).again_after(hours))
        .await;
    assert!(matches!(outcome, PushOutcome::Acknowledged(_)));
    gateway.wait_idle().await;
    assert_eq!((gateway.delivery_log().duplicates(), bot.handled()), (1, 1));
}

//! The gateway, tested by a client that is not this crate's.

use std::time::Duration;

use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream};
use tokio::time::{Instant, sleep};
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{WebSocketStream, client_async};

use super::{ConnectRefusal, Gateway, GatewayBuilder, Push, PushOutcome};
use crate::long_connection::session::frame::{Frame, Kind, key};

struct Client {
    socket: WebSocketStream<DuplexStream>,
    endpoint: Value,
}

/// Asks for the endpoint, and returns the status and the body of the response.
async fn discover(gateway: &Gateway, id: &str, secret: &str) -> (String, String) {
    let body = json!({ "AppID": id, "AppSecret": secret }).to_string();
    let request = format!(
        "POST /callback/ws/endpoint HTTP/1.1\r\nlocale: zh\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    let mut stream = gateway.in_memory().open().unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut response = String::new();
    stream.read_to_string(&mut response).await.unwrap();
    let (head, body) = response.split_once("\r\n\r\n").unwrap();
    let status = head.split(' ').nth(1).unwrap();
    (status.to_owned(), body.to_owned())
}

impl Client {
    async fn try_connect(gateway: &Gateway) -> Result<Self, Error> {
        let (_, body) = discover(gateway, gateway.app_id(), gateway.app_secret()).await;
        let endpoint: Value = serde_json::from_str(&body).unwrap();
        let url = endpoint["data"]["URL"].as_str().unwrap();
        let (socket, _) = client_async(url, gateway.in_memory().open().unwrap()).await?;
        Ok(Self { socket, endpoint })
    }

    async fn connect(gateway: &Gateway) -> Self {
        Self::try_connect(gateway).await.unwrap()
    }

    /// The next frame; `None` when the connection is over.
    async fn next(&mut self) -> Option<Frame> {
        loop {
            match self.socket.next().await? {
                Ok(Message::Binary(bytes)) => return Some(Frame::decode(bytes).unwrap()),
                Ok(_) => {}
                Err(_) => return None,
            }
        }
    }

    async fn send(&mut self, frame: Frame) {
        let message = Message::Binary(frame.encode());
        self.socket.send(message).await.unwrap();
    }

    async fn answer(&mut self, mut frame: Frame, payload: &'static str) {
        frame.headers.push(key::BIZ_RT, "1");
        frame.payload = Some(payload.into());
        self.send(frame).await;
    }

    /// Answers everything in the same way.
    async fn answer_all(mut self, payload: &'static str) {
        while let Some(frame) = self.next().await {
            self.answer(frame, payload).await;
        }
    }
}

const HANDLED: &str = r#"{"code": 200}"#;
const EVENT: &str = r#"{"schema":"2.0","header":{"event_id":"e","event_type":"t"},"event":{}}"#;

async fn start(builder: GatewayBuilder) -> Gateway {
    builder.start().await.unwrap()
}

#[tokio::test(start_paused = true)]
async fn an_event_that_is_answered_in_time_is_acknowledged() {
    let gateway = start(Gateway::builder()).await;
    let client = Client::connect(&gateway).await;
    tokio::spawn(client.answer_all(r#"{"code":200,"data":"eyJhIjoxfQ=="}"#));
    let outcome = gateway.push_and_wait(Push::raw(EVENT)).await;
    assert!(outcome.is_acknowledged());
    assert_eq!(outcome.response(), Some(&json!({ "a": 1 })));
    gateway.wait_idle().await;
    let log = gateway.delivery_log();
    assert_eq!(log.entries[0].event_id.as_deref(), Some("e"));
    assert_eq!((log.sent(), log.acknowledged(), log.lost()), (1, 1, 0));
    assert!(
        log.protocol_violations.is_empty(),
        "{:?}",
        log.protocol_violations
    );
}

#[tokio::test(start_paused = true)]
async fn an_event_that_is_never_acknowledged_is_sent_again_four_times_and_then_lost() {
    let gateway = start(Gateway::builder()).await;
    let mut client = Client::connect(&gateway).await;
    let (begun, mut times) = (Instant::now(), Vec::new());
    gateway.push(Push::raw(EVENT));
    for _ in 0..5 {
        client.next().await.unwrap();
        times.push(begun.elapsed().as_secs());
    }
    // 3 s without an answer precede each wait.
    let after = [0, 3 + 15, 3 + 300, 3 + 3600, 3 + 21_600];
    let expected: Vec<u64> = (0..5).map(|last| after[..=last].iter().sum()).collect();
    assert_eq!(times, expected);
    gateway.wait_idle().await;
    let log = gateway.delivery_log();
    assert_eq!((log.lost(), log.unanswered(), log.deliveries()), (1, 5, 5));
}

#[tokio::test(start_paused = true)]
async fn a_late_answer_acknowledges_nothing() {
    let gateway = start(Gateway::builder()).await;
    let mut client = Client::connect(&gateway).await;
    gateway.push(Push::raw(EVENT));
    let frame = client.next().await.unwrap();
    sleep(Duration::from_millis(3100)).await;
    client.answer(frame, HANDLED).await;
    // It comes again, and is answered that time.
    client.answer_all_until_settled(&gateway).await;
    let log = gateway.delivery_log();
    assert_eq!(
        (log.late(), log.acknowledged(), log.duplicates()),
        (1, 1, 0)
    );
    assert_eq!(log.deliveries(), 2);
}

impl Client {
    async fn answer_all_until_settled(self, gateway: &Gateway) {
        tokio::select! {
            () = self.answer_all(HANDLED) => panic!("the connection is over"),
            () = gateway.wait_idle() => {}
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_failed_event_is_sent_again_and_a_failed_callback_is_not() {
    let gateway = start(Gateway::builder()).await;
    let mut client = Client::connect(&gateway).await;
    let callback = EVENT.replace("\"t\"", "\"card.action.trigger\"");
    let (outcome, ()) = tokio::join!(gateway.push_and_wait(Push::raw(callback)), async {
        let frame = client.next().await.unwrap();
        client.answer(frame, r#"{"code": 500}"#).await;
    });
    assert!(matches!(outcome, PushOutcome::Failed(_)));
    gateway.wait_idle().await;
    gateway.push(Push::raw(EVENT));
    let frame = client.next().await.unwrap();
    client.answer(frame, r#"{"code": 500}"#).await;
    client.answer_all_until_settled(&gateway).await;
    let log = gateway.delivery_log();
    let deliveries: Vec<usize> = log.entries.iter().map(|it| it.deliveries.len()).collect();
    assert_eq!(deliveries, [1, 2]);
    assert_eq!((log.lost(), log.failed(), log.acknowledged()), (1, 2, 1));
}

#[tokio::test(start_paused = true)]
async fn a_message_is_split_as_asked() {
    let gateway = start(Gateway::builder().seed(3)).await;
    let mut client = Client::connect(&gateway).await;
    let push = Push::raw("häh").parts(6).parts_twice().shuffled();
    gateway.push(push.part_gap(Duration::from_secs(1)));
    let mut parts: [Option<Vec<u8>>; 6] = Default::default();
    let (begun, mut order) = (Instant::now(), Vec::new());
    for _ in 0..12 {
        let frame = client.next().await.unwrap();
        assert_eq!(frame.header(key::SUM), Some("6"));
        let seq = usize::try_from(frame.number(key::SEQ).unwrap().unwrap()).unwrap();
        order.push(seq);
        parts[seq] = Some(frame.payload.unwrap().to_vec());
    }
    assert_eq!(begun.elapsed(), Duration::from_secs(11));
    assert!(!order.is_sorted());
    let joined: Vec<u8> = parts.into_iter().flat_map(Option::unwrap).collect();
    assert_eq!(joined, "häh".as_bytes());
}

#[tokio::test(start_paused = true)]
async fn a_silent_connection_answers_nothing_until_the_client_leaves() {
    let gateway = start(Gateway::builder()).await;
    let mut client = Client::connect(&gateway).await;
    assert_eq!(gateway.silence_connections(), 1);
    assert_eq!(gateway.silence_connections(), 0);
    assert_eq!(
        gateway.push_and_wait(Push::raw(EVENT)).await,
        PushOutcome::Unanswered
    );
    client.send(Frame::ping(33_554_678)).await;
    sleep(Duration::from_secs(7)).await;
    drop(client);
    let client = Client::connect(&gateway).await;
    client.answer_all_until_settled(&gateway).await;
    let log = gateway.delivery_log();
    assert_eq!(log.silence_durations, [Duration::from_secs(3 + 7)]);
    assert_eq!((log.acknowledged(), log.connects), (1, 2));
}

#[tokio::test(start_paused = true)]
async fn a_dropped_connection_ends_without_a_close_frame() {
    let gateway = start(Gateway::builder()).await;
    let mut client = Client::connect(&gateway).await;
    assert_eq!(gateway.drop_connections(), 1);
    assert!(client.next().await.is_none());
    assert_eq!(
        gateway.push_and_wait(Push::raw(EVENT)).await,
        PushOutcome::NotConnected
    );
    let client = Client::connect(&gateway).await;
    client.answer_all_until_settled(&gateway).await;
    assert_eq!(gateway.delivery_log().acknowledged(), 1);
}

#[tokio::test(start_paused = true)]
async fn settings_come_with_the_endpoint_and_with_pongs() {
    let gateway = start(Gateway::builder().set("PingInterval", "soon")).await;
    let mut client = Client::connect(&gateway).await;
    let settings = &client.endpoint["data"]["ClientConfig"];
    assert_eq!(
        (&settings["PingInterval"], &settings["ReconnectNonce"]),
        (&json!("soon"), &json!(25))
    );
    gateway.set("PingInterval", 7);
    client.send(Frame::ping(33_554_678)).await;
    let pong = client.next().await.unwrap();
    assert_eq!(pong.kind(), Kind::Pong);
    let settings: Value = serde_json::from_slice(&pong.payload.unwrap()).unwrap();
    assert_eq!(settings["PingInterval"], 7);
    gateway.push_settings("no JSON");
    assert_eq!(client.next().await.unwrap().payload.unwrap(), "no JSON");
}

#[tokio::test(start_paused = true)]
async fn a_refused_client_gets_the_platforms_code() {
    let gateway = start(Gateway::builder().connection_limit(1)).await;
    let code = async |id: &str, secret: &str| {
        let (_, body) = discover(&gateway, id, secret).await;
        serde_json::from_str::<Value>(&body).unwrap()["code"].clone()
    };
    assert_eq!(code(gateway.app_id(), "guessed").await, 1_000_040_345);
    assert_eq!(code("", "").await, 1_000_040_344);
    for refusal in [
        ConnectRefusal::busy(),
        ConnectRefusal::forbidden(),
        ConnectRefusal::internal_error(),
        ConnectRefusal::EndpointStatus(502),
        ConnectRefusal::EndpointBody("<html>".to_owned()),
    ] {
        gateway.refuse(refusal);
    }
    let (id, secret) = (gateway.app_id(), gateway.app_secret());
    assert_eq!(code(id, secret).await, 1);
    assert_eq!(refused_with(&gateway).await, ("403".to_owned(), None));
    assert_eq!(code(id, secret).await, 1_000_040_343);
    assert_eq!(discover(&gateway, id, secret).await.0, "502");
    assert_eq!(discover(&gateway, id, secret).await.1, "<html>");
    let _client = Client::connect(&gateway).await;
    let limit = ("514".to_owned(), Some("1000040350".to_owned()));
    assert_eq!(refused_with(&gateway).await, limit);
}

/// The status and the code of the refused handshake.
async fn refused_with(gateway: &Gateway) -> (String, Option<String>) {
    let Err(Error::Http(response)) = Client::try_connect(gateway).await else {
        panic!("connected");
    };
    let header = |name: &str| Some(response.headers().get(name)?.to_str().unwrap().to_owned());
    (
        header("handshake-status").unwrap(),
        header("handshake-autherrcode"),
    )
}

#[tokio::test(start_paused = true)]
async fn a_ticket_is_valid_for_one_connection() {
    let gateway = start(Gateway::builder()).await;
    let client = Client::connect(&gateway).await;
    let url = client.endpoint["data"]["URL"].as_str().unwrap();
    client_async(url, gateway.in_memory().open().unwrap())
        .await
        .unwrap_err();
    assert_eq!(gateway.delivery_log().protocol_violations.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn an_event_pushed_on_connect_is_in_the_packet_of_the_handshake() {
    let gateway = start(Gateway::builder()).await;
    let (_, body) = discover(&gateway, gateway.app_id(), gateway.app_secret()).await;
    let endpoint: Value = serde_json::from_str(&body).unwrap();
    let target = endpoint["data"]["URL"]
        .as_str()
        .unwrap()
        .split_once("/ws")
        .unwrap()
        .1;
    gateway.push_on_connect(Push::raw(EVENT));
    let mut stream = gateway.in_memory().open().unwrap();
    let request = format!("GET /ws{target} HTTP/1.1\r\nsec-websocket-key: a\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut packet = vec![0; 4096];
    let size = stream.read(&mut packet).await.unwrap();
    let packet = String::from_utf8_lossy(&packet[..size]);
    assert!(
        packet.starts_with("HTTP/1.1 101 ") && packet.contains(EVENT),
        "{packet}"
    );
}

#[tokio::test(start_paused = true)]
async fn one_of_several_clients_gets_each_event_and_the_seed_decides_which() {
    let mut firsts = Vec::new();
    for seed in [1, 1, 2] {
        let gateway = start(Gateway::builder().seed(seed)).await;
        for _ in 0..3 {
            tokio::spawn(Client::connect(&gateway).await.answer_all(HANDLED));
        }
        for _ in 0..60 {
            assert!(
                gateway
                    .push_and_wait(Push::raw(EVENT))
                    .await
                    .is_acknowledged()
            );
        }
        let log = gateway.delivery_log();
        let got = log
            .entries
            .iter()
            .map(|it| it.deliveries[0].connection.unwrap());
        let got: Vec<u64> = got.collect();
        assert!((1..=3).all(|client| got.contains(&client)));
        assert_eq!(log.deliveries(), 60);
        firsts.push(got);
    }
    assert_eq!(firsts[0], firsts[1]);
    assert_ne!(firsts[0], firsts[2]);
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_changes_the_frame_is_a_protocol_violation() {
    let gateway = start(Gateway::builder()).await;
    let mut client = Client::connect(&gateway).await;
    gateway.push(Push::raw(EVENT).again_after(Duration::from_secs(1)));
    let mut frame = client.next().await.unwrap();
    frame.log_id += 1;
    client.answer(frame.clone(), HANDLED).await;
    client.answer(frame, HANDLED).await;
    let mut frame = client.next().await.unwrap();
    frame.payload = Some(HANDLED.into());
    client.send(frame).await;
    gateway.wait_idle().await;
    let log = gateway.delivery_log();
    assert_eq!(log.duplicates(), 1);
    assert_eq!(
        log.protocol_violations.len(),
        3,
        "{:?}",
        log.protocol_violations
    );
    for word in ["LogID", "second", "biz_rt"] {
        let mut protocol_violations = log.protocol_violations.keys();
        assert!(protocol_violations.any(|it| it.contains(word)), "{word}");
    }
}

//! Each number in guide and README is the code's, or a fact of the platform with the page that says it.

use std::time::Duration;

use feishu_events::testing::EventRequest;
use feishu_events::{
    DeliveryOptions, EventType, MemoryStore, Webhook, dispatcher, feishu_handler, im,
};
use http::StatusCode;

use super::pages::{all, readme, root};

/// What the platform decides: the words of the guide, and the page that has them.
const OF_THE_PLATFORM: [(&str, &str); 22] = [
    ("as of May 2026", "the folder of the pages: 2026-05"),
    (
        "a copy of its pages as of February 2026",
        "the folder of the pages: 2026-02-directory",
    ),
    (
        "The platform takes 50 connections of an app",
        "使用长连接接收事件",
    ),
    (
        "a check that must be answered within 1 s",
        "事件订阅: 将事件发送至开发者服务器",
    ),
    (
        "The check of the URL must be answered within 1 s",
        "事件订阅: 将事件发送至开发者服务器",
    ),
    (
        "The platform waits 3 s, does not ask again",
        "接收并处理回调",
    ),
    ("The platform waits 3 s for the status 200", "事件概述"),
    ("after 15 s, 5 min, 1 h and 6 h", "事件概述"),
    (
        "the last repetition comes after 7 h 5 min 15 s",
        "事件概述: the sum of the pauses",
    ),
    ("valid for 30 minutes and 2 updates", "卡片回传交互回调"),
    ("no answer within 3 s", "卡片回传交互回调"),
    (
        "a card of schema 2.0 can't be replaced by one of 1.0",
        "卡片回传交互回调",
    ),
    ("the answer's status is not 200", "卡片回传交互回调"),
    ("protocol 1.0", "事件概述"),
    ("| 200340 |", "卡片回传交互回调"),
    ("| 200341 |", "卡片回传交互回调"),
    ("| 200342 |", "卡片回传交互回调"),
    ("| 200343 |", "卡片回传交互回调"),
    ("| 200671 |", "卡片回传交互回调"),
    ("| 200672 |", "卡片回传交互回调"),
    ("| 200673 |", "卡片回传交互回调"),
    ("| 200830 |", "卡片回传交互回调"),
];

/// What the official SDKs do: their own answers to an event.
const OF_THE_SDKS: [&str; 8] = [
    "reading its source code of March 2024",
    "an object or a list: an error, 500; others",
    "Node: answered with 200, event lost",
    "`: 500 |",
    "webhook: 200; long connection: 500 |",
    "an exception: 500 |",
    "an error, 500 |",
    "an error, 500: the event is lost",
];

/// What the command `feishu-events` does; the tests in `cli/tests/command/` show it.
const OF_THE_COMMAND: [&str; 12] = [
    "the shell command exited with 0",
    "the URL answered 2xx",
    "members of protocol 2.0",
    "a SQLite file (mode 0600)",
    "tried again, 8 times over 7.6 h",
    "stay in the file for 12 h",
    "| 0 | it ended as asked",
    "| 1 | a failure",
    "| 2 | wrong usage",
    "| 3 | credentials are missing",
    "| 4 | `",
    "| 128 + n | a second signal",
];

/// What was measured on one machine.
const MEASURED: [&str; 1] = ["a million done events takes 1.4 GB"];

#[tokio::test]
async fn each_number_is_a_fact() {
    let mut facts = of_the_code().await;
    facts.extend(of_waiting());
    facts.extend(super::exports::facts());
    facts.extend(OF_THE_PLATFORM.map(|(words, _)| words.to_owned()));
    facts.extend(OF_THE_SDKS.map(str::to_owned));
    facts.extend(OF_THE_COMMAND.map(str::to_owned));
    facts.extend(MEASURED.map(str::to_owned));
    let mut pages: Vec<(String, String)> = all()
        .iter()
        .chain([&readme()])
        .map(|page| (page.name.clone(), page.prose()))
        .collect();
    for fact in &facts {
        let said = pages.iter().any(|(_, prose)| prose.contains(fact.as_str()));
        assert!(said, "no page says `{fact}`");
    }
    for fact in &facts {
        for (_, prose) in &mut pages {
            *prose = prose.replace(fact.as_str(), " ");
        }
    }
    let mut unchecked = Vec::new();
    for (page, prose) in pages {
        if let Some(at) = prose.find(|c: char| c.is_ascii_digit()) {
            let around: String = prose[..at].chars().rev().take(60).collect();
            let around: String = around.chars().rev().collect();
            let number: String = prose[at..].chars().take(40).collect();
            unchecked.push(format!(
                "{page}: nothing checks the number in `{around}{number}`"
            ));
        }
    }
    assert!(unchecked.is_empty(), "{}", unchecked.join("\n"));
}

/// What the guide says of the crate, with the numbers that the crate has.
async fn of_the_code() -> Vec<String> {
    let options = format!("{:?}", DeliveryOptions::new());
    let number = |name: &str| {
        let (_, rest) = options.split_once(&format!("{name}: ")).unwrap();
        rest.split([',', ' ']).next().unwrap().to_owned()
    };
    let answer = number("answer_within").replace('s', " s");
    let store = format!("{:?}", MemoryStore::new());
    let (_, kept) = store.split_once("kept_for: ").unwrap();
    let kept: u64 = kept.split_once('s').unwrap().0.parse().unwrap();
    let webhook = Webhook::builder(dispatcher![]).insecure_accept_anything();
    let webhook = format!("{:?}", webhook.build().unwrap());
    let mib = |bytes: String| bytes.parse::<usize>().unwrap() / 1024 / 1024;
    let hours = |text: &str| {
        let (_, rest) = webhook.split_once(&format!("{text}: Some(")).unwrap();
        rest.split_once('s').unwrap().0.parse::<u64>().unwrap() / 3600
    };
    let statuses = statuses().await;
    let [fine, failed, refused, too_large, later] = statuses.map(|status| status.as_u16());
    assert_eq!(fine, 200);
    assert!(env!("CARGO_PKG_LICENSE").ends_with("Apache-2.0"));
    vec![
        concat!("Rust ", env!("CARGO_PKG_RUST_VERSION"), " or newer").to_owned(),
        "under MIT or Apache 2.0".to_owned(),
        format!("The webhook gives a handler {answer}"),
        format!("at the latest after {answer}"),
        format!("an event is acknowledged after {answer} while its handler continues"),
        format!("remembers handled events for {} h", kept / 3600),
        format!(
            "The largest event is {} MiB",
            mib(number("event_size_limit"))
        ),
        format!("may have {} MiB together", mib(number("memory_limit"))),
        format!("an event after {} h", hours("max_age")),
        format!("Keep {} h for events", hours("max_age")),
        format!("a callback after {} h", hours("max_callback_age")),
        format!(
            "{} MiB of them for {} h",
            product("delivery/answered.rs", "const BYTES: usize = ") / 1024 / 1024,
            product(
                "delivery/answered.rs",
                "const KEPT_FOR: Duration = Duration::from_secs("
            ) / 3600
        ),
        format!(
            "By default {} handlers run at a time and {} events wait",
            number("concurrency_limit"),
            number("queue_limit")
        ),
        format!("An error is answered with the status {failed}"),
        format!("a failed handler answers {failed}, a refused request {refused}"),
        format!("is refused with {later}, and the platform sends it again"),
        format!("The webhook answers with {later}"),
        format!("is refused with {too_large}"),
        format!("Code {}", code("WRONG_CREDENTIAL")),
        format!("Code {}", code("WRONG_DOMAIN")),
        format!("Code {}", code("CONNECTION_LIMIT")),
    ]
}

/// A constant of the crate that is a product.
fn product(file: &str, before: &str) -> u64 {
    let text = std::fs::read_to_string(root().join("src").join(file)).unwrap();
    let (_, rest) = text.split_once(before).unwrap();
    let factors = rest.split([';', ')']).next().unwrap().split(" * ");
    factors
        .map(|factor| factor.parse::<u64>().unwrap())
        .product()
}

/// One of the platform's codes for refusing a connection.
fn code(name: &str) -> String {
    let file = root().join("src/long_connection/connect/codes.rs");
    let text = std::fs::read_to_string(file).unwrap();
    let (_, rest) = text.split_once(&format!("const {name}: i64 = ")).unwrap();
    rest.split(';').next().unwrap().replace('_', "")
}

/// What the guide says of times that pass before an end and a new beginning.
fn of_waiting() -> Vec<String> {
    let healthy = seconds("long_connection/schedule.rs", "HEALTHY_AFTER");
    let drain = seconds("long_connection/builder.rs", "DRAIN_WITHIN");
    let step = seconds("long_connection/builder.rs", "STEP_LIMIT");
    let close = seconds("long_connection/session.rs", "CLOSE_WITHIN");
    let settle = seconds("delivery/claim.rs", "SETTLE_WITHIN");
    let farewell = seconds("long_connection/session/farewell.rs", "ANSWERS_WITHIN");
    let probe = seconds("long_connection/builder.rs", "PROBE_AFTER");
    let margin = seconds("long_connection/builder.rs", "MARGIN");
    let of_schedule = |name| seconds("long_connection/schedule.rs", name);
    let at_most = drain + settle + step + close;
    let in_work = constant("../cli/src/receive/handler.rs", "IN_WORK: usize = ", ';');
    let grace = constant(
        "../cli/src/receive/options.rs",
        "\"Where they go\", default_value = \"",
        's',
    );
    vec![
        format!("At most {in_work} events are in work and {in_work} wait"),
        format!("the time of ` ({grace} s) to finish"),
        format!("or that lasted {healthy} s"),
        format!("ends within {healthy} s"),
        format!("random, up to {} s |", of_schedule("JITTER")),
        format!("random, up to {} s |", of_schedule("JITTER_IF_CLOSED")),
        format!(
            "random, up to {} s; then up to half as long again",
            of_schedule("FIRST_WAIT")
        ),
        format!(
            "no time counts as more than {} min",
            seconds("long_connection/settings.rs", "LONGEST") / 60
        ),
        format!("answers are sent over it for up to {farewell} s"),
        format!("are being handled are sent for up to {farewell} s"),
        format!("detected by pings and replaced within {} s", probe + margin),
        format!(
            "{} h by default, the client ends with the refusal",
            seconds("long_connection/builder.rs", "RETRY_REFUSALS_FOR") / 60 / 60
        ),
        // Of HTTP.
        "Status 407: put user and password into its URL".to_owned(),
        "the platform, port 443".to_owned(),
        format!("running handlers get {drain} s to finish"),
        format!("has {settle} s to release its claims"),
        format!("the last answers have {step} s to be sent"),
        format!("the platform has {close} s to close its side"),
        format!("a grace period of {at_most} s before it is killed"),
        format!("may take {settle} s more than that"),
        format!(
            "only half the head of one, for {} s",
            seconds("serve.rs", "HEAD_WITHIN")
        ),
        format!(
            "requests have {} s to finish",
            seconds("serve.rs", "END_WITHIN")
        ),
    ]
}

/// A constant of the crate that is a time in seconds.
fn seconds(file: &str, name: &str) -> u64 {
    let before = format!("const {name}: Duration = Duration::from_secs(");
    constant(file, &before, ')')
}

/// The number between these in a file.
fn constant(file: &str, before: &str, after: char) -> u64 {
    let text = std::fs::read_to_string(root().join("src").join(file)).unwrap();
    let (_, rest) = text.split_once(before).unwrap();
    let factors = rest.split(after).next().unwrap().split(" * ");
    factors
        .map(|factor| factor.parse::<u64>().unwrap())
        .product()
}

#[feishu_handler("im.chat.disbanded_v1")]
fn on_disbanded(event: &im::ChatDisbandedV1) -> Result<(), String> {
    match event.name.as_deref() {
        Some("fail") => Err("asked to".to_owned()),
        _ => Ok(()),
    }
}

/// What the webhook answers: well, failed, refused, too large, shutting down.
async fn statuses() -> [StatusCode; 5] {
    let webhook = Webhook::builder(dispatcher![on_disbanded]);
    let webhook = webhook
        .encrypt_key("key")
        .delivery(DeliveryOptions::new().event_size_limit(5000))
        .build()
        .unwrap();
    let event = EventRequest::from_sample(EventType::ImChatDisbandedV1).unwrap();
    let sent =
        async |event: EventRequest, key| event.encrypt_key(key).send_to(&webhook).await.status();
    let large = "x".repeat(9000);
    let new = |name: &str| {
        let event = EventRequest::from_sample(EventType::ImChatDisbandedV1).unwrap();
        event.set("name", name)
    };
    let fine = sent(event, "key").await;
    let failed = sent(new("fail"), "key").await;
    let refused = sent(new("fine"), "another key").await;
    let too_large = sent(new(&large), "key").await;
    webhook.shut_down(Duration::ZERO).await;
    [
        fine,
        failed,
        refused,
        too_large,
        sent(new("fine"), "key").await,
    ]
}

/// The codes that users see, and the time, stand on the platform's page.
#[test]
fn the_platforms_numbers_stand_on_its_page() {
    let Some(docs) = std::env::var_os("FEISHU_DOCS") else {
        println!("skipped: FEISHU_DOCS is not set");
        return;
    };
    let page = "2026-03/cardkit-v1/card-callback-communication.md";
    let page = std::fs::read_to_string(std::path::Path::new(&docs).join(page)).unwrap();
    for (words, _) in OF_THE_PLATFORM {
        if let Some(code) = words.strip_prefix("| ") {
            let code = code.trim_end_matches(" |");
            assert!(page.contains(&format!(">{code}<")), "{code}");
        }
    }
    assert!(page.contains("3 秒内响应"));
}

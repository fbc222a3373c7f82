//! What can be seen of an inbox from outside: metrics and logs, without payloads.

use std::collections::BTreeMap;
use std::io;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};

use feishu_events::im;
use feishu_events::testing::{EventRequest, sample};
use feishu_events_inbox::MemoryStore;

use crate::store_away::Away;
use crate::{App, message, post, quick, settled, webhook};

/// The sum of what was counted and the last of what was set, by name and labels.
#[derive(Clone, Default)]
struct Recorded(Arc<Mutex<BTreeMap<String, f64>>>);

/// One series of it.
struct Series(Recorded, String);

impl Series {
    fn change(&self, change: impl FnOnce(&mut f64)) {
        change(self.0.0.lock().unwrap().entry(self.1.clone()).or_default());
    }
}

#[allow(clippy::cast_precision_loss, reason = "small numbers")]
impl metrics::CounterFn for Series {
    fn increment(&self, value: u64) {
        self.change(|sum| *sum += value as f64);
    }
    fn absolute(&self, value: u64) {
        self.change(|sum| *sum = value as f64);
    }
}

impl metrics::GaugeFn for Series {
    fn increment(&self, value: f64) {
        self.change(|sum| *sum += value);
    }
    fn decrement(&self, value: f64) {
        self.change(|sum| *sum -= value);
    }
    fn set(&self, value: f64) {
        self.change(|last| *last = value);
    }
}

/// How often something was recorded.
impl metrics::HistogramFn for Series {
    fn record(&self, value: f64) {
        assert!((0.0..60.0).contains(&value), "{}: {value}", self.1);
        self.change(|count| *count += 1.0);
    }
}

impl Recorded {
    fn series(&self, key: &metrics::Key) -> Arc<Series> {
        let mut labels: Vec<_> = key.labels().collect();
        labels.sort();
        let labels = labels
            .iter()
            .map(|label| format!(" {}={}", label.key(), label.value()));
        let name = key.name().to_owned() + &labels.collect::<String>();
        Arc::new(Series(self.clone(), name))
    }
    fn of(&self, name: &str) -> Option<f64> {
        self.0.lock().unwrap().get(name).copied()
    }
}

impl metrics::Recorder for Recorded {
    fn describe_counter(
        &self,
        _: metrics::KeyName,
        _: Option<metrics::Unit>,
        _: metrics::SharedString,
    ) {
    }
    fn describe_gauge(
        &self,
        _: metrics::KeyName,
        _: Option<metrics::Unit>,
        _: metrics::SharedString,
    ) {
    }
    fn describe_histogram(
        &self,
        _: metrics::KeyName,
        _: Option<metrics::Unit>,
        _: metrics::SharedString,
    ) {
    }
    fn register_counter(&self, key: &metrics::Key, _: &metrics::Metadata<'_>) -> metrics::Counter {
        metrics::Counter::from_arc(self.series(key))
    }
    fn register_gauge(&self, key: &metrics::Key, _: &metrics::Metadata<'_>) -> metrics::Gauge {
        metrics::Gauge::from_arc(self.series(key))
    }
    fn register_histogram(
        &self,
        key: &metrics::Key,
        _: &metrics::Metadata<'_>,
    ) -> metrics::Histogram {
        metrics::Histogram::from_arc(self.series(key))
    }
}

#[tokio::test]
async fn what_happens_to_events_is_counted() {
    let recorded = Recorded::default();
    let _guard = metrics::set_default_local_recorder(&recorded);
    let (app, store) = (App::default(), Arc::new(Away::default()));
    let inbox = quick(&app).build(Arc::clone(&store));
    for number in 0..3 {
        let id = format!("om_{number}");
        assert_eq!(post(&webhook(&inbox), &message(&id, "oc_1")).await, 200);
    }
    assert_eq!(post(&webhook(&inbox), &message("om_1", "oc_1")).await, 200);
    store.fails.store(true, Ordering::SeqCst);
    assert_eq!(post(&webhook(&inbox), &message("om_3", "oc_1")).await, 500);
    assert_eq!(recorded.of("feishu_inbox_store_up"), Some(0.0));
    store.fails.store(false, Ordering::SeqCst);
    app.fail(1);
    let _workers = inbox.start();
    settled(&inbox).await;
    let event_type = "event_type=im.message.receive_v1";
    for (name, expected) in [
        ("feishu_inbox_received_total result=new".to_owned(), 3.0),
        ("feishu_inbox_received_total result=known".to_owned(), 1.0),
        ("feishu_inbox_received_total result=failed".to_owned(), 1.0),
        (
            format!("feishu_inbox_attempts_total {event_type} result=handled"),
            3.0,
        ),
        (
            format!("feishu_inbox_attempts_total {event_type} result=failed"),
            1.0,
        ),
        ("feishu_inbox_keep_seconds".to_owned(), 5.0),
        ("feishu_inbox_wait_seconds".to_owned(), 4.0),
        ("feishu_inbox_handler_seconds".to_owned(), 4.0),
        ("feishu_inbox_store_up".to_owned(), 1.0),
    ] {
        assert_eq!(recorded.of(&name), Some(expected), "{name}");
    }
    // The events were counted by state once, when the workers started.
    let states = ["waiting", "leased", "begun", "done", "dead", "held"];
    let counts = states.map(|state| recorded.of(&format!("feishu_inbox_events state={state}")));
    let sum: f64 = counts
        .map(|count| count.expect("each state is counted"))
        .iter()
        .sum();
    assert!((sum - 3.0).abs() < 0.1, "{counts:?}");
    assert!(recorded.of("feishu_inbox_oldest_seconds").is_some());
}

/// Lines of a log.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// By its ids, an event can be followed through the logs; its text is in none of them.
#[tokio::test]
async fn an_event_is_followed_from_its_receipt_to_its_settlement() {
    let lines = Lines::default();
    let writer = lines.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_ansi(false)
        .with_writer(move || writer.clone())
        .finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    let app = App::default();
    app.fail(1);
    let inbox = quick(&app).build(MemoryStore::new());
    let mut event = sample::<im::MessageReceiveV1>();
    let message = event.message.as_mut().unwrap();
    message.message_id = Some("om_quack".to_owned());
    message.content = Some(r#"{"text":"a private quack"}"#.to_owned());
    let event = EventRequest::new(&event).event_id("ev_1");
    assert_eq!(post(&webhook(&inbox), &event).await, 200);
    let _workers = inbox.start();
    settled(&inbox).await;
    let log = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
    let line = |words: &[&str]| {
        let found = log
            .lines()
            .any(|line| words.iter().all(|word| line.contains(word)));
        assert!(found, "no line with {words:?} in\n{log}");
    };
    let id = "event_id=\"ev_1\"";
    line(&["kept", "inbox_id=1", id]);
    let attempt = |number| format!("attempt={number}");
    line(&[
        "feishu_inbox{inbox_id=1",
        id,
        &attempt(1),
        "tried again after",
        "no luck",
    ]);
    line(&["feishu_inbox{inbox_id=1", id, &attempt(2), "done"]);
    assert!(
        !log.contains("private quack"),
        "a payload is in the log:\n{log}"
    );
}

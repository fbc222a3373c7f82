//! What is answered when, on paused time: seconds and hours pass at once.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::value::RawValue;
use tokio::task::yield_now;
use tokio::time::{Instant, sleep};

use super::answer::{Answer, Refused};
use super::memory::MemoryStore;
use super::options::{Ack, DeliveryOptions};
use super::run::{Answering, Event};
use super::shutdown::CutOff;
use super::store::{Claim, DedupeStore, StoreError};
use crate::delivery::accept::Acceptor;
use crate::delivery::event_ids::EventIds;
use crate::delivery::identity::EventFacts;
use crate::delivery::keyed_queue::{KeyedQueue, Ticket};
use crate::delivery::shared::Shared;
use crate::handler::dispatcher::Started;
use crate::handler::reply::Reply;

mod callbacks;
mod keeping;
mod limits;
mod refusing;
mod shutting_down;
mod shutting_down_on_receipt;
mod slow_stores;

const ACCEPTED: Answer = Answer::Ok(None);

fn shared(options: DeliveryOptions) -> Arc<Shared> {
    Acceptor::new(crate::dispatcher![], options).shared()
}

fn event(id: &str) -> EventFacts {
    EventFacts {
        event_type: "contact.user.created_v3".into(),
        ids: EventIds::of(None, Some(id)),
        is_callback: false,
        bytes: 0,
    }
}

fn click() -> EventFacts {
    EventFacts {
        event_type: "card.action.trigger".into(),
        ids: EventIds::default(),
        is_callback: true,
        bytes: 0,
    }
}

fn work(run: impl Future<Output = Result<Reply, &'static str>> + Send + 'static) -> Started {
    Started::Handle(Box::pin(async { run.await.map_err(Into::into) }))
}

async fn handle(shared: Arc<Shared>, event: EventFacts, work: Started) -> Answer {
    shared.handle(event, work, None, Instant::now()).await
}

impl Shared {
    fn handle(
        self: Arc<Self>,
        facts: EventFacts,
        started: Started,
        turn: Option<Ticket>,
        arrived: Instant,
    ) -> Answering {
        Answering::to(Event {
            shared: self,
            facts,
            started,
            turn,
            arrived,
        })
    }
}

/// A handler that is done after `seconds`.
fn takes(seconds: u64) -> Started {
    work(async move {
        sleep(Duration::from_secs(seconds)).await;
        Ok(Reply::default())
    })
}

/// A handler that fails after `seconds`.
fn fails_after(seconds: u64) -> Started {
    work(async move {
        sleep(Duration::from_secs(seconds)).await;
        Err("no luck")
    })
}

/// A handler that counts its calls.
fn counts(calls: &Arc<AtomicUsize>) -> Started {
    let calls = Arc::clone(calls);
    work(async move {
        calls.fetch_add(1, Ordering::SeqCst);
        Ok(Reply::default())
    })
}

/// The options with a hook that notes each late failure.
fn noting(options: DeliveryOptions) -> (Arc<Shared>, Arc<Mutex<Vec<String>>>) {
    let failures = Arc::new(Mutex::new(Vec::new()));
    let noted = Arc::clone(&failures);
    let options =
        options.on_late_failure(move |failure| noted.lock().unwrap().push(failure.to_string()));
    (shared(options), failures)
}

#[tokio::test(start_paused = true)]
async fn the_result_of_a_handler_is_the_answer() {
    let (shared, failures) = noting(DeliveryOptions::new());
    assert_eq!(handle(shared.clone(), event("1"), takes(2)).await, ACCEPTED);
    let failed = handle(shared.clone(), event("2"), fails_after(2)).await;
    assert_eq!(failed, Answer::Failed);
    assert!(failures.lock().unwrap().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_slow_handler_is_acknowledged_in_time_and_goes_on() {
    let (shared, failures) = noting(DeliveryOptions::new());
    let begun = Instant::now();
    let answer = handle(shared.clone(), event("1"), fails_after(60)).await;
    assert_eq!(answer, ACCEPTED);
    assert_eq!(begun.elapsed(), Duration::from_millis(2500));
    sleep(Duration::from_secs(60)).await;
    assert_eq!(
        *failures.lock().unwrap(),
        ["`contact.user.created_v3` (event 1) was acknowledged and failed after 60.0s: no luck"]
    );
}

#[tokio::test(start_paused = true)]
async fn a_handler_that_yields_lets_others_run() {
    let (ran, other) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let (count, seen) = (Arc::clone(&other), Arc::clone(&ran));
    let yields = work(async move {
        let before = count.load(Ordering::SeqCst);
        yield_now().await;
        seen.store(count.load(Ordering::SeqCst) - before, Ordering::SeqCst);
        Ok(Reply::default())
    });
    tokio::spawn(async move { other.fetch_add(1, Ordering::SeqCst) });
    let answer = handle(shared(DeliveryOptions::new()), event("1"), yields).await;
    assert_eq!(answer, ACCEPTED);
    assert_eq!(ran.load(Ordering::SeqCst), 1);
}

#[tokio::test(start_paused = true)]
async fn a_handler_goes_on_when_the_platform_hangs_up() {
    let shared = shared(DeliveryOptions::new());
    let calls = Arc::new(AtomicUsize::new(0));
    let counted = counts(&calls);
    let slow = work(async move {
        sleep(Duration::from_secs(1)).await;
        counted
            .await
            .map(|_| Reply::default())
            .map_err(|_| "failed")
    });
    let hung_up = handle(shared.clone(), event("1"), slow);
    assert!(
        tokio::time::timeout(Duration::from_millis(10), hung_up)
            .await
            .is_err()
    );
    // The same event, sent again, waits for the one that runs and is not run a second time.
    let again = handle(shared, event("1"), counts(&calls)).await;
    assert_eq!(again, ACCEPTED);
    assert_eq!(calls.load(Ordering::SeqCst), 1);
}

#[tokio::test(start_paused = true)]
async fn on_receipt_the_answer_comes_before_the_handler_is_done() {
    let (shared, failures) = noting(DeliveryOptions::new().ack(Ack::OnReceipt));
    let begun = Instant::now();
    let answer = handle(shared.clone(), event("1"), fails_after(1)).await;
    assert_eq!((answer, begun.elapsed()), (ACCEPTED, Duration::ZERO));
    let answer = handle(shared, event("2"), fails_after(0)).await;
    assert_eq!(answer, ACCEPTED);
    sleep(Duration::from_secs(2)).await;
    assert_eq!(failures.lock().unwrap().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_callback_waits_for_its_response_however_events_are_acknowledged() {
    let json = r#"{"toast":{"content":"done"}}"#;
    for ack in [Ack::OnResult, Ack::OnReceipt] {
        let responds = work(async move {
            sleep(Duration::from_secs(1)).await;
            Ok(Reply::from_json(
                RawValue::from_string(json.to_owned()).unwrap(),
            ))
        });
        let shared = shared(DeliveryOptions::new().ack(ack));
        let answer = handle(shared, click(), responds).await;
        assert_eq!(answer, Answer::Ok(Some(json.to_owned())));
    }
}

#[tokio::test(start_paused = true)]
async fn a_late_callback_answers_a_toast_and_goes_on() {
    let (shared, failures) = noting(DeliveryOptions::new().toast_when_late("one \"moment\""));
    let answer = handle(shared.clone(), click(), fails_after(5)).await;
    let toast = r#"{"toast":{"content":"one \"moment\"","type":"info"}}"#;
    assert_eq!(answer, Answer::Ok(Some(toast.to_owned())));
    sleep(Duration::from_secs(5)).await;
    assert_eq!(failures.lock().unwrap().len(), 1);
    // Only a card has a place for a toast.
    let mut preview = click();
    preview.event_type = "url.preview.get".into();
    assert_eq!(handle(shared, preview, takes(5)).await, ACCEPTED);
}

#[tokio::test(start_paused = true)]
async fn an_event_is_handled_once_through_the_whole_ladder_of_attempts() {
    let shared = shared(DeliveryOptions::new());
    let calls = Arc::new(AtomicUsize::new(0));
    for pause in [0, 15, 5 * 60, 60 * 60, 6 * 60 * 60] {
        sleep(Duration::from_secs(pause)).await;
        assert_eq!(
            handle(shared.clone(), event("1"), counts(&calls)).await,
            ACCEPTED
        );
    }
    assert_eq!(calls.load(Ordering::SeqCst), 1);
    sleep(Duration::from_secs(12 * 60 * 60)).await;
    handle(shared, event("1"), counts(&calls)).await;
    assert_eq!(calls.load(Ordering::SeqCst), 2, "never forgotten");
}

#[tokio::test(start_paused = true)]
async fn a_failed_event_is_handled_when_it_comes_again() {
    let shared = shared(DeliveryOptions::new());
    let calls = Arc::new(AtomicUsize::new(0));
    for failing in [fails_after(0), fails_after(60)] {
        handle(shared.clone(), event("1"), failing).await;
        sleep(Duration::from_secs(60)).await;
    }
    assert_eq!(handle(shared, event("1"), counts(&calls)).await, ACCEPTED);
    assert_eq!(calls.load(Ordering::SeqCst), 1);
}

#[tokio::test(start_paused = true)]
async fn of_two_deliveries_at_once_one_runs_and_the_other_takes_over_if_it_fails() {
    let shared = shared(DeliveryOptions::new());
    let calls = Arc::new(AtomicUsize::new(0));
    let first = tokio::spawn(handle(shared.clone(), event("1"), fails_after(1)));
    yield_now().await;
    let second = tokio::spawn(handle(shared.clone(), event("1"), counts(&calls)));
    sleep(Duration::from_millis(900)).await;
    assert_eq!(calls.load(Ordering::SeqCst), 0, "both ran at once");
    assert_eq!(first.await.unwrap(), Answer::Failed);
    assert_eq!(second.await.unwrap(), ACCEPTED);
    assert_eq!(calls.load(Ordering::SeqCst), 1);
}

#[tokio::test(start_paused = true)]
async fn a_second_delivery_is_not_acknowledged_while_the_first_may_still_fail() {
    let shared = shared(DeliveryOptions::new());
    let calls = Arc::new(AtomicUsize::new(0));
    assert_eq!(
        handle(shared.clone(), event("1"), takes(60)).await,
        ACCEPTED
    );
    let again = handle(shared.clone(), event("1"), counts(&calls)).await;
    assert_eq!(again, Answer::Refused(Refused::BeingHandled));
    sleep(Duration::from_secs(60)).await;
    assert_eq!(handle(shared, event("1"), counts(&calls)).await, ACCEPTED);
    assert_eq!(calls.load(Ordering::SeqCst), 0);
}

#[tokio::test(start_paused = true)]
async fn what_finds_no_place_is_refused_and_nothing_that_was_refused_runs() {
    for ack in [Ack::OnResult, Ack::OnReceipt] {
        let options = DeliveryOptions::new().ack(ack);
        let shared = shared(options.concurrency_limit(1).queue_limit(1));
        let calls = Arc::new(AtomicUsize::new(0));
        let first = tokio::spawn(handle(shared.clone(), event("1"), takes(60)));
        yield_now().await;
        let second = tokio::spawn(handle(shared.clone(), event("2"), counts(&calls)));
        yield_now().await;
        let third = handle(shared.clone(), event("3"), counts(&calls)).await;
        assert_eq!(third, Answer::Refused(Refused::Busy));
        assert_eq!(first.await.unwrap(), ACCEPTED);
        // Who was acknowledged waits as long as it takes; who was not is sent again.
        let (answer, expected) = match ack {
            Ack::OnReceipt => (ACCEPTED, 1),
            Ack::OnResult | Ack::WhenKept | Ack::Refuse => (Answer::Refused(Refused::Busy), 0),
        };
        assert_eq!(second.await.unwrap(), answer);
        sleep(Duration::from_secs(61)).await;
        assert_eq!(calls.load(Ordering::SeqCst), expected, "{ack:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_shutdown_waits_and_then_tells_what_it_cut_off() {
    let acceptor = Acceptor::new(crate::dispatcher![], DeliveryOptions::new());
    let shared = acceptor.shared();
    let calls = Arc::new(AtomicUsize::new(0));
    let quick = tokio::spawn(handle(shared.clone(), event("quick"), takes(1)));
    let slow = tokio::spawn(handle(shared.clone(), event("slow"), takes(60)));
    sleep(Duration::from_millis(500)).await;
    let down = tokio::spawn({
        let acceptor = acceptor.clone();
        async move { acceptor.shut_down(Duration::from_secs(1)).await }
    });
    yield_now().await;
    let new = handle(shared.clone(), event("new"), counts(&calls)).await;
    assert_eq!(new, Answer::Refused(Refused::ShuttingDown));
    let drained = down.await.unwrap();
    assert_eq!(drained.finished, 1);
    assert_eq!(drained.cut_off.len(), 1);
    assert_eq!(drained.cut_off[0].event_id.as_deref(), Some("slow"));
    assert!(!drained.cut_off[0].acknowledged);
    assert_eq!(quick.await.unwrap(), ACCEPTED);
    assert_eq!(slow.await.unwrap(), Answer::Refused(Refused::ShuttingDown));
    assert_eq!(calls.load(Ordering::SeqCst), 0);
}

/// A store that is there and never answers.
struct Mute;

impl DedupeStore for Mute {
    async fn claim(&self, _: &str) -> Result<Claim, StoreError> {
        std::future::pending().await
    }
    async fn done(&self, _: &str) -> Result<(), StoreError> {
        std::future::pending().await
    }
    async fn release(&self, _: &str) -> Result<(), StoreError> {
        std::future::pending().await
    }
}

#[tokio::test(start_paused = true)]
async fn a_store_that_never_answers_takes_no_place_for_ever() {
    let options = DeliveryOptions::new().dedupe(Mute);
    let shared = shared(options.concurrency_limit(1).queue_limit(0));
    for _ in 0..3 {
        let answer = handle(shared.clone(), event("1"), takes(0)).await;
        assert_eq!(answer, Answer::Refused(Refused::StoreFailed));
        sleep(Duration::from_millis(1)).await;
    }
    let mut anonymous = event("2");
    anonymous.ids = EventIds::default();
    assert_eq!(handle(shared, anonymous, takes(0)).await, ACCEPTED);
}

#[tokio::test(start_paused = true)]
async fn on_receipt_no_part_of_the_handler_runs_before_the_answer() {
    let shared = shared(DeliveryOptions::new().ack(Ack::OnReceipt));
    let calls = Arc::new(AtomicUsize::new(0));
    let answer = handle(shared, event("1"), counts(&calls)).await;
    assert_eq!((answer, calls.load(Ordering::SeqCst)), (ACCEPTED, 0));
    yield_now().await;
    assert_eq!(calls.load(Ordering::SeqCst), 1);
}

/// A store that is not there.
struct Gone;

impl DedupeStore for Gone {
    async fn claim(&self, _: &str) -> Result<Claim, StoreError> {
        Err("gone".into())
    }
    async fn done(&self, _: &str) -> Result<(), StoreError> {
        Err("gone".into())
    }
    async fn release(&self, _: &str) -> Result<(), StoreError> {
        Err("gone".into())
    }
}

#[tokio::test(start_paused = true)]
async fn without_its_store_a_receiver_refuses_rather_than_handles_twice() {
    let shared = shared(DeliveryOptions::new().dedupe(Gone));
    let calls = Arc::new(AtomicUsize::new(0));
    let answer = handle(shared.clone(), event("1"), counts(&calls)).await;
    assert_eq!(answer, Answer::Refused(Refused::StoreFailed));
    let mut anonymous = event("2");
    anonymous.ids = EventIds::default();
    assert_eq!(handle(shared, anonymous, counts(&calls)).await, ACCEPTED);
    assert_eq!(calls.load(Ordering::SeqCst), 1);
}

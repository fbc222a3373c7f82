//! Every event that is cut off is reported, and releases what it holds.

use super::*;
#[cfg(feature = "long-connection")]
use crate::test_support::log::Warnings;

/// So many that other threads end some while the list is made.
const EVENTS: usize = 10_000;

/// Shuts down while so many handlers run on several threads; gives back what was cut off.
async fn all_cut_off(ack: Ack) -> Vec<CutOff> {
    let options = DeliveryOptions::new().ack(ack);
    let options = options.answer_within(Duration::from_secs(3600));
    let acceptor = Acceptor::new(crate::dispatcher![], options.concurrency_limit(EVENTS));
    let shared = acceptor.shared();
    let (begins, mut begun) = tokio::sync::mpsc::unbounded_channel();
    for number in 0..EVENTS {
        let (shared, begins) = (shared.clone(), begins.clone());
        let endless = work(async move {
            begins.send(()).unwrap();
            std::future::pending().await
        });
        let event = event(&number.to_string());
        tokio::spawn(async move { handle(shared, event, endless).await });
    }
    for _ in 0..EVENTS {
        begun.recv().await.unwrap();
    }
    let drained = acceptor.shut_down(Duration::ZERO).await;
    assert_eq!(drained.finished, 0);
    drained.cut_off
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn each_event_that_was_cut_off_is_told_though_other_threads_end_it_meanwhile() {
    let cut_off = all_cut_off(Ack::OnResult).await;
    assert_eq!(cut_off.len(), EVENTS);
    assert!(cut_off.iter().all(|event| !event.acknowledged));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn each_acknowledged_event_that_was_cut_off_is_told_as_lost() {
    let cut_off = all_cut_off(Ack::OnReceipt).await;
    assert_eq!(cut_off.len(), EVENTS);
    assert!(cut_off.iter().all(|event| event.acknowledged));
}

/// A store that takes a second for each claim that it gets back.
#[derive(Default)]
struct SlowRelease {
    inner: MemoryStore,
    released: Arc<AtomicUsize>,
}

impl DedupeStore for SlowRelease {
    async fn claim(&self, key: &str) -> Result<Claim, StoreError> {
        self.inner.claim(key).await
    }
    async fn done(&self, key: &str) -> Result<(), StoreError> {
        self.inner.done(key).await
    }
    async fn release(&self, key: &str) -> Result<(), StoreError> {
        sleep(Duration::from_secs(1)).await;
        self.released.fetch_add(1, Ordering::SeqCst);
        self.inner.release(key).await
    }
}

#[tokio::test(start_paused = true)]
async fn what_was_cut_off_gives_back_its_claims_together() {
    for ack in [Ack::OnResult, Ack::OnReceipt] {
        let store = SlowRelease::default();
        let released = Arc::clone(&store.released);
        let lost = Arc::new(AtomicUsize::new(0));
        let answer_receiver = Arc::clone(&lost);
        let options = DeliveryOptions::new().ack(ack).concurrency_limit(1);
        let options = options.dedupe(store).on_late_failure(move |failure| {
            assert!(failure.to_string().contains("cut off by the shutdown"));
            answer_receiver.fetch_add(1, Ordering::SeqCst);
        });
        let acceptor = Acceptor::new(crate::dispatcher![], options);
        let shared = acceptor.shared();
        let turns = KeyedQueue::default();
        let mut answers = Vec::new();
        // One runs, the others wait: some for their turn, all for a handler.
        for number in 0..20 {
            let key = if number % 2 == 0 { "even" } else { "odd" };
            let turn = turns.take(key.to_owned());
            let event = event(&number.to_string());
            let shared = Arc::clone(&shared);
            answers.push(tokio::spawn(async move {
                let endless = takes(3600);
                shared
                    .handle(event, endless, Some(turn), Instant::now())
                    .await
            }));
        }
        sleep(Duration::from_millis(1)).await;
        let drained = acceptor.shut_down(Duration::ZERO).await;
        assert_eq!((drained.finished, drained.cut_off.len()), (0, 20));
        assert_eq!(released.load(Ordering::SeqCst), 20, "{ack:?}");
        let acknowledged = ack == Ack::OnReceipt;
        let expected = if acknowledged {
            ACCEPTED
        } else {
            Answer::Refused(Refused::ShuttingDown)
        };
        for answer in answers {
            assert_eq!(answer.await.unwrap(), expected);
        }
        let answer_receiver = drained.cut_off.iter().filter(|it| it.acknowledged).count();
        assert_eq!(answer_receiver, if acknowledged { 20 } else { 0 });
        assert_eq!(lost.load(Ordering::SeqCst), answer_receiver);
    }
}

#[tokio::test(start_paused = true)]
async fn a_store_that_is_slow_to_settle_keeps_no_handler_from_running() {
    let store = SlowRelease::default();
    let released = Arc::clone(&store.released);
    let shared = shared(DeliveryOptions::new().dedupe(store).concurrency_limit(1));
    let turns = KeyedQueue::default();
    let calls = Arc::new(AtomicUsize::new(0));
    let (one, two) = (turns.take("key".to_owned()), turns.take("key".to_owned()));
    let first = shared.clone();
    let first = tokio::spawn(async move {
        first
            .handle(event("1"), fails_after(0), Some(one), Instant::now())
            .await
    });
    yield_now().await;
    let next = shared.handle(event("2"), counts(&calls), Some(two), Instant::now());
    assert_eq!(next.await, ACCEPTED);
    assert_eq!(calls.load(Ordering::SeqCst), 1);
    assert_eq!(
        released.load(Ordering::SeqCst),
        0,
        "it waited for the store"
    );
    assert_eq!(first.await.unwrap(), Answer::Failed);
}

/// A store in which another process handles every event.
struct Elsewhere;

impl DedupeStore for Elsewhere {
    async fn claim(&self, _: &str) -> Result<Claim, StoreError> {
        Ok(Claim::Running)
    }
    async fn done(&self, _: &str) -> Result<(), StoreError> {
        Ok(())
    }
    async fn release(&self, _: &str) -> Result<(), StoreError> {
        Ok(())
    }
}

#[tokio::test(start_paused = true)]
async fn who_waits_for_another_process_does_not_outlast_the_shutdown() {
    let options = DeliveryOptions::new().answer_within(Duration::from_secs(3600));
    let acceptor = Acceptor::new(crate::dispatcher![], options.dedupe(Elsewhere));
    let waiting = tokio::spawn(handle(acceptor.shared(), event("1"), takes(0)));
    yield_now().await;
    let drained = acceptor.shut_down(Duration::ZERO).await;
    // It is refused for the other process, not for the shutdown.
    assert_eq!((drained.finished, drained.cut_off.len()), (1, 0));
    assert!(waiting.is_finished());
    assert_eq!(
        waiting.await.unwrap(),
        Answer::Refused(Refused::BeingHandled)
    );
}

#[tokio::test(start_paused = true)]
async fn what_was_refused_before_the_end_is_not_cut_off_while_its_claim_is_given_back() {
    let options = DeliveryOptions::new().dedupe(SlowRelease::default());
    let acceptor = Acceptor::new(crate::dispatcher![], options.concurrency_limit(1));
    let running = tokio::spawn(handle(acceptor.shared(), event("runs"), takes(60)));
    yield_now().await;
    let busy = handle(acceptor.shared(), event("busy"), takes(0)).await;
    assert_eq!(busy, Answer::Refused(Refused::Busy));
    let drained = acceptor.shut_down(Duration::ZERO).await;
    let cut_off: Vec<_> = drained.cut_off.iter().map(|it| &it.event_id).collect();
    assert_eq!(cut_off, [&Some("runs".to_owned())]);
    assert_eq!(drained.finished, 1);
    assert_eq!(running.await.unwrap(), ACCEPTED);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn who_waits_behind_a_handler_that_blocks_its_thread_is_let_go() {
    let options = DeliveryOptions::new().answer_within(Duration::from_secs(3600));
    let shared = shared(options.concurrency_limit(1));
    let (unblock, blocked) = std::sync::mpsc::channel::<()>();
    let (begins, begun) = tokio::sync::oneshot::channel();
    let blocking = work(async move {
        begins.send(()).unwrap();
        blocked.recv().unwrap_err();
        Ok(Reply::default())
    });
    let first = tokio::spawn(handle(shared.clone(), event("1"), blocking));
    begun.await.unwrap();
    let waits = tokio::spawn(handle(shared.clone(), event("2"), takes(0)));
    shared.admission.cut_off();
    let answer = tokio::time::timeout(Duration::from_secs(60), waits).await;
    drop(unblock);
    let answer = answer.expect("it waits on").unwrap();
    assert_eq!(answer, Answer::Refused(Refused::ShuttingDown));
    assert_eq!(first.await.unwrap(), ACCEPTED);
}

#[cfg(feature = "long-connection")]
const CUT_OFF: &str = "cut off by the shutdown";

/// Cuts off an event.
#[cfg(feature = "long-connection")]
async fn cuts_off() {
    let acceptor = Acceptor::new(crate::dispatcher![], DeliveryOptions::new());
    let running = tokio::spawn(handle(acceptor.shared(), event("0"), takes(60)));
    yield_now().await;
    acceptor.stop();
    running.await.unwrap();
}

#[cfg(feature = "long-connection")]
#[tokio::test(start_paused = true)]
async fn what_is_stopped_at_once_is_logged_and_only_once() {
    let (warnings, _guard) = Warnings::listen(CUT_OFF, "event_id=", cuts_off).await;
    let acceptor = Acceptor::new(crate::dispatcher![], DeliveryOptions::new());
    let shared = acceptor.shared();
    // One has been acknowledged, the other comes again.
    assert_eq!(
        handle(shared.clone(), event("lost"), takes(60)).await,
        ACCEPTED
    );
    let again = tokio::spawn(handle(shared.clone(), event("again"), takes(60)));
    yield_now().await;
    acceptor.stop();
    acceptor.stop();
    again.await.unwrap();
    let said = warnings.take(CUT_OFF);
    assert_eq!(said.len(), 2, "{said:?}");
    for (said, (id, acknowledged)) in said.iter().zip([("lost", true), ("again", false)]) {
        assert!(said.contains(&format!("event_id=\"{id}\"")), "{said}");
        assert!(
            said.contains(&format!("acknowledged={acknowledged}")),
            "{said}"
        );
    }
}

#[cfg(feature = "long-connection")]
#[tokio::test(start_paused = true)]
async fn a_shutdown_that_nobody_waits_for_any_longer_is_logged_all_the_same() {
    let (warnings, _guard) = Warnings::listen(CUT_OFF, "event_id=", cuts_off).await;
    let options = DeliveryOptions::new().dedupe(SlowRelease::default());
    let acceptor = Acceptor::new(crate::dispatcher![], options);
    let running = tokio::spawn(handle(acceptor.shared(), event("1"), takes(60)));
    yield_now().await;
    // It is dropped while the store takes its time.
    let down = acceptor.shut_down(Duration::ZERO);
    let down = tokio::time::timeout(Duration::from_millis(1), down).await;
    assert!(down.is_err());
    acceptor.stop();
    assert_eq!(warnings.take(CUT_OFF).len(), 1);
    running.await.unwrap();
}

#[cfg(feature = "long-connection")]
#[tokio::test(start_paused = true)]
async fn each_event_that_is_cut_off_is_warned_of_once() {
    let (warnings, _guard) = Warnings::listen(CUT_OFF, "event_id=", cuts_off).await;
    for ack in [Ack::OnResult, Ack::OnReceipt] {
        let options = DeliveryOptions::new().ack(ack).concurrency_limit(3);
        let acceptor = Acceptor::new(crate::dispatcher![], options);
        // Three run, and one waits.
        let running: Vec<_> = ["1", "2", "3", "4"]
            .map(|id| tokio::spawn(handle(acceptor.shared(), event(id), takes(60))))
            .into();
        sleep(Duration::from_millis(1)).await;
        let drained = acceptor.shut_down(Duration::ZERO).await;
        assert_eq!(drained.cut_off.len(), 4);
        for running in running {
            running.await.unwrap();
        }
        let said = warnings.take("");
        assert_eq!(said.len(), 4, "{ack:?}: {said:?}");
        assert!(said.iter().all(|said| said.contains(CUT_OFF)), "{said:?}");
    }
}

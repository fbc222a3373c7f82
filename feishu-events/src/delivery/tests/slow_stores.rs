//! A store that is slow or gone must not make an answer wrong.

use super::*;

/// A store that remembers, and takes its time.
#[derive(Default)]
struct Slow {
    inner: MemoryStore,
    claim: Duration,
    settle: Duration,
    released: Arc<AtomicUsize>,
}

impl DedupeStore for Slow {
    async fn claim(&self, key: &str) -> Result<Claim, StoreError> {
        let claim = self.inner.claim(key).await;
        sleep(self.claim).await;
        claim
    }
    async fn done(&self, key: &str) -> Result<(), StoreError> {
        sleep(self.settle).await;
        self.inner.done(key).await
    }
    async fn release(&self, key: &str) -> Result<(), StoreError> {
        sleep(self.settle).await;
        self.released.fetch_add(1, Ordering::SeqCst);
        self.inner.release(key).await
    }
}

fn settling_in(time: Duration) -> Slow {
    Slow {
        settle: time,
        ..Slow::default()
    }
}

pub(super) fn claiming_in(time: Duration) -> impl DedupeStore {
    Slow {
        claim: time,
        ..Slow::default()
    }
}

#[tokio::test(start_paused = true)]
async fn what_finds_no_handler_free_is_refused_while_its_claim_is_given_back() {
    let options = DeliveryOptions::new().dedupe(settling_in(Duration::from_millis(100)));
    let shared = shared(options.concurrency_limit(1));
    let calls = Arc::new(AtomicUsize::new(0));
    let first = tokio::spawn(handle(shared.clone(), event("1"), takes(60)));
    yield_now().await;
    let second = handle(shared.clone(), event("2"), counts(&calls)).await;
    assert_eq!(second, Answer::Refused(Refused::Busy));
    assert_eq!(first.await.unwrap(), ACCEPTED);
    assert_eq!(calls.load(Ordering::SeqCst), 0);
}

#[tokio::test(start_paused = true)]
async fn a_failure_in_time_is_answered_as_one_however_long_the_store_takes() {
    let options = DeliveryOptions::new().dedupe(settling_in(Duration::from_secs(4)));
    let (shared, late) = noting(options);
    let begun = Instant::now();
    assert_eq!(
        handle(shared.clone(), event("1"), fails_after(1)).await,
        Answer::Failed
    );
    assert_eq!(begun.elapsed(), Duration::from_millis(2500));
    assert_eq!(handle(shared.clone(), event("2"), takes(1)).await, ACCEPTED);
    sleep(Duration::from_secs(20)).await;
    assert!(late.lock().unwrap().is_empty());
    let calls = Arc::new(AtomicUsize::new(0));
    handle(shared.clone(), event("1"), counts(&calls)).await;
    handle(shared.clone(), event("2"), counts(&calls)).await;
    assert_eq!(calls.load(Ordering::SeqCst), 1, "only what failed");
}

#[tokio::test(start_paused = true)]
async fn a_claim_that_comes_too_late_is_given_back() {
    let store = Slow {
        claim: Duration::from_secs(4),
        ..Slow::default()
    };
    let released = Arc::clone(&store.released);
    let shared = shared(DeliveryOptions::new().dedupe(store));
    let answer = handle(shared.clone(), event("1"), takes(0)).await;
    assert_eq!(answer, Answer::Refused(Refused::StoreFailed));
    sleep(Duration::from_secs(5)).await;
    assert_eq!(released.load(Ordering::SeqCst), 1);
}

/// A store with a bug.
struct Panics;

impl DedupeStore for Panics {
    async fn claim(&self, _: &str) -> Result<Claim, StoreError> {
        panic!("a bug in the store")
    }
    async fn done(&self, _: &str) -> Result<(), StoreError> {
        Ok(())
    }
    async fn release(&self, _: &str) -> Result<(), StoreError> {
        Ok(())
    }
}

#[tokio::test(start_paused = true)]
async fn a_store_that_panics_fails_the_event_and_nothing_else() {
    let shared = shared(DeliveryOptions::new().dedupe(Panics));
    assert_eq!(
        handle(shared.clone(), event("1"), takes(0)).await,
        Answer::Failed
    );
    let mut anonymous = event("2");
    anonymous.ids = EventIds::default();
    assert_eq!(handle(shared, anonymous, takes(0)).await, ACCEPTED);
}

#[tokio::test(start_paused = true)]
async fn what_was_acknowledged_and_is_cut_off_is_told() {
    let (shared, late) = noting(DeliveryOptions::new().ack(Ack::OnReceipt));
    assert_eq!(
        handle(shared.clone(), event("1"), takes(60)).await,
        ACCEPTED
    );
    yield_now().await;
    shared.admission.close();
    shared.admission.cut_off();
    sleep(Duration::from_secs(1)).await;
    let late = late.lock().unwrap();
    assert!(late[0].contains("cut off by the shutdown"), "{late:?}");
}

#[tokio::test(start_paused = true)]
async fn the_longest_of_times_is_no_limit() {
    let store = MemoryStore::new().kept_for(Duration::MAX);
    let options = DeliveryOptions::new().answer_within(Duration::MAX);
    let shared = shared(options.dedupe(store));
    assert_eq!(
        handle(shared.clone(), event("1"), fails_after(3600)).await,
        Answer::Failed
    );
    assert_eq!(handle(shared.clone(), event("1"), takes(0)).await, ACCEPTED);
}

#[tokio::test(start_paused = true)]
async fn the_time_for_an_answer_begins_with_the_arrival() {
    let shared = shared(DeliveryOptions::new());
    let arrived = Instant::now();
    sleep(Duration::from_secs(2)).await;
    assert_eq!(
        shared.handle(event("1"), takes(60), None, arrived).await,
        ACCEPTED
    );
    assert_eq!(arrived.elapsed(), Duration::from_millis(2500));
}

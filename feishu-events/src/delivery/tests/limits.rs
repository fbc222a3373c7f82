//! Handlers that are slow, endless or blocking, and events that are large.

use std::sync::mpsc;

use super::*;
use crate::test_support::log::Warnings;

fn large(id: &str, bytes: usize) -> EventFacts {
    EventFacts { bytes, ..event(id) }
}

#[tokio::test(start_paused = true)]
async fn events_that_are_too_large_together_are_refused_and_one_alone_is_not() {
    let shared = shared(DeliveryOptions::new().memory_limit(100));
    let first = tokio::spawn(handle(shared.clone(), large("1", 60), takes(1)));
    yield_now().await;
    let second = handle(shared.clone(), large("2", 41), takes(0)).await;
    assert_eq!(second, Answer::Refused(Refused::TooManyBytes));
    assert_eq!(
        handle(shared.clone(), large("3", 40), takes(0)).await,
        ACCEPTED
    );
    assert_eq!(first.await.unwrap(), ACCEPTED);
    assert_eq!(
        handle(shared.clone(), large("4", 1000), takes(0)).await,
        ACCEPTED
    );
    assert_eq!(shared.status(), crate::DeliveryStatus::default());
}

#[tokio::test(start_paused = true)]
async fn a_handler_is_stopped_at_its_limit_and_has_failed() {
    let options = DeliveryOptions::new().handler_limit(Duration::from_secs(30));
    let (shared, failures) = noting(options);
    assert_eq!(
        handle(shared.clone(), event("1"), takes(60)).await,
        ACCEPTED
    );
    assert_eq!(shared.status().running, 1);
    sleep(Duration::from_secs(30)).await;
    assert_eq!(shared.status().running, 0);
    let failure = failures.lock().unwrap().pop().unwrap();
    assert!(failure.contains("failed after 30.0s"), "{failure}");
    assert!(
        failure.contains("stopped at its time limit of 30s"),
        "{failure}"
    );
    // It is not remembered as handled.
    let calls = Arc::new(AtomicUsize::new(0));
    handle(shared, event("1"), counts(&calls)).await;
    assert_eq!(calls.load(Ordering::SeqCst), 1);
    // Before the answer is due, the platform sends the event again.
    let options = DeliveryOptions::new().handler_limit(Duration::from_secs(1));
    let (quick, failures) = noting(options);
    assert_eq!(handle(quick, event("1"), takes(60)).await, Answer::Failed);
    assert!(failures.lock().unwrap().is_empty());
}

/// Has an event wait because another one's handler does not end.
async fn fills_up() {
    let shared = shared(DeliveryOptions::new().concurrency_limit(1));
    drop(tokio::spawn(handle(shared.clone(), event("1"), takes(300))));
    sleep(Duration::from_secs(200)).await;
    handle(shared, event("2"), takes(0)).await;
}

#[tokio::test(start_paused = true)]
async fn events_that_wait_for_endless_handlers_are_warned_of_and_the_oldest_is_named() {
    let (warnings, _guard) = Warnings::listen("as many handlers", "running=1", fills_up).await;
    let acceptor = Acceptor::new(
        named::handlers(),
        DeliveryOptions::new().concurrency_limit(1),
    );
    let shared = acceptor.shared();
    drop(tokio::spawn(handle(shared.clone(), event("1"), takes(300))));
    sleep(Duration::from_secs(200)).await;
    for id in ["2", "3", "4"] {
        let refused = handle(shared.clone(), event(id), takes(0)).await;
        assert_eq!(refused, Answer::Refused(Refused::Busy));
    }
    let said = warnings.take("as many handlers");
    assert_eq!(said.len(), 1, "once a minute: {said:?}");
    for part in ["waiting=1", "named::on_created", "for 200.0s"] {
        assert!(said[0].contains(part), "no {part}: {said:?}");
    }
}

/// A handler with a name of its own.
mod named {
    #[crate::feishu_handler("contact.user.created_v3", crate = crate)]
    fn on_created() {}

    pub(super) fn handlers() -> crate::Dispatcher {
        crate::dispatcher![on_created]
    }
}

/// A handler that blocks its thread until it is released; the limit ends a test that fails.
fn blocks_until(released: mpsc::Receiver<()>) -> Started {
    work(async move {
        let limit = Duration::from_secs(20);
        released.recv_timeout(limit).map_err(|_| "never released")?;
        Ok(Reply::default())
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_event_whose_handler_blocks_its_thread_is_acknowledged_in_time() {
    for ack in [Ack::OnResult, Ack::OnReceipt] {
        let options = DeliveryOptions::new().ack(ack);
        let (shared, failures) = noting(options.answer_within(Duration::from_millis(10)));
        let (release, released) = mpsc::channel();
        let (done, is_done) = tokio::sync::oneshot::channel();
        let handling = handle(shared.clone(), event("1"), blocks_until(released));
        // As a server does: in a task of the runtime.
        tokio::spawn(async move { done.send(handling.await) });
        // The handler is released by the answer alone.
        assert_eq!(is_done.await.unwrap(), ACCEPTED);
        release.send(()).unwrap();
        while shared.status().running > 0 {
            yield_now().await;
        }
        assert!(failures.lock().unwrap().is_empty());
    }
}

/// Blocks the only thread for longer than an answer may take.
async fn blocks() {
    let options = DeliveryOptions::new().answer_within(Duration::from_millis(1));
    let acceptor = Acceptor::new(named::handlers(), options);
    let blocks = work(async {
        std::thread::sleep(Duration::from_millis(5));
        Ok(Reply::default())
    });
    handle(acceptor.shared(), event("1"), blocks).await;
}

#[tokio::test]
async fn a_handler_that_blocks_its_thread_is_named() {
    let words = "blocked its thread";
    let (warnings, _guard) = Warnings::listen(words, "named::on_created", blocks).await;
    blocks().await;
    let said = warnings.take(words);
    assert_eq!(said.len(), 1, "{said:?}");
    assert!(said[0].contains("named::on_created"), "{said:?}");
    assert!(said[0].contains("spawn_blocking"), "{said:?}");
}

#[tokio::test(start_paused = true)]
async fn where_only_results_acknowledge_a_late_event_is_refused_and_comes_again() {
    let (shared, failures) = noting(DeliveryOptions::new().ack(Ack::Refuse));
    let refused = Answer::Refused(Refused::NotDone);
    for event in [event("1"), click()] {
        let begun = Instant::now();
        assert_eq!(handle(shared.clone(), event, takes(4)).await, refused);
        assert_eq!(begun.elapsed(), Duration::from_millis(2500));
    }
    // A repetition waits for the handler that runs, and is not handled again.
    let calls = Arc::new(AtomicUsize::new(0));
    let again = handle(shared.clone(), event("1"), counts(&calls)).await;
    assert_eq!((again, calls.load(Ordering::SeqCst)), (ACCEPTED, 0));
    // A failure is one, late or not: the platform sends the event again.
    assert_eq!(handle(shared.clone(), event("2"), takes(2)).await, ACCEPTED);
    let failed = handle(shared.clone(), event("3"), fails_after(1)).await;
    assert_eq!(failed, Answer::Failed);
    assert_eq!(
        handle(shared.clone(), event("4"), fails_after(4)).await,
        refused
    );
    sleep(Duration::from_secs(5)).await;
    assert_eq!(handle(shared, event("4"), counts(&calls)).await, ACCEPTED);
    assert_eq!(calls.load(Ordering::SeqCst), 1);
    assert!(failures.lock().unwrap().is_empty(), "nothing was lost");
}

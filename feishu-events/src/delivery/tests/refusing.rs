//! A refusal says in the log what an event waited for in vain.

use super::*;
use crate::test_support::log::Warnings;

/// Refuses an event.
async fn refuses() {
    let shared = shared(DeliveryOptions::new());
    shared.admission.close();
    handle(shared, event("0"), takes(0)).await;
}

#[tokio::test(start_paused = true)]
async fn who_waits_behind_its_own_key_is_not_told_that_there_is_too_much() {
    let (warnings, _guard) = Warnings::listen("refused an event", "event_id=", refuses).await;
    for ordered in [true, false] {
        let shared = shared(DeliveryOptions::new().concurrency_limit(if ordered { 9 } else { 1 }));
        let turns = KeyedQueue::default();
        let turn = || ordered.then(|| turns.take("key".to_owned()));
        let (first, second) = (turn(), turn());
        let one = Arc::clone(&shared);
        tokio::spawn(async move {
            let slow = takes(60);
            one.handle(event("1"), slow, first, Instant::now()).await
        });
        yield_now().await;
        let next = shared.handle(event("2"), takes(0), second, Instant::now());
        let why = if ordered {
            Refused::NotItsTurn
        } else {
            Refused::Busy
        };
        assert_eq!(next.await, Answer::Refused(why));
        let said = warnings.take("refused an event");
        assert_eq!(said.len(), 1, "{said:?}");
        assert!(said[0].contains("event_id=\"2\""), "{said:?}");
        assert!(said[0].contains(&why.to_string()), "{said:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn each_reason_for_a_refusal_is_logged_once_a_minute() {
    let (warnings, _guard) = Warnings::listen("refused an event", "event_id=", refuses).await;
    let slow = shared(DeliveryOptions::new().dedupe(Mute));
    handle(slow, event("mute"), takes(0)).await;
    let full = shared(DeliveryOptions::new().concurrency_limit(1).queue_limit(0));
    let running = tokio::spawn(handle(full.clone(), event("long"), takes(60)));
    yield_now().await;
    handle(full.clone(), event("full"), takes(0)).await;
    handle(full.clone(), event("long"), takes(0)).await;
    full.admission.close();
    handle(full, event("closed"), takes(0)).await;
    running.await.unwrap();
    let said = warnings.take("refused an event");
    for (said, (id, why)) in said.iter().zip([
        ("mute", Refused::StoreFailed),
        ("full", Refused::Busy),
        ("closed", Refused::ShuttingDown),
    ]) {
        assert!(said.contains(&format!("event_id=\"{id}\"")), "{said}");
        assert!(said.contains(&why.to_string()), "{said}");
    }
    assert_eq!(said.len(), 3, "{said:?}");
}

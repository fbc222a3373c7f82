//! A callback that is sent again gets the answer that it got first.

use super::*;

/// A callback whose handler answers this after so many seconds.
fn answers(calls: &Arc<AtomicUsize>, seconds: u64, json: &'static str) -> Started {
    let calls = Arc::clone(calls);
    work(async move {
        calls.fetch_add(1, Ordering::SeqCst);
        sleep(Duration::from_secs(seconds)).await;
        let json = RawValue::from_string(json.to_owned()).unwrap();
        Ok(Reply::from_json(json))
    })
}

fn known_click() -> EventFacts {
    EventFacts {
        ids: EventIds::of(Some("app"), Some("click")),
        ..click()
    }
}

fn answer(json: &str) -> Answer {
    Answer::Ok(Some(json.to_owned()))
}

#[tokio::test(start_paused = true)]
async fn a_repetition_gets_the_first_answer_for_two_hours() {
    let shared = shared(DeliveryOptions::new());
    let calls = Arc::new(AtomicUsize::new(0));
    for (pause, json) in [(0, "1"), (1, "2"), (100 * 60, "3")] {
        sleep(Duration::from_secs(pause)).await;
        let again = handle(shared.clone(), known_click(), answers(&calls, 0, json)).await;
        assert_eq!(again, answer("1"));
    }
    sleep(Duration::from_secs(2 * 60 * 60)).await;
    let new = handle(shared, known_click(), answers(&calls, 0, "4")).await;
    assert_eq!((new, calls.load(Ordering::SeqCst)), (answer("4"), 2));
}

#[tokio::test(start_paused = true)]
async fn a_repetition_of_a_callback_that_runs_waits_for_its_answer() {
    let shared = shared(DeliveryOptions::new());
    let calls = Arc::new(AtomicUsize::new(0));
    let first = tokio::spawn(handle(
        shared.clone(),
        known_click(),
        answers(&calls, 1, "1"),
    ));
    yield_now().await;
    let again = handle(shared, known_click(), answers(&calls, 1, "2")).await;
    assert_eq!((again, first.await.unwrap()), (answer("1"), answer("1")));
    assert_eq!(calls.load(Ordering::SeqCst), 1);
}

#[tokio::test(start_paused = true)]
async fn a_callback_whose_handler_is_late_was_answered_with_the_toast() {
    let toast = r#"{"toast":{"content":"a moment","type":"info"}}"#;
    let shared = shared(DeliveryOptions::new().toast_when_late("a moment"));
    let calls = Arc::new(AtomicUsize::new(0));
    let first = handle(shared.clone(), known_click(), answers(&calls, 60, "1")).await;
    assert_eq!(first, answer(toast));
    // While it runs, and when it is done.
    for _ in 0..2 {
        let again = handle(shared.clone(), known_click(), answers(&calls, 0, "2")).await;
        assert_eq!(again, answer(toast));
        sleep(Duration::from_secs(60)).await;
    }
    assert_eq!(calls.load(Ordering::SeqCst), 1);
}

#[tokio::test(start_paused = true)]
async fn a_callback_that_failed_is_handled_again_and_so_is_each_without_dedupe() {
    let calls = Arc::new(AtomicUsize::new(0));
    let remembering = shared(DeliveryOptions::new());
    let failed = handle(remembering.clone(), known_click(), fails_after(0)).await;
    assert_eq!(failed, Answer::Failed);
    let again = handle(remembering, known_click(), answers(&calls, 0, "1")).await;
    assert_eq!(again, answer("1"));
    let forgetting = shared(DeliveryOptions::new().without_dedupe());
    for json in ["2", "3"] {
        let each = handle(forgetting.clone(), known_click(), answers(&calls, 0, json)).await;
        assert_eq!(each, answer(json));
    }
}

//! What has not been acknowledged when the end comes, is not any more: it would be lost.

use std::pin::pin;
use std::task::{Context, Waker};

use super::slow_stores::claiming_in;
use super::*;

/// The options with acknowledgement on receipt; what they tell of late failures is noted.
fn on_receipt(options: DeliveryOptions) -> (Acceptor, Arc<Mutex<Vec<String>>>) {
    let late = Arc::new(Mutex::new(Vec::new()));
    let answer_receiver = Arc::clone(&late);
    let options = options
        .ack(Ack::OnReceipt)
        .on_late_failure(move |failure| answer_receiver.lock().unwrap().push(failure.to_string()));
    (Acceptor::new(crate::dispatcher![], options), late)
}

#[tokio::test(start_paused = true)]
async fn a_claim_that_is_granted_after_the_end_acknowledges_nothing() {
    let store = claiming_in(Duration::from_secs(1));
    let (acceptor, late) = on_receipt(DeliveryOptions::new().dedupe(store));
    let calls = Arc::new(AtomicUsize::new(0));
    let answer = tokio::spawn(handle(acceptor.shared(), event("1"), counts(&calls)));
    sleep(Duration::from_millis(1)).await;
    let drained = acceptor.shut_down(Duration::ZERO).await;
    let refused = Answer::Refused(Refused::ShuttingDown);
    assert_eq!(answer.await.unwrap(), refused);
    assert_eq!(*late.lock().unwrap(), Vec::<String>::new());
    assert_eq!((drained.finished, drained.cut_off.len()), (0, 1));
    assert!(!drained.cut_off[0].acknowledged);
    assert_eq!(calls.load(Ordering::SeqCst), 0);
}

#[tokio::test(start_paused = true)]
async fn a_task_that_had_no_turn_before_the_end_acknowledges_nothing() {
    let (acceptor, late) = on_receipt(DeliveryOptions::new());
    let calls = Arc::new(AtomicUsize::new(0));
    let mut answer = pin!(handle(acceptor.shared(), event("1"), counts(&calls)));
    // It comes in, and its task is spawned.
    let mut context = Context::from_waker(Waker::noop());
    assert!(answer.as_mut().poll(&mut context).is_pending());
    acceptor.shared().admission.close();
    acceptor.shared().admission.cut_off();
    assert_eq!(answer.await, Answer::Refused(Refused::ShuttingDown));
    assert_eq!(*late.lock().unwrap(), Vec::<String>::new());
    assert_eq!(calls.load(Ordering::SeqCst), 0);
}

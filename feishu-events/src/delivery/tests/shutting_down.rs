//! What is cut off is told, all of it, and gives back what it has.

use super::*;

/// Shuts down while a thousand handlers run on several threads; gives back what was cut off.
async fn a_thousand_cut_off(ack: Ack) -> Vec<CutOff> {
    let options = DeliveryOptions::new().ack(ack);
    let options = options.answer_within(Duration::from_secs(3600));
    let intake = Intake::new(crate::dispatcher![], options);
    let shared = intake.shared();
    let (begins, mut begun) = tokio::sync::mpsc::unbounded_channel();
    for number in 0..1000 {
        let (shared, begins) = (shared.clone(), begins.clone());
        let endless = work(async move {
            begins.send(()).unwrap();
            std::future::pending().await
        });
        let event = event(&number.to_string());
        tokio::spawn(async move { handle(shared, event, endless).await });
    }
    for _ in 0..1000 {
        begun.recv().await.unwrap();
    }
    let drained = intake.shut_down(Duration::ZERO).await;
    assert_eq!(drained.finished, 0);
    drained.cut_off
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn each_event_that_was_cut_off_is_told_though_other_threads_end_it_meanwhile() {
    let cut_off = a_thousand_cut_off(Ack::OnResult).await;
    assert_eq!(cut_off.len(), 1000);
    assert!(cut_off.iter().all(|event| !event.acknowledged));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn each_acknowledged_event_that_was_cut_off_is_told_as_lost() {
    let cut_off = a_thousand_cut_off(Ack::OnReceipt).await;
    assert_eq!(cut_off.len(), 1000);
    assert!(cut_off.iter().all(|event| event.acknowledged));
}

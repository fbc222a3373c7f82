//! What a webhook says that it is doing.

use std::time::Duration;

use feishu_events::{DeliveryOptions, DeliveryStatus, Webhook};

use super::{created, secured};

#[tokio::test(start_paused = true)]
async fn the_status_counts_what_runs_and_waits_and_names_the_oldest() {
    let options = DeliveryOptions::new().concurrency_limit(2);
    let webhook: Webhook = secured().delivery(options).build().unwrap();
    assert_eq!(webhook.status(), DeliveryStatus::default());
    for number in 0..3 {
        let (webhook, event) = (
            webhook.clone(),
            created("sleep").event_id(format!("e{number}")),
        );
        tokio::spawn(async move { event.send_to(&webhook).await });
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    let status = webhook.status();
    assert_eq!((status.running, status.waiting), (2, 1));
    let bytes = created("sleep").event_id("e0").json().len();
    assert_eq!(status.bytes, 3 * bytes);
    let oldest = status.oldest.unwrap();
    assert_eq!(oldest.event_type, "contact.user.created_v3");
    assert_eq!(oldest.event_id.as_deref(), Some("e0"));
    assert_eq!(oldest.handler, Some("api::webhook::on_created"));
    assert_eq!(oldest.age, Duration::from_millis(1500));
    assert!(oldest.is_running);
    // The one that waits is refused after its time; the others end after a minute.
    tokio::time::sleep(Duration::from_secs(3)).await;
    assert_eq!((webhook.status().running, webhook.status().waiting), (2, 0));
    tokio::time::sleep(Duration::from_secs(60)).await;
    assert_eq!(webhook.status(), DeliveryStatus::default());
}

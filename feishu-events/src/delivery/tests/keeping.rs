//! Events that are acknowledged when they have been kept.

use std::time::Duration;

use super::*;
use crate::delivery::keep::{ArrivedEvent, KeepEvents};
use crate::event::envelope::open;
use crate::handler::context::{Delivery, Kept, LastAttempt, LazyDelivery, Transport};
use crate::handler::dispatcher::Dispatcher;

/// Keeps events in memory, after a while, or not.
#[derive(Clone, Default)]
struct MemoryKeeper(Arc<Mutex<Vec<ArrivedEvent>>>, Duration, bool);

impl KeepEvents for MemoryKeeper {
    async fn keep(&self, event: ArrivedEvent) -> Result<(), StoreError> {
        sleep(self.1).await;
        if self.2 {
            return Err("the disk is full".into());
        }
        self.0.lock().unwrap().push(event);
        Ok(())
    }
}

const MESSAGE: &str = r#"{"schema":"2.0","header":{"event_id":"5e37","event_type":"im.message.receive_v1",
    "create_time":"1","app_id":"cli_1","tenant_key":"2ca1","token":"t"},
    "event":{"message":{"message_id":"om_1","chat_id":"oc_1","content":"\ud83d"}}}"#;
const OLD: &str = r#"{"ts":"1.2","uuid":"bc44","token":"t","type":"event_callback",
    "event":{"type":"leave_approval","app_id":"cli_1","tenant_key":"2ca1","instance_code":"i-1"}}"#;
const CLICK: &str =
    r#"{"schema":"2.0","header":{"event_id":"c","event_type":"card.action.trigger"},"event":{}}"#;
const OTHER: &str =
    r#"{"schema":"2.0","header":{"event_id":"o","event_type":"acme.other"},"event":{}}"#;

fn handlers(calls: &Arc<Mutex<Vec<Option<Kept>>>>) -> Dispatcher {
    use crate::event::payload::Event;
    use crate::handler::content::Content;
    use crate::handler::routes::{Handled, Routed, Routes};
    use crate::handler::undecoded::Undecoded;

    struct Noting(Arc<Mutex<Vec<Option<Kept>>>>);
    impl Routes<()> for Noting {
        fn handled(&self) -> Vec<Handled> {
            let events = &[
                crate::EventType::ImMessageReceiveV1,
                crate::EventType::LeaveApproval,
                crate::EventType::CardActionTrigger,
            ];
            vec![Handled {
                events,
                name: None,
                is_fallback: false,
                key_is_event: false,
                path: || "keeping",
            }]
        }
        fn route(&self, event: Undecoded<'_>, (): &()) -> Routed {
            self.0.lock().unwrap().push(event.delivery.get().kept);
            <Event as Content>::deliver(event, true, false)?;
            Ok(Some(Box::pin(std::future::ready(Ok(Reply::default())))))
        }
    }
    Dispatcher::new(Noting(calls.clone()))
}

async fn receive(dispatcher: &Dispatcher, options: &DeliveryOptions, json: &str) -> Answer {
    let acceptor = Acceptor::new(dispatcher.clone(), options.clone());
    let delivery = || LazyDelivery::Now(Transport::Direct);
    let taken = open(json.as_bytes(), |envelope| {
        acceptor.take(envelope, delivery())
    });
    taken.unwrap().answer().await
}

#[tokio::test(start_paused = true)]
async fn an_event_is_kept_and_can_be_dispatched_later_as_it_came() {
    let calls = Arc::default();
    let handlers = handlers(&calls);
    let store = MemoryKeeper::default();
    let receiving = handlers.clone().keep_in(store.clone());
    let options = DeliveryOptions::new();
    for json in [MESSAGE, OLD, OTHER] {
        assert_eq!(receive(&receiving, &options, json).await, ACCEPTED);
    }
    assert!(calls.lock().unwrap().is_empty());
    let kept = store.0.lock().unwrap().clone();
    let keys: Vec<_> = kept.iter().map(|it| it.dedupe_key.as_deref()).collect();
    assert_eq!(keys, [Some("cli_1/om_1"), Some("cli_1/bc44")]);
    let orders: Vec<_> = kept.iter().map(ArrivedEvent::documented_key).collect();
    assert_eq!(orders, [Some("oc_1".to_owned()), Some("i-1".to_owned())]);
    for (event, json) in kept.iter().zip([MESSAGE, OLD]) {
        let bytes = serde_json::to_vec(&event.event).unwrap();
        let header = |bytes: &[u8]| crate::Envelope::from_slice(bytes).unwrap().header;
        assert_eq!(header(&bytes), header(json.as_bytes()));
        let again = Kept::new(7, 3).again(2, LastAttempt::Interrupted);
        let delivery = Delivery::of_kept(Transport::Webhook, event.delivery.received_at, again);
        assert!(delivery.is_repetition());
        handlers.dispatch_delivered(&bytes, delivery).await.unwrap();
        assert_eq!(calls.lock().unwrap().pop(), Some(Some(again)));
    }
}

#[tokio::test(start_paused = true)]
async fn an_event_that_is_not_kept_in_time_or_at_all_is_not_acknowledged() {
    let (calls, failures) = (Arc::default(), Arc::new(Mutex::new(0)));
    let noted = Arc::clone(&failures);
    let options = DeliveryOptions::new().on_late_failure(move |_| *noted.lock().unwrap() += 1);
    for ack in [Ack::OnResult, Ack::OnReceipt, Ack::WhenKept] {
        let options = options.clone().ack(ack).without_dedupe();
        let broken = MemoryKeeper(Arc::default(), Duration::ZERO, true);
        let receiving = handlers(&calls).keep_in(broken);
        assert_eq!(receive(&receiving, &options, MESSAGE).await, Answer::Failed);
        for fails in [false, true] {
            let slow = MemoryKeeper(Arc::default(), Duration::from_secs(3), fails);
            let receiving = handlers(&calls).keep_in(slow.clone());
            let answer = receive(&receiving, &options, MESSAGE).await;
            assert_eq!(answer, Answer::Refused(Refused::NotKept));
            sleep(Duration::from_secs(1)).await;
            assert_eq!(slow.0.lock().unwrap().len(), usize::from(!fails));
        }
    }
    assert_eq!(*failures.lock().unwrap(), 0, "it is sent again");
}

#[tokio::test(start_paused = true)]
async fn what_is_kept_after_its_refusal_is_acknowledged_when_it_comes_again() {
    let slow = MemoryKeeper(Arc::default(), Duration::from_secs(3), false);
    let receiving = handlers(&Arc::default()).keep_in(slow.clone());
    let options = DeliveryOptions::new();
    let first = receive(&receiving, &options, MESSAGE).await;
    assert_eq!(first, Answer::Refused(Refused::NotKept));
    sleep(Duration::from_secs(15)).await;
    assert_eq!(receive(&receiving, &options, MESSAGE).await, ACCEPTED);
    assert_eq!(slow.0.lock().unwrap().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_callback_goes_to_its_handler_and_not_into_the_store() {
    let calls = Arc::default();
    let store = MemoryKeeper::default();
    let receiving = handlers(&calls).keep_in(store.clone());
    let options = DeliveryOptions::new();
    assert_eq!(receive(&receiving, &options, CLICK).await, ACCEPTED);
    assert_eq!(calls.lock().unwrap().len(), 1);
    assert!(store.0.lock().unwrap().is_empty());
}

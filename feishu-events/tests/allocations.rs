//! Routing allocates nothing: neither looking up an event's name nor finding its handler.
//!
//! A test of its own, because the counting allocator is that of the whole program.

#![allow(clippy::unwrap_used, reason = "a failed test says where")]
#![allow(
    clippy::needless_pass_by_value,
    clippy::unused_async,
    reason = "handlers may be so"
)]

use std::pin::pin;
use std::task::{Context, Poll, Waker};

use feishu_events::{Dispatcher, EventType, State, dispatcher, feishu_handler};
use serde_json::Value;

#[feishu_handler("contact.user.created_v3")]
fn first() {}

#[feishu_handler("contact.department.*", "approval_instance")]
fn several() {}

#[feishu_handler("acme.thing.done_v1", payload = Value)]
fn custom() {}

#[feishu_handler("im.message.receive_v1")]
async fn last(_: State<()>) {}

#[feishu_handler(fallback)]
fn rest() {}

fn allocations(work: impl FnOnce()) -> u64 {
    allocation_counter::measure(work).count_total
}

/// The allocations of reading an event, finding its handler and running that.
fn of_dispatch(dispatcher: &Dispatcher, event_type: &str) -> u64 {
    let event = format!(
        r#"{{"schema":"2.0","header":{{"event_type":"{event_type}","event_id":"5e37"}},"event":{{}}}}"#
    );
    allocations(|| {
        let running = pin!(dispatcher.dispatch(event.as_bytes()));
        let mut context = Context::from_waker(Waker::noop());
        let Poll::Ready(outcome) = running.poll(&mut context) else {
            panic!("these handlers do not wait");
        };
        outcome.unwrap();
    })
}

#[test]
fn looking_up_a_name_allocates_nothing() {
    let names = allocations(|| {
        for event_type in EventType::ALL {
            assert_eq!(event_type.as_str().parse(), Ok(*event_type));
        }
    });
    assert_eq!(names, 0);
    // The counter counts.
    assert_eq!(allocations(|| drop(Box::new(1))), 1);
}

#[test]
fn finding_the_handler_allocates_nothing() {
    // With one handler, or none, there is nothing to find.
    let (one, nobody): (Dispatcher, Dispatcher) = (dispatcher![rest], dispatcher![]);
    let named: Dispatcher = dispatcher![first, several, custom, last];
    let everybody: Dispatcher = dispatcher![first, several, custom, last, rest];
    let merged = named.clone().merge(dispatcher![rest]).unwrap();
    for (event_type, is_named) in [
        ("contact.user.created_v3", true),
        ("contact.department.updated_v3", true),
        ("acme.thing.done_v1", true),
        ("im.message.receive_v1", true),
        ("vc.meeting.share_ended_v1", false),
        ("acme.thing.begun_v1", false),
    ] {
        let run = of_dispatch(&one, event_type);
        assert_eq!(of_dispatch(&everybody, event_type), run, "{event_type}");
        assert_eq!(of_dispatch(&merged, event_type), run, "{event_type}");
        let expected = if is_named {
            run
        } else {
            of_dispatch(&nobody, event_type)
        };
        assert_eq!(of_dispatch(&named, event_type), expected, "{event_type}");
    }
}

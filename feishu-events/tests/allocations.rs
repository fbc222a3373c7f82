//! Routing allocates nothing, neither looking up an event's name nor finding its handler; and what
//! an unknown sender sends is decrypted once, and read without copies.
//!
//! A test of its own, because the counting allocator is that of the whole program.

#![allow(clippy::unwrap_used, reason = "a failed test says where")]
#![allow(
    clippy::needless_pass_by_value,
    clippy::unused_async,
    reason = "handlers may be so"
)]

use std::convert::Infallible;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

use allocation_counter::AllocationInfo;
use bytes::Bytes;
use feishu_events::testing::encrypted_request;
use feishu_events::{
    DeliveryOptions, Dispatcher, Envelope, EventType, State, Webhook, dispatcher, feishu_handler,
};
use http::{HeaderMap, Method, Request};
use http_body::{Body, Frame};
use serde_json::Value;
use tower_service::Service;

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

mod hostile;

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

/// What is allocated to refuse an unsigned body.
fn of_refusal(webhook: &Webhook, body: &[u8]) -> AllocationInfo {
    let refusing = || {
        let headers = HeaderMap::new();
        let running = pin!(webhook.handle(&headers, body));
        let mut context = Context::from_waker(Waker::noop());
        let Poll::Ready(response) = running.poll(&mut context) else {
            panic!("to refuse needs no wait");
        };
        assert_eq!(response.status(), 401);
    };
    allocation_counter::measure(refusing)
}

/// Until the token has been found and compared, the body is passed over once: nothing in it is
/// converted, reported or copied.
#[test]
fn refusing_a_large_body_allocates_no_more_often_than_refusing_a_small_one() {
    const LENGTHS: [usize; 5] = [1 << 12, 1 << 14, 1 << 16, 1 << 18, 1 << 20];
    for encrypt_key in ["", "an invented encrypt key"] {
        let webhook = Webhook::builder(dispatcher![first])
            .verification_token("an invented verification token")
            .encrypt_key(encrypt_key)
            .delivery(DeliveryOptions::new().event_size_limit(LENGTHS[4]))
            .build()
            .unwrap();
        for (length, (shape, body)) in LENGTHS.into_iter().flat_map(|length| {
            hostile::bodies(length)
                .into_iter()
                .map(move |it| (length, it))
        }) {
            let cost = of_refusal(&webhook, &body);
            let shown = format!("{shape}, {} of {length} bytes: {cost:?}", body.len());
            assert!((length * 9 / 10..=length).contains(&body.len()), "{shown}");
            // A buffer for a long string grows by doubling.
            assert!(cost.count_total <= 50, "{shown}");
            assert!(cost.bytes_total <= 4 * length as u64 + 4096, "{shown}");
        }
    }
}

/// What an event has in place of a string is looked into at one level, not copied at each.
#[test]
fn a_string_nested_in_lists_costs_no_more_the_deeper_it_is() {
    let read = |depth: usize| {
        let (open, close) = ("[".repeat(depth), "]".repeat(depth));
        let value = format!("{open}\"{}\"{close}", "x".repeat(100_000));
        let event = format!(
            r#"{{"schema":"2.0","header":{{"event_type":"contact.user.created_v3"}},
                "event":{{"object":{{"name":{value}}}}}}}"#
        );
        allocation_counter::measure(|| {
            let envelope = Envelope::from_slice(event.as_bytes()).unwrap();
            assert_eq!(envelope.reports.len(), 1);
        })
        .bytes_total
    };
    let (shallow, deep) = (read(2), read(100));
    assert!(deep < shallow * 3 / 2, "{deep} bytes instead of {shallow}");
}

/// A body in pieces of one byte.
struct Bytewise(Bytes);

impl Body for Bytewise {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let piece = (!self.0.is_empty()).then(|| self.0.split_to(1));
        Poll::Ready(piece.map(|piece| Ok(Frame::data(piece))))
    }
}

#[test]
fn a_body_in_single_bytes_holds_no_more_than_a_buffer_that_grows() {
    static BODY: [u8; 1 << 20] = [b' '; 1 << 20];
    let builder = Webhook::builder(dispatcher![]).encrypt_key("an invented encrypt key");
    let mut webhook = builder.build().unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .unwrap();
    let mut request = Request::new(Bytewise(Bytes::from_static(&BODY)));
    *request.method_mut() = Method::POST;
    let cost = allocation_counter::measure(|| {
        let response = runtime.block_on(webhook.call(request)).unwrap();
        assert_eq!(response.status(), 401);
    });
    // The old buffer and the new one, which is twice as large.
    assert!(cost.bytes_max <= 3 * BODY.len() as u64 + 4096, "{cost:?}");
}

/// With more work for wrong padding than for right, time would tell a stranger which it was, and
/// that is enough to decrypt what he has overheard.
#[test]
fn wrong_padding_costs_no_more_than_right_padding() {
    const KEY: &str = "an invented encrypt key";
    let builder = Webhook::builder(dispatcher![]).encrypt_key(KEY);
    let webhook = builder.build().unwrap();
    let junk = encrypted_request(KEY, &[b'x'; 2000]).into_body();
    let mut tampered = junk.to_vec();
    // The second last character before the padding is of the last block.
    let last = tampered.len() - br#"=="}"#.len() - 2;
    tampered[last] = if tampered[last] == b'A' { b'B' } else { b'A' };
    let bytes = |body: &[u8]| of_refusal(&webhook, body).bytes_total;
    let (right, wrong) = (bytes(&junk), bytes(&tampered));
    assert!(right > 2000, "nothing was decrypted: {right}");
    assert!(wrong <= right, "{wrong} bytes instead of {right}");
    assert!(right < 5000, "decrypted more than once: {right}");
}

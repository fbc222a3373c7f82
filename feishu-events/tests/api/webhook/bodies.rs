//! How a webhook reads bodies as a service, and how large they may be.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{self, Poll};

use bytes::Bytes;
use feishu_events::DeliveryOptions;
use http::{Method, Request};
use http_body::{Body, Frame};
use http_body_util::Full;
use tower_service::Service;

use super::{created, secured};

#[tokio::test]
async fn as_a_service_it_reads_no_more_than_the_limit() {
    let mut webhook = secured()
        .delivery(DeliveryOptions::new().event_size_limit(100))
        .build()
        .unwrap();
    let fine = created("x").into_http().map(Full::new);
    assert!(fine.body().size_hint().exact().unwrap() > webhook.body_limit() as u64);
    assert_eq!(webhook.call(fine).await.unwrap().status(), 413);

    let response = webhook.call(post(Endless(Some(1)))).await.unwrap();
    assert_eq!(response.status(), 413);
}

#[tokio::test(start_paused = true)]
async fn as_a_service_it_does_not_wait_for_a_body_for_ever() {
    let mut webhook = secured().build().unwrap();
    let response = webhook.call(post(Endless(None))).await.unwrap();
    assert_eq!(response.status(), 408);
}

fn post<B>(body: B) -> Request<B> {
    let mut request = Request::new(body);
    *request.method_mut() = Method::POST;
    request
}

/// A body without end: so many bytes at a time, or none.
struct Endless(Option<usize>);

impl Body for Endless {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        _: &mut task::Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        match self.0 {
            Some(bytes) => Poll::Ready(Some(Ok(Frame::data(vec![b' '; bytes].into())))),
            None => Poll::Pending,
        }
    }
}

/// A body in pieces of one byte.
struct Bytewise(Bytes);

impl Body for Bytewise {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut task::Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let piece = (!self.0.is_empty()).then(|| self.0.split_to(1));
        Poll::Ready(piece.map(|piece| Ok(Frame::data(piece))))
    }
}

#[tokio::test]
async fn as_a_service_it_reads_a_body_in_whatever_pieces_it_comes() {
    let mut webhook = secured().build().unwrap();
    let request = created("x").into_http().map(Bytewise);
    assert_eq!(webhook.call(request).await.unwrap().status(), 200);
}

/// A body that says how long it is, sends all but the last byte, and stalls.
struct Stalling(usize);

impl Body for Stalling {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut task::Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        match std::mem::take(&mut self.0) {
            0 => Poll::Pending,
            bytes => Poll::Ready(Some(Ok(Frame::data(vec![b' '; bytes].into())))),
        }
    }
}

#[tokio::test(start_paused = true)]
async fn bodies_that_stall_together_take_no_more_memory_than_allowed() {
    const MIB: usize = 1024 * 1024;
    let options = DeliveryOptions::new().memory_limit(4 * MIB);
    let mut webhook = secured().delivery(options).build().unwrap();
    let stalling: Vec<_> = (0..6)
        .map(|_| tokio::spawn(webhook.call(post(Stalling(MIB)))))
        .collect();
    tokio::task::yield_now().await;
    // An ordinary event is still read.
    let event = created("x").into_http().map(Full::new);
    assert_eq!(webhook.call(event).await.unwrap().status(), 200);
    let mut statuses = Vec::new();
    for stalling in stalling {
        statuses.push(stalling.await.unwrap().unwrap().status().as_u16());
    }
    statuses.sort_unstable();
    assert_eq!(statuses, [408, 408, 408, 408, 503, 503]);
    // What they had is free again.
    let stalls = webhook.call(post(Stalling(MIB))).await.unwrap();
    assert_eq!(stalls.status(), 408);
}

#[tokio::test]
async fn the_largest_event_is_the_same_encrypted_and_plain() {
    let size = |name: &str| created(name).json().len();
    let limit = size("") + 100_000;
    let builder = secured().delivery(DeliveryOptions::new().event_size_limit(limit));
    let webhook = builder.build().unwrap();
    let plain = feishu_events::Webhook::builder(super::handlers())
        .verification_token(super::TOKEN)
        .delivery(DeliveryOptions::new().event_size_limit(limit));
    let plain = plain.build().unwrap();
    for (length, status) in [(100_000, 200), (100_001, 413)] {
        let event = created(&"x".repeat(length));
        assert_eq!(event.clone().send_to(&webhook).await.status(), status);
        let request = Request::new(event.json().into_bytes());
        let response = plain.handle(request.headers(), request.body()).await;
        assert_eq!(response.status(), status);
    }
}

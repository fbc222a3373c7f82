//! The webhook as a `tower::Service`.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::header::{ALLOW, HeaderValue};
use http::{Method, Request, Response, StatusCode};
use http_body::Body;
use http_body_util::Full;
use tokio::time::Instant;
use tower_service::Service;

use super::arriving::NotRead;
use super::{Refusal, Webhook};
use crate::delivery::{after, within};

type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// A webhook is a service of requests, ready at any time; with axum:
/// `Router::new().route_service("/feishu", webhook)`.
///
/// It reads the body itself, no more than the limit and no longer than the platform waits (413,
/// 408), and accepts only POST (405). A body that is larger than an ordinary event is refused with 503
/// while as many bytes as [`memory_limit`](crate::DeliveryOptions::memory_limit) are arriving.
impl<B> Service<Request<B>> for Webhook
where
    B: Body + Send + 'static,
    B::Data: Send,
    B::Error: Into<BoxError>,
{
    type Response = Response<Full<Bytes>>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let webhook = self.clone();
        Box::pin(async move { Ok(webhook.respond(request).await.map(Full::new)) })
    }
}

impl Webhook {
    async fn respond(&self, request: Request<impl Body>) -> Response<Bytes> {
        if request.method() != Method::POST {
            let mut response = empty(StatusCode::METHOD_NOT_ALLOWED);
            let post = HeaderValue::from_static("POST");
            response.headers_mut().insert(ALLOW, post);
            return response;
        }
        let arrived = Instant::now();
        let (head, body) = request.into_parts();
        let options = self.0.acceptor.options();
        let (limit, memory_limit) = (self.body_limit(), options.largest_memory());
        let reading = self.0.arriving.read(body, limit, memory_limit);
        // The platform does not send more slowly than it waits for an answer.
        match within(|| after(arrived, options.time_to_answer()), reading).await {
            Some(Ok(body)) => self.handle_since(arrived, &head.headers, &body).await,
            Some(Err(NotRead::TooLarge)) => {
                self.refuse(&Refusal::BodyTooLarge { limit }, &head.headers)
            }
            Some(Err(NotRead::TooMany)) => self.refuse(&Refusal::TooManyBodies, &head.headers),
            Some(Err(NotRead::BrokeOff)) => empty(StatusCode::BAD_REQUEST),
            None => empty(StatusCode::REQUEST_TIMEOUT),
        }
    }
}

fn empty(status: StatusCode) -> Response<Bytes> {
    let mut response = Response::new(Bytes::new());
    *response.status_mut() = status;
    response
}

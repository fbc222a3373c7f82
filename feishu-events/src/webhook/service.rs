//! The webhook as a `tower::Service`.

use std::convert::Infallible;
use std::future::ready;
use std::pin::{Pin, pin};
use std::task::{Context, Poll};

use bytes::Bytes;
use http::header::{ALLOW, HeaderValue};
use http::request::Parts;
use http::{HeaderMap, Method, Request, Response, StatusCode};
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
        if request.method() != Method::POST {
            let mut response = empty(StatusCode::METHOD_NOT_ALLOWED);
            let post = HeaderValue::from_static("POST");
            response.headers_mut().insert(ALLOW, post);
            return Box::pin(ready(Ok(response.map(Full::new))));
        }
        let webhook = self.clone();
        // Of the rest nothing is needed, and it would make the future larger.
        let (Parts { headers, .. }, body) = request.into_parts();
        Box::pin(async move {
            let response = webhook.respond(&headers, pin!(body)).await;
            Ok(response.map(Full::new))
        })
    }
}

impl Webhook {
    async fn respond(&self, headers: &HeaderMap, body: Pin<&mut impl Body>) -> Response<Bytes> {
        let arrived = Instant::now();
        let options = self.0.acceptor.options();
        let (limit, memory_limit) = (self.body_limit(), options.largest_memory());
        let mut reading = pin!(self.0.arriving.read(body, limit, memory_limit));
        // The platform does not send more slowly than it waits for an answer.
        let until = || after(arrived, options.time_to_answer());
        let body = match within(until, reading.as_mut()).await {
            Some(Ok(body)) => body,
            Some(Err(NotRead::TooLarge)) => {
                return self.refuse(&Refusal::BodyTooLarge { limit }, headers);
            }
            Some(Err(NotRead::TooMany)) => return self.refuse(&Refusal::TooManyBodies, headers),
            Some(Err(NotRead::BrokeOff)) => return empty(StatusCode::BAD_REQUEST),
            None => return empty(StatusCode::REQUEST_TIMEOUT),
        };
        self.handle_since(arrived, headers, &body).await
    }
}

fn empty(status: StatusCode) -> Response<Bytes> {
    let mut response = Response::new(Bytes::new());
    *response.status_mut() = status;
    response
}

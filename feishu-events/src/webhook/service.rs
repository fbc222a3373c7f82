//! The webhook as a `tower::Service`.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::header::{ALLOW, HeaderValue};
use http::{Method, Request, Response, StatusCode};
use http_body::Body;
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use tokio::time::Instant;
use tower_service::Service;

use super::{Refusal, Webhook, respond};

type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// A webhook is a service of requests, ready at any time; with axum:
/// `Router::new().route_service("/feishu", webhook)`.
///
/// It reads the body itself, no more than the limit and no longer than the platform waits (413,
/// 408), and accepts only POST (405).
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
    async fn respond<B>(&self, request: Request<B>) -> Response<Bytes>
    where
        B: Body,
        B::Error: Into<BoxError>,
    {
        if request.method() != Method::POST {
            let mut response = empty(StatusCode::METHOD_NOT_ALLOWED);
            let post = HeaderValue::from_static("POST");
            response.headers_mut().insert(ALLOW, post);
            return response;
        }
        let arrived = Instant::now();
        let (head, body) = request.into_parts();
        let reading = Limited::new(body, self.body_limit()).collect();
        // The platform does not send more slowly than it waits for an answer.
        match tokio::time::timeout(self.0.acceptor.options().time_to_answer(), reading).await {
            Ok(Ok(body)) => {
                let body = body.to_bytes();
                self.handle_since(arrived, &head.headers, &body).await
            }
            Ok(Err(error)) if error.is::<LengthLimitError>() => {
                let limit = self.body_limit();
                let refusal = Refusal::BodyTooLarge { limit };
                respond::log_refusal(&refusal, &head.headers);
                respond::refusal(&refusal)
            }
            Ok(Err(_)) => empty(StatusCode::BAD_REQUEST),
            Err(_) => empty(StatusCode::REQUEST_TIMEOUT),
        }
    }
}

fn empty(status: StatusCode) -> Response<Bytes> {
    let mut response = Response::new(Bytes::new());
    *response.status_mut() = status;
    response
}

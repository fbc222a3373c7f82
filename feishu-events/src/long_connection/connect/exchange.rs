//! One HTTP request over a stream.

use bytes::Bytes;
use futures_util::future::{Either, select};
use http::{Request, Response};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;

use super::dial::DialStream;

/// Sends a request over a stream, and passes the response to `then` while the stream is driven.
pub(in crate::long_connection) async fn exchange<T, F>(
    stream: Box<dyn DialStream>,
    request: Request<Full<Bytes>>,
    then: impl FnOnce(Response<Incoming>) -> F,
) -> Result<T, hyper::Error>
where
    F: Future<Output = Result<T, hyper::Error>>,
{
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    let answered = async move { then(sender.send_request(request).await?).await };
    let (connection, answered) = (Box::pin(connection.with_upgrades()), Box::pin(answered));
    match select(answered, connection).await {
        Either::Left((answer, _)) => answer,
        // The connection is over, what was answered is not lost.
        Either::Right((_, answered)) => answered.await,
    }
}

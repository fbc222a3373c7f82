//! An HTTP server that nobody keeps busy or open.

use std::error::Error;
use std::future::poll_fn;
use std::io;
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use http::{Request, Response};
use http_body::Body;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio::time::timeout;
use tower_service::Service;

/// How long a client has for the head of a request, and to begin with the next one.
const HEAD_WITHIN: Duration = Duration::from_secs(30);

/// How large the head of a request may be, and how much is read from a connection at once: each keeps as
/// much memory, also when a large body has long been read. hyper's default is 400 KiB.
const HEAD_BYTES: usize = 32 * 1024;

/// How long requests have to finish once the server is shut down.
const END_WITHIN: Duration = Duration::from_secs(10);

/// How long to wait after the system could not accept a connection, usually for lack of file handles.
const ACCEPT_AGAIN: Duration = Duration::from_secs(1);

type BoxError = Box<dyn Error + Send + Sync>;

/// Serves HTTP/1.1 on `listener` until `shutdown` is ready, with a [`Webhook`](crate::Webhook) or any
/// other `tower` service, such as axum's `Router`.
///
/// A connection is closed if the head of a request takes longer than 30 s to arrive, if the head is
/// larger than 32 KiB, or if the connection is idle for 30 s. Its read buffer grows to at most
/// 32 KiB. After `shutdown`, no more connections are accepted and requests have 10 s
/// to finish; what is still open then is closed. Plain servers often do neither: half a head then
/// occupies a connection without limit, and the end never comes.
///
/// Handlers can outlive their requests: also call [`Webhook::shut_down`](crate::Webhook::shut_down), which
/// waits for handlers whose events have been answered.
///
/// ```
/// use std::time::Duration;
/// use feishu_events::{Webhook, serve};
///
/// async fn run(webhook: Webhook, listener: tokio::net::TcpListener) {
///     serve(listener, webhook.clone(), async {
///         let _ = tokio::signal::ctrl_c().await;
///     })
///     .await;
///     webhook.shut_down(Duration::from_secs(10)).await;
/// }
/// ```
///
/// There is no TLS: put a proxy in front of it, as for any server that the platform calls.
///
/// # Panics
/// Outside a tokio runtime with I/O and a timer.
#[cfg_attr(docsrs, doc(cfg(feature = "serve")))]
pub async fn serve<S, B>(listener: TcpListener, service: S, shutdown: impl Future<Output = ()>)
where
    S: Service<Request<Incoming>, Response = Response<B>> + Clone + Send + 'static,
    S::Error: Into<BoxError>,
    S::Future: Send,
    B: Body + Send + 'static,
    B::Data: Send,
    B::Error: Into<BoxError>,
{
    let mut connections = Connections::new(service);
    let mut shutdown = pin!(shutdown);
    loop {
        let accepted = poll_fn(|context| match shutdown.as_mut().poll(context) {
            Poll::Ready(()) => Poll::Ready(None),
            Poll::Pending => listener.poll_accept(context).map(Some),
        });
        match accepted.await {
            None => break,
            Some(Ok((stream, _))) => {
                // An answer is one small packet, which waits for nothing.
                drop(stream.set_nodelay(true));
                connections.open(stream);
            }
            Some(Err(error)) if is_of_the_client(&error) => {}
            Some(Err(error)) => {
                tracing::error!(%error, "no connection can be accepted");
                if timeout(ACCEPT_AGAIN, shutdown.as_mut()).await.is_ok() {
                    break;
                }
            }
        }
    }
    drop(listener);
    connections.end().await;
}

/// Whether a connection failed because the client went away, which concerns no other.
fn is_of_the_client(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionRefused
            | io::ErrorKind::ConnectionAborted
            | io::ErrorKind::ConnectionReset
    )
}

/// The open connections; dropped, they are closed.
struct Connections<S> {
    http: http1::Builder,
    service: TowerToHyperService<S>,
    graceful: GracefulShutdown,
    tasks: JoinSet<()>,
}

impl<S, B> Connections<S>
where
    S: Service<Request<Incoming>, Response = Response<B>> + Clone + Send + 'static,
    S::Error: Into<BoxError>,
    S::Future: Send,
    B: Body + Send + 'static,
    B::Data: Send,
    B::Error: Into<BoxError>,
{
    fn new(service: S) -> Self {
        let mut http = http1::Builder::new();
        http.timer(TokioTimer::new())
            .header_read_timeout(HEAD_WITHIN)
            .max_buf_size(HEAD_BYTES);
        Self {
            http,
            service: TowerToHyperService::new(service),
            graceful: GracefulShutdown::new(),
            tasks: JoinSet::new(),
        }
    }

    fn open(&mut self, stream: impl AsyncRead + AsyncWrite + Send + Unpin + 'static) {
        while self.tasks.try_join_next().is_some() {}
        let connection = self
            .http
            .serve_connection(TokioIo::new(stream), self.service.clone());
        let connection = self.graceful.watch(connection);
        self.tasks.spawn(async {
            // A client that breaks off, or is too slow, concerns nobody else.
            if let Err(error) = connection.await {
                tracing::debug!(%error, "a connection ended");
            }
        });
    }

    /// Lets requests finish.
    async fn end(self) {
        let open = self.graceful.count();
        if timeout(END_WITHIN, self.graceful.shutdown()).await.is_err() {
            tracing::warn!(open, "connections that did not end in time are closed");
        }
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;
    use std::pin::Pin;
    use std::task::Context;

    use bytes::Bytes;
    use http_body_util::Full;
    use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};
    use tokio::time::{Instant, sleep};

    use super::*;

    /// Answers after so long.
    #[derive(Clone)]
    struct Slow(Duration);

    impl Service<Request<Incoming>> for Slow {
        type Response = Response<Full<Bytes>>;
        type Error = Infallible;
        type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Infallible>> + Send>>;

        fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
            Poll::Ready(Ok(()))
        }

        fn call(&mut self, _: Request<Incoming>) -> Self::Future {
            let time = self.0;
            Box::pin(async move {
                sleep(time).await;
                Ok(Response::new(Full::from("done")))
            })
        }
    }

    /// A server that answers after so long, and a client that has sent this.
    async fn server(answers: Duration, sent: &str) -> (Connections<Slow>, DuplexStream) {
        let mut connections = Connections::new(Slow(answers));
        let (mut client, stream) = duplex(10_000);
        connections.open(stream);
        client.write_all(sent.as_bytes()).await.unwrap();
        sleep(Duration::from_millis(1)).await;
        (connections, client)
    }

    /// What the client receives until the connection is closed, and when that is.
    async fn received(client: &mut DuplexStream) -> (String, Duration) {
        let begun = Instant::now();
        let mut received = Vec::new();
        client.read_to_end(&mut received).await.unwrap();
        let received = String::from_utf8(received).unwrap();
        (received, begun.elapsed())
    }

    const HALF: &str = "POST / HTTP/1.1\r\nhost: a\r\n";
    const WHOLE: &str = "POST / HTTP/1.1\r\nhost: a\r\n\r\n";

    #[tokio::test(start_paused = true)]
    async fn half_a_head_and_an_idle_connection_are_closed() {
        for sent in ["", HALF, WHOLE] {
            let (_server, mut client) = server(Duration::ZERO, sent).await;
            let (text, took) = received(&mut client).await;
            assert_eq!(text.ends_with("done"), sent == WHOLE, "{text}");
            assert!(took <= HEAD_WITHIN, "{took:?}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_head_is_bounded_and_the_platforms_is_far_smaller() {
        for (bytes, status) in [(8 * 1024, "200"), (HEAD_BYTES, "431")] {
            let (_server, client) = server(Duration::ZERO, HALF).await;
            let (mut reading, mut writing) = tokio::io::split(client);
            let rest = format!("x: {}\r\n\r\n", "x".repeat(bytes));
            // A server that has enough does not read on.
            tokio::spawn(async move { writing.write_all(rest.as_bytes()).await });
            let mut text = vec![0; 12];
            reading.read_exact(&mut text).await.unwrap();
            assert_eq!(text, format!("HTTP/1.1 {status}").into_bytes());
        }
    }

    #[tokio::test(start_paused = true)]
    async fn the_end_comes_whatever_clients_do() {
        let begun = Instant::now();
        for sent in ["", HALF] {
            let (server, _client) = server(Duration::ZERO, sent).await;
            server.end().await;
        }
        let endless = server(Duration::from_secs(3600), WHOLE).await;
        endless.0.end().await;
        assert!(begun.elapsed() <= 3 * END_WITHIN + Duration::from_secs(1));
    }

    #[tokio::test(start_paused = true)]
    async fn a_request_that_has_begun_is_answered_before_the_end() {
        let (server, mut client) = server(Duration::from_secs(3), WHOLE).await;
        let ended = tokio::spawn(server.end());
        let (text, took) = received(&mut client).await;
        assert!(text.ends_with("done"), "{text}");
        assert!(took < Duration::from_secs(4), "{took:?}");
        ended.await.unwrap();
    }
}

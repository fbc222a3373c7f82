//! Proxies: HTTP CONNECT and SOCKS5, configured by the environment or the program.

mod choice;
mod no_proxy;

use std::fmt;
use std::future::{Ready, ready};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http::{Method, Request, StatusCode, Uri, header};
use http_body_util::Full;
use hyper_util::client::legacy::connect::proxy::SocksV5;
use hyper_util::rt::TokioIo;
use tokio::time::timeout;
use tower_service::Service;

use super::dial::{DialStream, Dialer};
use super::tls::Tls;
use crate::long_connection::connect::exchange::exchange;
use crate::long_connection::failure::{Failure, Step};
use choice::Scheme;
pub(in crate::long_connection) use choice::{Proxies, Proxy};

/// What is wrong with a proxy.
type Problem = Box<dyn std::error::Error + Send + Sync>;

/// Opens a stream to a host through a proxy; each step may take `limit`.
pub(in crate::long_connection) async fn open(
    proxy: &Proxy,
    (host, port): (&str, u16),
    (dialer, tls): (&Dialer, &Tls),
    limit: Duration,
) -> Result<Box<dyn DialStream>, Failure> {
    let failed = |status: Option<StatusCode>, source: Problem| Failure::Proxy {
        proxy: format!("{}:{}", proxy.host(), proxy.port()),
        variable: proxy.variable.map(str::to_owned),
        status: status.map(|status| status.as_u16()),
        source: source.into(),
    };
    let reaching = async {
        let stream = dialer.open(proxy.host(), proxy.port(), limit).await?;
        match proxy.scheme {
            Scheme::Https => tls.wrap(stream, proxy.host(), limit).await,
            Scheme::Http | Scheme::Socks5 => Ok(stream),
        }
    };
    let reached: Result<_, Failure> = reaching.await;
    let stream = reached.map_err(|failure| failed(None, failure.into()))?;
    let asking = async {
        match proxy.scheme {
            Scheme::Http | Scheme::Https => tunnel(proxy, stream, host, port).await,
            Scheme::Socks5 => {
                let tunnel = socks(proxy, stream, host, port).await;
                tunnel.map_err(|error| (None, error))
            }
        }
    };
    match timeout(limit, asking).await {
        Ok(Ok(stream)) => Ok(stream),
        Ok(Err((status, error))) => Err(failed(status, error)),
        Err(_) => {
            let late = Failure::timed_out(Step::Proxy, proxy.host());
            Err(failed(None, late.into()))
        }
    }
}

/// Asks an HTTP proxy to CONNECT.
async fn tunnel(
    proxy: &Proxy,
    stream: Box<dyn DialStream>,
    host: &str,
    port: u16,
) -> Result<Box<dyn DialStream>, (Option<StatusCode>, Problem)> {
    let unasked = |error: Problem| (None, error);
    let to = format!("{host}:{port}");
    let mut request = Request::builder()
        .method(Method::CONNECT)
        .uri(&to)
        .header(header::HOST, &to);
    if let Some(auth) = proxy.url.basic_auth() {
        request = request.header(header::PROXY_AUTHORIZATION, auth.clone());
    }
    let request = request.body(Full::<Bytes>::default());
    let request = request.map_err(|error| unasked(error.into()))?;
    let asked = exchange(stream, request, |response| async {
        let status = response.status();
        if !status.is_success() {
            return Ok(Err(status));
        }
        hyper::upgrade::on(response).await.map(Ok)
    });
    let upgraded = match asked.await.map_err(|error| unasked(error.into()))? {
        Ok(upgraded) => upgraded,
        Err(status) => {
            let reason = match status {
                StatusCode::PROXY_AUTHENTICATION_REQUIRED if proxy.url.basic_auth().is_some() => {
                    "proxy authorization required: it rejects the user and the password in its URL"
                }
                StatusCode::PROXY_AUTHENTICATION_REQUIRED => {
                    "proxy authorization required: its URL names no user and no password"
                }
                _ => status.canonical_reason().unwrap_or_default(),
            };
            let to = format!("it refuses to connect to {to}: {reason}");
            return Err((Some(status), to.trim_end_matches(": ").into()));
        }
    };
    match upgraded.downcast::<TokioIo<Box<dyn DialStream>>>() {
        Ok(parts) if parts.read_buf.is_empty() => Ok(parts.io.into_inner()),
        // Whoever is behind it waits for the client's first words.
        Ok(_) => Err(unasked("it sends data before it is connected".into())),
        Err(_) => Err(unasked("the stream was lost".into())),
    }
}

async fn socks(
    proxy: &Proxy,
    stream: Box<dyn DialStream>,
    host: &str,
    port: u16,
) -> Result<Box<dyn DialStream>, Problem> {
    let to = Uri::builder()
        .scheme("https")
        .authority(format!("{host}:{port}"))
        .path_and_query("/");
    let mut socks = SocksV5::new(proxy.url.uri().clone(), Connected(Some(stream)));
    if let Some((user, password)) = proxy.url.raw_auth() {
        socks = socks.with_auth(user.to_owned(), password.to_owned());
    }
    Ok(socks.call(to.build()?).await?.into_inner())
}

/// A connector that is already connected.
struct Connected(Option<Box<dyn DialStream>>);

impl Service<Uri> for Connected {
    type Response = TokioIo<Box<dyn DialStream>>;
    type Error = NotConnected;
    type Future = Ready<Result<Self::Response, NotConnected>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), NotConnected>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Uri) -> Self::Future {
        ready(self.0.take().map(TokioIo::new).ok_or(NotConnected))
    }
}

/// The one stream has been given away.
#[derive(Debug)]
struct NotConnected;

impl fmt::Display for NotConnected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the proxy was asked for a second connection")
    }
}

impl std::error::Error for NotConnected {}

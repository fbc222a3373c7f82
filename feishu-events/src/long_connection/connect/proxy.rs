//! Proxies: HTTP CONNECT and SOCKS5, configured by the environment or the program.

use std::fmt;
use std::future::{Ready, ready};
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use http::Uri;
use hyper_util::client::legacy::connect::proxy::{SocksV5, Tunnel};
use hyper_util::client::proxy::matcher::{Intercept, Matcher};
use hyper_util::rt::TokioIo;
use tokio::time::timeout;
use tower_service::Service;

use super::dial::{DialStream, Dialer};
use super::tls::Tls;
use crate::long_connection::failure::{Failure, Step};

/// Which hosts are reached through which proxy.
#[derive(Clone)]
pub(in crate::long_connection) struct Proxies(Arc<Matcher>);

impl Proxies {
    /// The environment variables `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY`.
    pub(in crate::long_connection) fn from_env() -> Self {
        Self(Arc::new(Matcher::from_env()))
    }

    pub(in crate::long_connection) fn none() -> Self {
        Self(Arc::new(Matcher::builder().build()))
    }

    /// One proxy for all hosts.
    pub(in crate::long_connection) fn all(url: &str) -> Result<Self, String> {
        let proxies = Self(Arc::new(Matcher::builder().all(url).build()));
        let proxy = proxies.for_host("example.com", true);
        let proxy = proxy.ok_or("it must be an `http://`, `https://` or `socks5://` URL")?;
        Scheme::of(&proxy)?;
        Ok(proxies)
    }

    pub(in crate::long_connection) fn for_host(&self, host: &str, tls: bool) -> Option<Intercept> {
        let scheme = if tls { "https" } else { "http" };
        let uri = Uri::builder()
            .scheme(scheme)
            .authority(host)
            .path_and_query("/");
        self.0.intercept(&uri.build().ok()?)
    }
}

impl fmt::Debug for Proxies {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A proxy's URL may hold a password.
        f.write_str("Proxies")
    }
}

/// The supported kinds of proxies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Scheme {
    Http,
    Https,
    Socks5,
}

impl Scheme {
    fn of(proxy: &Intercept) -> Result<Self, String> {
        match proxy.uri().scheme_str() {
            Some("http") | None => Ok(Self::Http),
            Some("https") => Ok(Self::Https),
            // The proxy looks up names with both: it may know some that are unknown here.
            Some("socks5" | "socks5h") => Ok(Self::Socks5),
            Some(other) => Err(format!(
                "`{other}` proxies are not supported, only `http`, `https` and `socks5`"
            )),
        }
    }

    fn port(self) -> u16 {
        match self {
            Self::Http => 80,
            Self::Https => 443,
            Self::Socks5 => 1080,
        }
    }
}

/// Opens a stream to a host through a proxy; each step may take `limit`.
pub(in crate::long_connection) async fn open(
    proxy: &Intercept,
    host: &str,
    port: u16,
    (dialer, tls): (&Dialer, &Tls),
    limit: Duration,
) -> Result<Box<dyn DialStream>, Failure> {
    let its_host = proxy.uri().host().unwrap_or_default();
    let failed = |error: Box<dyn std::error::Error + Send + Sync>| {
        Failure::failed(Step::Proxy, its_host, error)
    };
    let scheme = Scheme::of(proxy).map_err(|error| failed(error.into()))?;
    let its_port = proxy.uri().port_u16().unwrap_or(scheme.port());
    let mut stream = dialer.open(its_host, its_port, limit).await?;
    if scheme == Scheme::Https {
        stream = tls.wrap(stream, its_host, limit).await?;
    }
    let to = Uri::builder()
        .scheme("https")
        .authority(format!("{host}:{port}"))
        .path_and_query("/");
    let to = to.build().map_err(|error| failed(error.into()))?;
    let connected = Connected(Some(stream));
    let asking = async {
        match scheme {
            Scheme::Http | Scheme::Https => {
                let mut tunnel = Tunnel::new(proxy.uri().clone(), connected);
                if let Some(auth) = proxy.basic_auth() {
                    tunnel = tunnel.with_auth(auth.clone());
                }
                tunnel.call(to).await.map_err(|error| failed(error.into()))
            }
            Scheme::Socks5 => {
                let mut socks = SocksV5::new(proxy.uri().clone(), connected);
                if let Some((user, password)) = proxy.raw_auth() {
                    socks = socks.with_auth(user.to_owned(), password.to_owned());
                }
                socks.call(to).await.map_err(|error| failed(error.into()))
            }
        }
    };
    match timeout(limit, asking).await {
        Ok(Ok(stream)) => Ok(stream.into_inner()),
        Ok(Err(failure)) => Err(failure),
        Err(_) => Err(Failure::timed_out(Step::Proxy, its_host)),
    }
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

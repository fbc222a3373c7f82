//! TCP: from a host's name to a stream of bytes.

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpStream, lookup_host};
use tokio::time::timeout;

use super::failure::{Failure, Step};

/// A stream of bytes, as TCP gives one.
pub trait DialStream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<S: AsyncRead + AsyncWrite + Send + Unpin> DialStream for S {}

/// What [`Dial::dial`] gives back.
pub type Dialing<'a> = Pin<Box<dyn Future<Output = io::Result<Box<dyn DialStream>>> + Send + 'a>>;

/// Opens streams to hosts in the place of TCP: for tests that have no network.
pub trait Dial: Send + Sync + 'static {
    /// Opens a stream to a host.
    fn dial<'a>(&'a self, host: &'a str, port: u16) -> Dialing<'a>;
}

/// How streams are opened.
pub(super) enum Dialer {
    Tcp,
    Other(Arc<dyn Dial>),
}

impl Dialer {
    /// Opens a stream; each step may take `limit`.
    pub(super) async fn open(
        &self,
        host: &str,
        port: u16,
        limit: Duration,
    ) -> Result<Box<dyn DialStream>, Failure> {
        match self {
            Self::Tcp => open_tcp(host, port, limit).await,
            Self::Other(dial) => match timeout(limit, dial.dial(host, port)).await {
                Ok(Ok(stream)) => Ok(stream),
                Ok(Err(error)) => Err(Failure::failed(Step::Connect, host, error)),
                Err(_) => Err(Failure::timed_out(Step::Connect, host)),
            },
        }
    }
}

async fn open_tcp(host: &str, port: u16, limit: Duration) -> Result<Box<dyn DialStream>, Failure> {
    // An IPv6 address stands in brackets in a URL.
    let name = host.trim_start_matches('[').trim_end_matches(']');
    let addresses: Vec<SocketAddr> = match timeout(limit, lookup_host((name, port))).await {
        Ok(Ok(addresses)) => addresses.collect(),
        Ok(Err(error)) => return Err(Failure::failed(Step::NameLookup, host, error)),
        Err(_) => return Err(Failure::timed_out(Step::NameLookup, host)),
    };
    let mut failure = Failure::failed(Step::NameLookup, host, "it has no address");
    // An address that does not answer leaves time for the next.
    let each = limit / u32::try_from(addresses.len().clamp(1, 4)).unwrap_or(4);
    for address in addresses {
        match timeout(each, TcpStream::connect(address)).await {
            Ok(Ok(stream)) => {
                // An acknowledgement is small, and must not wait for the next.
                if let Err(error) = stream.set_nodelay(true) {
                    tracing::debug!(%error, "the connection sends small packets late");
                }
                return Ok(Box::new(stream));
            }
            Ok(Err(error)) => failure = Failure::failed(Step::Connect, host, error),
            Err(_) => failure = Failure::timed_out(Step::Connect, host),
        }
    }
    Err(failure)
}

impl fmt::Debug for Dialer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Tcp => "Tcp",
            Self::Other(_) => "Other",
        })
    }
}

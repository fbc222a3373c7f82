//! TCP: from a host's name to a stream of bytes.

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpStream, lookup_host};
use tokio::time::{Instant, timeout, timeout_at};

use super::failure::{Failure, Step};
use crate::delivery::after;

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
    let stream = connect_to_one(host, &addresses, limit, TcpStream::connect).await?;
    // An acknowledgement is small, and must not wait for the next.
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "the connection sends small packets late");
    }
    Ok(Box::new(stream))
}

/// Connects to the first address that answers; all together may take `limit`.
async fn connect_to_one<S, F>(
    host: &str,
    addresses: &[SocketAddr],
    limit: Duration,
    connect: impl Fn(SocketAddr) -> F,
) -> Result<S, Failure>
where
    F: Future<Output = io::Result<S>>,
{
    let mut failure = Failure::failed(Step::NameLookup, host, "it has no address");
    let end = after(Instant::now(), limit);
    // An address that does not answer leaves time for the next.
    let each = limit / u32::try_from(addresses.len().clamp(1, 4)).unwrap_or(4);
    for address in addresses {
        let end_of_this = after(Instant::now(), each).min(end);
        match timeout_at(end_of_this, connect(*address)).await {
            Ok(Ok(stream)) => return Ok(stream),
            Ok(Err(error)) => failure = Failure::failed(Step::Connect, host, error),
            Err(_) => failure = Failure::timed_out(Step::Connect, host),
        }
        if Instant::now() >= end {
            break;
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

#[cfg(test)]
mod tests {
    use super::*;

    const LIMIT: Duration = Duration::from_secs(10);

    fn addresses(count: u16) -> Vec<SocketAddr> {
        let address = |port| SocketAddr::from(([192, 0, 2, 1], port));
        (1..=count).map(address).collect()
    }

    #[tokio::test(start_paused = true)]
    async fn many_addresses_that_do_not_answer_take_no_longer_than_one() {
        for count in [1, 3, 16] {
            let begun = Instant::now();
            let silent = |_| std::future::pending::<io::Result<()>>();
            let failure = connect_to_one("h", &addresses(count), LIMIT, silent).await;
            let failure = failure.unwrap_err().to_string();
            assert_eq!(failure, "connecting (h) took too long");
            assert_eq!(begun.elapsed(), LIMIT, "{count} addresses");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn addresses_that_refuse_or_are_silent_leave_time_for_one_that_answers() {
        let connect = async |address: SocketAddr| match address.port() {
            1..=3 => std::future::pending().await,
            4..=15 => Err(io::ErrorKind::ConnectionRefused.into()),
            port => Ok(port),
        };
        let connected = connect_to_one("h", &addresses(16), LIMIT, connect).await;
        assert_eq!(connected.unwrap(), 16);
    }
}

//! TCP: from a host's name to a stream of bytes.
//!
//! hyper-util's `HttpConnector` is compiled anyway and does the same for two families of addresses:
//! it tries IPv6 addresses one after the other, and beside them those of IPv4. Here every address
//! is tried beside the others, so that one dead address among several of a family costs half a
//! second, not its time limit.

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpStream, lookup_host};
use tokio::time::{Instant, timeout, timeout_at};

use crate::delivery::after;
use crate::long_connection::failure::{Failure, Step};

/// How long an address is tried alone before the next one is tried in parallel, if there is time for all.
const NEXT_AFTER: Duration = Duration::from_millis(500);

/// How many addresses of a name are tried, so that one with thousands does not take all sockets.
const TRIED: usize = 64;

/// A stream of bytes, as TCP gives one.
pub trait DialStream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<S: AsyncRead + AsyncWrite + Send + Unpin> DialStream for S {}

/// What [`Dial::dial`] gives back.
pub type Dialing<'a> = Pin<Box<dyn Future<Output = io::Result<Box<dyn DialStream>>> + Send + 'a>>;

/// Opens streams to hosts instead of TCP: for tests without a network.
pub trait Dial: Send + Sync + 'static {
    /// Opens a stream to a host.
    fn dial<'a>(&'a self, host: &'a str, port: u16) -> Dialing<'a>;
}

/// How streams are opened.
pub(in crate::long_connection) enum Dialer {
    Tcp,
    Other(Arc<dyn Dial>),
}

impl Dialer {
    /// Opens a stream; each step may take `limit`.
    pub(in crate::long_connection) async fn open(
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
    let stream = connect_to_one(host, addresses, limit, TcpStream::connect).await?;
    // An acknowledgement is small, and must not wait for the next.
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "cannot disable delayed sending of small packets");
    }
    Ok(Box::new(stream))
}

/// Connects to the first address that answers; all together may take `limit`.
///
/// An address that does not answer is still tried while the next ones are, as in RFC 8305: a
/// silent address does not delay the others, and a slow one has the full time.
async fn connect_to_one<S, F>(
    host: &str,
    addresses: Vec<SocketAddr>,
    limit: Duration,
    connect: impl Fn(SocketAddr) -> F,
) -> Result<S, Failure>
where
    F: Future<Output = io::Result<S>>,
{
    let mut failure = Failure::failed(Step::NameLookup, host, "it has no address");
    let end = after(Instant::now(), limit);
    let mut addresses = alternating(addresses);
    addresses.truncate(TRIED);
    // Each begins early enough to have some time, the last one too.
    let turns = u32::try_from(addresses.len() + 1).unwrap_or(u32::MAX);
    let pause = NEXT_AFTER.min(limit / turns);
    let mut next = addresses.into_iter().peekable();
    let mut tried = FuturesUnordered::new();
    loop {
        tried.extend(next.next().map(&connect));
        let until = match next.peek() {
            Some(_) => after(Instant::now(), pause).min(end),
            None => end,
        };
        match timeout_at(until, tried.next()).await {
            Ok(Some(Ok(stream))) => return Ok(stream),
            // The next begins at once.
            Ok(Some(Err(error))) => failure = Failure::failed(Step::Connect, host, error),
            Ok(None) => return Err(failure),
            Err(_) if Instant::now() >= end => return Err(Failure::timed_out(Step::Connect, host)),
            Err(_) => {}
        }
    }
}

/// The addresses, alternating between IPv4 and IPv6: often all of one kind are unreachable.
fn alternating(addresses: Vec<SocketAddr>) -> Vec<SocketAddr> {
    let first = addresses.first().is_some_and(SocketAddr::is_ipv6);
    let (one, other): (Vec<_>, Vec<_>) = addresses
        .into_iter()
        .partition(|address| address.is_ipv6() == first);
    (0..one.len().max(other.len()))
        .flat_map(|index| [one.get(index), other.get(index)])
        .flatten()
        .copied()
        .collect()
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
    use tokio::time::sleep;

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
            let failure = connect_to_one("h", addresses(count), LIMIT, silent).await;
            let failure = failure.unwrap_err().to_string();
            assert_eq!(failure, "connecting (h) took too long");
            assert_eq!(begun.elapsed(), LIMIT, "{count} addresses");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn addresses_that_refuse_or_are_silent_leave_time_for_one_that_answers() {
        let mixed = async |address: SocketAddr| match address.port() {
            1..=3 => std::future::pending().await,
            4..=15 => Err(io::ErrorKind::ConnectionRefused.into()),
            port => Ok(port),
        };
        let connected = connect_to_one("h", addresses(16), LIMIT, mixed).await;
        assert_eq!(connected.unwrap(), 16);
        let silent = async |address: SocketAddr| match address.port() {
            1..=15 => std::future::pending().await,
            port => {
                sleep(Duration::from_millis(300)).await;
                Ok(port)
            }
        };
        let connected = connect_to_one("h", addresses(16), LIMIT, silent).await;
        assert_eq!(connected.unwrap(), 16);
    }

    #[tokio::test(start_paused = true)]
    async fn an_address_that_is_slow_has_all_of_the_time() {
        let slow = async |address: SocketAddr| match address.port() {
            1 => {
                sleep(Duration::from_millis(9_999)).await;
                Ok(1)
            }
            _ => std::future::pending().await,
        };
        let connected = connect_to_one("h", addresses(16), LIMIT, slow).await;
        assert_eq!(connected.unwrap(), 1);
    }

    #[tokio::test(start_paused = true)]
    async fn if_all_refuse_the_error_says_so() {
        let refuse = async |_| -> io::Result<()> { Err(io::ErrorKind::ConnectionRefused.into()) };
        let failure = connect_to_one("h", addresses(3), LIMIT, refuse).await;
        let failure = failure.unwrap_err().to_string();
        assert!(failure.contains("connection refused"), "{failure}");
    }

    #[test]
    fn both_kinds_of_addresses_are_tried_by_turns() {
        let parse = |list: &[&str]| -> Vec<SocketAddr> {
            list.iter()
                .map(|address| address.parse().unwrap())
                .collect()
        };
        let given = parse(&["[::1]:1", "[::2]:1", "[::3]:1", "1.1.1.1:1", "2.2.2.2:1"]);
        let tried = parse(&["[::1]:1", "1.1.1.1:1", "[::2]:1", "2.2.2.2:1", "[::3]:1"]);
        assert_eq!(alternating(given), tried);
    }
}

//! From an address to a WebSocket.

use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Request, StatusCode, header};
use http_body_util::{BodyExt, Full, Limited};
use hyper_util::rt::TokioIo;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::handshake::client::generate_key;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;

use super::dial::DialStream;
use super::endpoint::Address;
use crate::long_connection::connect::exchange::exchange;
use crate::long_connection::connect::transport::Connector;
use crate::long_connection::failure::{Failure, Step};
use crate::long_connection::session::activity::{ActivityStamp, LastActivity};
use crate::long_connection::session::frame::MOST_BESIDE_PAYLOAD;
use crate::long_connection::session::socket::Socket;

/// How much of the body of a refusal is read, for the connection's sake.
const REFUSAL_LIMIT: usize = 16 * 1024;

/// The result of asking for a WebSocket.
enum Asked {
    Upgraded(TokioIo<Box<dyn DialStream>>, Bytes),
    Refused(StatusCode, HeaderMap),
    Wrong(&'static str),
}

/// Opens a WebSocket whose messages have payloads of at most `limit` bytes.
///
/// The request is made with hyper, which logs nothing: the query of the URL is a secret. Data in
/// the same packet as the answer is not lost, but is the first that the socket reads.
pub(in crate::long_connection) async fn upgrade(
    connector: &Connector,
    address: &Address,
    limit: usize,
    last_activity: &Arc<LastActivity>,
) -> Result<Socket, Failure> {
    let host = address.url.host().unwrap_or_default();
    let stream = connector.open(&address.url).await?;
    let key = generate_key();
    let request = request(address, &key);
    let request = request.map_err(|error| Failure::failed(Step::Upgrade, host, error))?;
    let accept = derive_accept_key(key.as_bytes());
    let asking = exchange(stream, request, |response| async move {
        if response.status() != StatusCode::SWITCHING_PROTOCOLS {
            let (head, body) = response.into_parts();
            // What the body says is not needed, and it need not come whole.
            drop(Limited::new(body, REFUSAL_LIMIT).collect().await);
            return Ok(Asked::Refused(head.status, head.headers));
        }
        if !is_accepted(response.headers(), &accept) {
            return Ok(Asked::Wrong("the answer is not that of a WebSocket"));
        }
        let upgraded = hyper::upgrade::on(response).await?;
        Ok(match upgraded.downcast::<TokioIo<Box<dyn DialStream>>>() {
            Ok(parts) => Asked::Upgraded(parts.io, parts.read_buf),
            Err(_) => Asked::Wrong("the stream was lost"),
        })
    });
    let asked = match timeout(connector.limit, asking).await {
        Ok(Ok(asked)) => asked,
        Ok(Err(error)) => return Err(Failure::failed(Step::Upgrade, host, error)),
        Err(_) => return Err(Failure::timed_out(Step::Upgrade, host)),
    };
    match asked {
        Asked::Upgraded(stream, first) => {
            last_activity.note();
            let stream = ActivityStamp::new(stream.into_inner(), Arc::clone(last_activity));
            let limit = limit.saturating_add(MOST_BESIDE_PAYLOAD);
            Ok(Socket::new(stream, first.to_vec(), limit).await)
        }
        Asked::Refused(status, headers) => Err(refused(status, &headers)),
        Asked::Wrong(problem) => Err(Failure::failed(Step::Upgrade, host, problem)),
    }
}

fn request(address: &Address, key: &str) -> Result<Request<Full<Bytes>>, http::Error> {
    let path = address.url.path_and_query();
    let authority = address.url.authority();
    Request::get(path.map_or("/", |path| path.as_str()))
        .header(header::HOST, authority.map_or("", |name| name.as_str()))
        .header(header::CONNECTION, "Upgrade")
        .header(header::UPGRADE, "websocket")
        .header(header::SEC_WEBSOCKET_VERSION, "13")
        .header(header::SEC_WEBSOCKET_KEY, key)
        .body(Full::default())
}

fn is_accepted(headers: &HeaderMap, accept: &str) -> bool {
    let value = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let upgrade = value(header::UPGRADE);
    upgrade.is_some_and(|upgrade| upgrade.eq_ignore_ascii_case("websocket"))
        && value(header::SEC_WEBSOCKET_ACCEPT) == Some(accept)
}

fn refused(status: StatusCode, headers: &HeaderMap) -> Failure {
    let text = |name: &str| {
        let value = headers.get(name).map(HeaderValue::as_bytes);
        value.map(|bytes| String::from_utf8_lossy(bytes).into_owned())
    };
    let number = |name: &str| text(name)?.trim().parse().ok();
    Failure::Handshake {
        status: status.as_u16(),
        handshake_status: number("Handshake-Status"),
        code: number("Handshake-Autherrcode"),
        message: text("Handshake-Msg").unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(status: u16, headers: &[(&'static str, &'static str)]) -> Failure {
        let headers = headers.iter().map(|(name, value)| {
            let name = http::HeaderName::from_bytes(name.as_bytes()).unwrap();
            (name, HeaderValue::from_static(value))
        });
        refused(StatusCode::from_u16(status).unwrap(), &headers.collect())
    }

    #[test]
    fn a_refused_handshake_says_what_to_do() {
        let limit = [
            ("Handshake-Status", "514"),
            ("Handshake-Autherrcode", "1000040350"),
        ];
        let limit = refusal(400, &limit);
        assert!(limit.is_connection_limit() && limit.can_heal());
        assert!(
            limit
                .to_string()
                .starts_with("the app has as many connections as it may:")
        );
        let ticket = [("Handshake-Status", "514"), ("Handshake-Msg", "no\tticket")];
        let ticket = refusal(400, &ticket);
        assert!(ticket.can_heal());
        assert_eq!(
            ticket.to_string(),
            "the platform rejected the ticket that it issued (code 514: no ticket)"
        );
        let forbidden = refusal(403, &[("Handshake-Status", "403")]);
        assert!(!forbidden.can_heal());
        assert!(forbidden.to_string().contains("only custom apps"));
        let other = refusal(502, &[]);
        assert!(other.can_heal());
        assert_eq!(
            other.to_string(),
            "the WebSocket was refused with the HTTP status 502"
        );
    }
}

//! The little HTTP that a client speaks before its connection is a WebSocket.
//!
//! By hand, for the platform in a box must also do what no server library lets it: answer nonsense,
//! answer nothing, and put a frame into the packet of the handshake's answer.

use std::io;

use http::{HeaderMap, HeaderName, HeaderValue};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

/// A request that is larger is none of a client's.
const REQUEST_LIMIT: usize = 64 * 1024;

/// How many headers a request may have.
const HEADERS_LIMIT: usize = 64;

/// A request with its body.
#[derive(Debug)]
pub(super) struct Request {
    pub(super) method: String,
    /// Path and query.
    pub(super) target: String,
    pub(super) headers: HeaderMap,
    pub(super) body: Vec<u8>,
    /// What the client sent behind the request.
    pub(super) rest: Vec<u8>,
}

struct Head {
    method: String,
    target: String,
    headers: HeaderMap,
    length: usize,
}

impl Request {
    /// Reads a request; `None` if the client closed the connection without one.
    pub(super) async fn read(stream: &mut (impl AsyncRead + Unpin)) -> io::Result<Option<Self>> {
        let mut bytes = Vec::new();
        let head = loop {
            if let Some(head) = Head::parse(&bytes)? {
                break head;
            }
            if !more(stream, &mut bytes).await? {
                return Ok(None);
            }
        };
        let size = content_length(&head.headers)?;
        while bytes.len() < head.length + size {
            if !more(stream, &mut bytes).await? {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
        let rest = bytes.split_off(head.length + size);
        let body = bytes.split_off(head.length);
        Ok(Some(Self {
            method: head.method,
            target: head.target,
            headers: head.headers,
            body,
            rest,
        }))
    }
}

impl Head {
    /// `None` while it is not complete.
    fn parse(bytes: &[u8]) -> io::Result<Option<Self>> {
        let mut headers = [httparse::EMPTY_HEADER; HEADERS_LIMIT];
        let mut request = httparse::Request::new(&mut headers);
        let httparse::Status::Complete(length) = request.parse(bytes).map_err(invalid)? else {
            return Ok(None);
        };
        let headers = request.headers.iter().map(|header| {
            let name: HeaderName = header.name.parse().map_err(invalid)?;
            let value = HeaderValue::from_bytes(header.value).map_err(invalid)?;
            Ok((name, value))
        });
        Ok(Some(Self {
            method: request.method.unwrap_or_default().to_owned(),
            target: request.path.unwrap_or_default().to_owned(),
            headers: headers.collect::<io::Result<_>>()?,
            length,
        }))
    }
}

async fn more(stream: &mut (impl AsyncRead + Unpin), bytes: &mut Vec<u8>) -> io::Result<bool> {
    if bytes.len() >= REQUEST_LIMIT {
        return Err(invalid("the request is too large"));
    }
    Ok(stream.read_buf(bytes).await? > 0)
}

fn content_length(headers: &HeaderMap) -> io::Result<usize> {
    let Some(length) = headers.get(http::header::CONTENT_LENGTH) else {
        return Ok(0);
    };
    let length: usize = length.to_str().map_err(invalid)?.parse().map_err(invalid)?;
    if length > REQUEST_LIMIT {
        return Err(invalid("the request is too large"));
    }
    Ok(length)
}

fn invalid(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, error)
}

/// Answers with a status, headers and a body, and ends the connection.
pub(super) async fn respond(
    stream: &mut (impl AsyncWrite + Unpin),
    status: u16,
    headers: &[(&str, String)],
    body: &str,
) -> io::Result<()> {
    let mut response = format!("HTTP/1.1 {status} It is so\r\n");
    for (name, value) in headers {
        response.push_str(&format!("{name}: {value}\r\n"));
    }
    response.push_str(&format!(
        "content-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    ));
    stream.write_all(response.as_bytes()).await?;
    stream.shutdown().await
}

/// Reads, and does not listen, until the client closes the connection.
pub(super) async fn ignore(stream: &mut (impl AsyncRead + Unpin)) {
    let mut bytes = [0; 4096];
    while matches!(stream.read(&mut bytes).await, Ok(1..)) {}
}

//! The part of HTTP that endpoint discovery and the handshake need.
//!
//! Written by hand, because the gateway does what server libraries do not offer: it sends invalid
//! responses or none, and puts frames into the packet of the handshake's response.

use std::io;

use http::{HeaderMap, HeaderName, HeaderValue};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

/// The largest request, in bytes; clients send much smaller ones.
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
    /// What the client sent after the request.
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
    /// Parses the head of a request; `None` if it is not complete yet.
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
    let mut response = format!("HTTP/1.1 {status} \r\n");
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

/// Discards what the client sends until it closes the connection.
pub(super) async fn ignore(stream: &mut (impl AsyncRead + Unpin)) {
    let mut bytes = [0; 4096];
    while matches!(stream.read(&mut bytes).await, Ok(1..)) {}
}

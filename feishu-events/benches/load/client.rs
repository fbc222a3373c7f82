//! A server in another process, and connections to it.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use bytes::Bytes;
use http::{HeaderValue, Request};
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::net::TcpStream;

/// A server in another process, ended with this.
pub(crate) struct Server {
    child: Child,
    pub(crate) port: u16,
}

impl Server {
    /// Starts a server with the webhook, or with what there is instead.
    pub(crate) fn start(only: Option<&str>) -> Self {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.arg("serve").stdout(Stdio::piped());
        if let Some(only) = only {
            command.args(["--only", only]);
        }
        let mut child = command.spawn().unwrap();
        let mut line = String::new();
        let stdout = child.stdout.take().unwrap();
        BufReader::new(stdout).read_line(&mut line).unwrap();
        let port = line.trim().parse().unwrap();
        Self { child, port }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself, which the measurement has noticed then.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// One connection, kept open.
pub(crate) struct Client(SendRequest<Full<Bytes>>);

impl Client {
    pub(crate) async fn connect(port: u16) -> Self {
        let stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
        stream.set_nodelay(true).unwrap();
        let (sender, connection) = handshake(TokioIo::new(stream)).await.unwrap();
        tokio::spawn(connection);
        Self(sender)
    }

    /// Sends a request and gives back the status of the answer.
    pub(crate) async fn send(&mut self, request: Request<Bytes>) -> u16 {
        let mut request = request.map(Full::new);
        let host = HeaderValue::from_static("localhost");
        request.headers_mut().insert("host", host);
        self.0.ready().await.unwrap();
        let response = self.0.send_request(request).await.unwrap();
        let status = response.status().as_u16();
        response.into_body().collect().await.unwrap();
        status
    }

    /// Sends a request and gives back status and body of the answer, if there is one.
    pub(crate) async fn try_send(&mut self, request: Request<Bytes>) -> Option<(u16, Bytes)> {
        let mut request = request.map(Full::new);
        let host = HeaderValue::from_static("localhost");
        request.headers_mut().insert("host", host);
        self.0.ready().await.ok()?;
        let response = self.0.send_request(request).await.ok()?;
        let status = response.status().as_u16();
        let body = response.into_body().collect().await.ok()?;
        Some((status, body.to_bytes()))
    }

    /// What the server says of itself.
    pub(crate) async fn report(&mut self) -> Value {
        let host = HeaderValue::from_static("localhost");
        let mut request = Request::new(Full::default());
        request.headers_mut().insert("host", host);
        self.0.ready().await.unwrap();
        let response = self.0.send_request(request).await.unwrap();
        let body = response.into_body().collect().await.unwrap().to_bytes();
        serde_json::from_slice(&body).unwrap()
    }
}

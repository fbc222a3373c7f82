//! Proxies that lead everywhere to one address, whatever name they are asked for.

use std::net::SocketAddr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;

use crate::server::read_head;

pub(crate) const USER: &str = "user";
pub(crate) const PASSWORD: &str = "p:ss";

/// A proxy that is asked to CONNECT; it tells for which hosts.
pub(crate) async fn http(to: SocketAddr) -> (u16, mpsc::UnboundedReceiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let (tell, asked) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            let head = read_head(&mut stream).await.unwrap();
            let wanted = STANDARD.encode(format!("{USER}:{PASSWORD}"));
            let wanted = format!("proxy-authorization: basic {wanted}").to_lowercase();
            let allowed = head.lines().any(|line| line.to_lowercase() == wanted);
            let status = if allowed { "200 OK" } else { "407 Who?" };
            let answer = format!("HTTP/1.1 {status}\r\n\r\n");
            stream.write_all(answer.as_bytes()).await.unwrap();
            if allowed {
                tell.send(head.lines().next().unwrap().to_owned()).unwrap();
                tokio::spawn(pass(stream, to));
            }
        }
    });
    (port, asked)
}

/// A SOCKS5 proxy with user and password; it tells for which hosts it was asked.
pub(crate) async fn socks5(to: SocketAddr) -> (u16, mpsc::UnboundedReceiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let (tell, asked) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            assert_eq!(read::<3>(&mut stream).await, [5, 1, 2]);
            stream.write_all(&[5, 2]).await.unwrap();
            assert_eq!(read::<1>(&mut stream).await, [1]);
            assert_eq!(text(&mut stream).await, USER);
            assert_eq!(text(&mut stream).await, PASSWORD);
            stream.write_all(&[1, 0]).await.unwrap();
            // Connect, by name: the names are the proxy's to look up.
            assert_eq!(read::<4>(&mut stream).await, [5, 1, 0, 3]);
            let host = text(&mut stream).await;
            let port = u16::from_be_bytes(read::<2>(&mut stream).await);
            tell.send(format!("{host}:{port}")).unwrap();
            let answer = [5, 0, 0, 1, 127, 0, 0, 1, 0, 0];
            stream.write_all(&answer).await.unwrap();
            tokio::spawn(pass(stream, to));
        }
    });
    (port, asked)
}

async fn pass(mut stream: TcpStream, to: SocketAddr) {
    let mut server = TcpStream::connect(to).await.unwrap();
    // Either end may go away.
    drop(copy_bidirectional(&mut stream, &mut server).await);
}

async fn read<const LENGTH: usize>(stream: &mut TcpStream) -> [u8; LENGTH] {
    let mut bytes = [0; LENGTH];
    stream.read_exact(&mut bytes).await.unwrap();
    bytes
}

async fn text(stream: &mut TcpStream) -> String {
    let [length] = read(stream).await;
    let mut bytes = vec![0; usize::from(length)];
    stream.read_exact(&mut bytes).await.unwrap();
    String::from_utf8(bytes).unwrap()
}

//! Long connections over real sockets: TCP, TLS, proxies.

#![allow(clippy::unwrap_used, clippy::missing_panics_doc)]

use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use feishu_events::long_connection::{Reconnect, Step};
use feishu_events::{
    Dispatcher, Domain, LongConnection, LongConnectionBuildError, LongConnectionBuilder,
    dispatcher, feishu_handler,
};
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpListener;
use tokio::time::timeout;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;

mod chaos;
mod chaos_in_paused_time;
mod flood;
mod gateway;
mod logs;
mod proxies;
mod server;

use proxies::{PASSWORD, USER};
use server::{Peer, TICKET, event};

#[feishu_handler("contact.user.created_v3")]
fn on_user_created() {}

fn handlers() -> Dispatcher {
    dispatcher![on_user_created]
}

fn builder(url: String) -> LongConnectionBuilder {
    LongConnection::builder("cli_x", SECRET)
        .domain(Domain::Custom(url))
        .dispatcher(handlers())
}

/// A server's configuration, and the certificate of the authority that made its own.
fn tls(host: &str) -> (ServerConfig, String) {
    let mut authority = CertificateParams::new(Vec::new()).unwrap();
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let key = KeyPair::generate().unwrap();
    let pem = authority.self_signed(&key).unwrap().pem();
    let issuer = Issuer::new(authority, key);
    let key = KeyPair::generate().unwrap();
    let own = CertificateParams::new(vec![host.to_owned()]).unwrap();
    let own = own.signed_by(&key, &issuer).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![own.der().clone()], key.into())
        .unwrap();
    (config, pem)
}

/// What must not be seen in any log.
const SECRET: &str = "secret-of-the-app";

/// Connects, receives an event, is shut down, closes.
async fn works(connection: LongConnection, peers: impl Future<Output = Option<Peer>>) {
    logs::begin();
    let (shut_down, signal) = tokio::sync::oneshot::channel::<()>();
    let run = tokio::spawn(connection.run_until(async move { drop(signal.await) }));
    let peer = timeout(Duration::from_secs(60), peers).await;
    let mut peer = peer.expect("no connection came").unwrap();
    assert_eq!(peer.send(&event()).await.unwrap(), 200);
    drop(shut_down);
    peer.closed().await;
    assert!(run.await.unwrap().unwrap().closed);

    let log = logs::so_far();
    for what in ["tungstenite", "the long connection is open", "cli_x"] {
        assert!(log.contains(what), "{what} is not in {log}");
    }
    for secret in [SECRET, TICKET, PASSWORD, "service_id="] {
        assert!(!log.contains(secret), "{secret} is in {log}");
    }
}

#[tokio::test]
async fn over_tcp() {
    let (address, mut peers) = server::listen("127.0.0.1", None).await;
    let connection = builder(format!("http://{address}")).no_proxy().build();
    works(connection.unwrap(), peers.recv()).await;
}

#[tokio::test]
async fn over_tls_with_a_root_certificate_of_ones_own() {
    let (config, pem) = tls("localhost");
    let (address, mut peers) = server::listen("localhost", Some(config)).await;
    let url = format!("https://localhost:{}", address.port());
    let builder = builder(url).no_proxy();
    let trusting = builder.clone().root_certificate(pem).build();
    works(trusting.unwrap(), peers.recv()).await;

    let distrusting = builder.reconnect(Reconnect::AtMost(1)).build().unwrap();
    let Err(error) = distrusting.run().await;
    let error = error.to_string();
    assert!(
        error.contains("TLS handshake (localhost) failed") && error.contains("`root_certificate`"),
        "{error}"
    );
}

#[tokio::test]
async fn through_an_http_proxy() {
    let (address, mut peers) = server::listen("gateway.invalid", None).await;
    let (port, mut asked) = proxies::http(address).await;
    let proxy = format!("http://{USER}:{PASSWORD}@127.0.0.1:{port}");
    let connection = builder("http://open.invalid:81".to_owned()).proxy(proxy);
    works(connection.build().unwrap(), peers.recv()).await;
    assert_eq!(
        asked.recv().await.unwrap(),
        "CONNECT open.invalid:81 HTTP/1.1"
    );
    let gateway = format!("CONNECT gateway.invalid:{} HTTP/1.1", address.port());
    assert_eq!(asked.recv().await.unwrap(), gateway);

    let url = format!("http://127.0.0.1:{port}");
    assert_eq!(
        failure_of(builder("http://open.invalid:81".to_owned()).proxy(url)).await,
        format!(
            "the proxy 127.0.0.1:{port} (status 407): it refuses to connect to open.invalid:81: \
             proxy authorization required: its URL names no user and no password"
        )
    );
}

/// Why the first attempt to connect fails.
async fn failure_of(builder: LongConnectionBuilder) -> String {
    let connection = builder.reconnect(Reconnect::AtMost(1)).build().unwrap();
    let Err(error) = connection.run().await;
    error.failure.to_string()
}

#[tokio::test]
async fn a_proxy_that_refuses_is_named_with_its_status() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        for status in ["403 Forbidden", "502 Bad Gateway", "299", "nonsense"] {
            let (mut stream, _) = listener.accept().await.unwrap();
            server::read_head(&mut stream).await.unwrap();
            let answer = format!("HTTP/1.1 {status}\r\ncontent-length: 0\r\n\r\n");
            stream.write_all(answer.as_bytes()).await.unwrap();
        }
    });
    let proxied = || {
        let builder = builder("https://open.invalid".to_owned());
        failure_of(builder.proxy(format!("http://u:{PASSWORD}@127.0.0.1:{port}")))
    };
    let refused = |status: &str| {
        format!(
            "the proxy 127.0.0.1:{port} (status {status}): it refuses to connect to \
             open.invalid:443"
        )
    };
    assert_eq!(proxied().await, refused("403") + ": Forbidden");
    assert_eq!(proxied().await, refused("502") + ": Bad Gateway");
    // It accepts, and what follows is not TLS.
    let failure = proxied().await;
    assert!(
        failure.starts_with("TLS handshake (open.invalid) failed"),
        "{failure}"
    );
    let failure = proxied().await;
    let start = format!("the proxy 127.0.0.1:{port}: ");
    assert!(
        failure.starts_with(&start) && !failure.contains(PASSWORD),
        "{failure}"
    );
}

#[tokio::test]
async fn this_machine_is_reached_directly() {
    let (address, mut peers) = server::listen("127.0.0.1", None).await;
    let dead = builder(format!("http://{address}")).proxy("http://proxy.invalid:1");
    works(dead.build().unwrap(), peers.recv()).await;
}

#[tokio::test]
async fn through_a_socks5_proxy_and_tls() {
    let (config, pem) = tls("open.invalid");
    let (address, mut peers) = server::listen("open.invalid", Some(config)).await;
    let (port, mut asked) = proxies::socks5(address).await;
    let proxy = format!("socks5://{USER}:{PASSWORD}@127.0.0.1:{port}");
    let connection = builder("https://open.invalid:4".to_owned()).proxy(proxy);
    let connection = connection.root_certificate(pem).build().unwrap();
    works(connection, peers.recv()).await;
    assert_eq!(asked.recv().await.unwrap(), "open.invalid:4");
}

/// Set for the process that has the environment to be tested.
const CHILD: &str = "FEISHU_EVENTS_TEST_OF_THE_ENVIRONMENT";

#[tokio::test]
async fn the_environment_names_the_proxy_and_those_who_need_none() {
    if let Ok(url) = std::env::var(CHILD) {
        let connection = builder(url).reconnect(Reconnect::AtMost(1)).build();
        let Err(error) = connection.unwrap().run().await;
        eprintln!("{error}");
        return;
    }
    let name = "the_environment_names_the_proxy_and_those_who_need_none";
    let said = |no_proxy: &str, url: &str| {
        let child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", name, "--nocapture"])
            .env(CHILD, url)
            .env("HTTPS_PROXY", " socks5://127.0.0.1:1")
            .env("NO_PROXY", no_proxy)
            .env_remove("ALL_PROXY")
            .output();
        let output = child.unwrap();
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stderr).unwrap()
    };
    let dead = "the proxy 127.0.0.1:1 of the environment variable `HTTPS_PROXY`: connecting \
                (127.0.0.1) failed: ";
    for (no_proxy, url) in [
        ("direct.invalid", "https://open.invalid"),
        ("open.invalid:80", "https://open.invalid"),
        ("*.invalid.example", "https://open.invalid"),
    ] {
        let proxied = said(no_proxy, url);
        assert!(proxied.contains(dead), "{no_proxy} {url}: {proxied}");
    }
    for no_proxy in ["open.invalid", " *", "*.invalid", "a, open.invalid:443"] {
        let direct = said(no_proxy, "https://open.invalid");
        let expected = "looking up the address (open.invalid)";
        assert!(direct.contains(expected), "{no_proxy}: {direct}");
    }
    for host in ["localhost:1", "127.0.0.1:1", "[::1]:1"] {
        let direct = said("", &format!("https://{host}"));
        assert!(
            direct.contains("ended after 1 attempts: connecting ("),
            "{host}: {direct}"
        );
    }
}

#[tokio::test]
async fn a_server_that_says_nothing_takes_one_step_limit() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let connection = builder(format!("https://{address}"))
        .no_proxy()
        .step_limit(Duration::from_millis(50))
        .reconnect(Reconnect::AtMost(1))
        .build();
    let Err(error) = connection.unwrap().run().await;
    let failure = format!("{:?}", error.failure);
    assert!(
        failure.starts_with(&format!("TimedOut {{ step: {:?}", Step::Tls)),
        "{failure}"
    );
}

#[test]
fn what_cannot_work_is_not_built() {
    let refused = |builder: LongConnectionBuilder| builder.build().unwrap_err().to_string();
    let good = || builder("http://127.0.0.1".to_owned());
    let empty = LongConnection::builder("", "secret").dispatcher(handlers());
    assert_eq!(refused(empty), "the app id is empty or contains whitespace");
    let pasted = LongConnection::builder("cli_x", "secret\n").dispatcher(handlers());
    assert_eq!(
        pasted.build().unwrap_err(),
        LongConnectionBuildError::AppSecret
    );
    let idle = LongConnection::builder("cli_x", "secret");
    assert_eq!(
        idle.build().unwrap_err(),
        LongConnectionBuildError::NoDispatcher
    );
    let domain = refused(builder("open.feishu.cn".to_owned()));
    assert_eq!(
        domain,
        "the URL of `Domain::Custom`: \"open.feishu.cn\" has no scheme: `https://open.feishu.cn`?"
    );
    for proxy in ["", "socks4://a:1", "ftp://a", "://"] {
        let proxy = refused(good().proxy(proxy));
        assert!(proxy.starts_with("the proxy's URL: "), "{proxy}");
    }
    for pem in [
        "",
        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
    ] {
        let certificate = refused(good().root_certificate(pem));
        assert!(
            certificate.starts_with("root certificate 1: "),
            "{certificate}"
        );
    }
}

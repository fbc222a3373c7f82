//! From a URL to a stream of bytes: name, TCP, proxy, TLS.

use std::time::Duration;

use http::Uri;

use super::dial::{DialStream, Dialer};
use super::proxy::{self, Proxies};
use super::tls::Tls;
use crate::long_connection::failure::Failure;

/// How connections are opened.
#[derive(Debug)]
pub(in crate::long_connection) struct Connector {
    pub(in crate::long_connection) dialer: Dialer,
    pub(in crate::long_connection) proxies: Proxies,
    pub(in crate::long_connection) tls: Tls,
    /// How long each step may take.
    pub(in crate::long_connection) limit: Duration,
}

impl Connector {
    /// Opens a stream to the host of a URL, which is `http(s)` or `ws(s)`.
    pub(in crate::long_connection) async fn open(
        &self,
        url: &Uri,
    ) -> Result<Box<dyn DialStream>, Failure> {
        let host = url.host().unwrap_or_default();
        let tls = is_secure(url);
        let port = url.port_u16().unwrap_or(if tls { 443 } else { 80 });
        let stream = match self.proxies.for_host(host, port, tls) {
            Some(proxy) => {
                let connector = (&self.dialer, &self.tls);
                proxy::open(proxy, (host, port), connector, self.limit).await?
            }
            None => self.dialer.open(host, port, self.limit).await?,
        };
        if tls {
            self.tls.wrap(stream, host, self.limit).await
        } else {
            Ok(stream)
        }
    }
}

/// Whether connections to the URL are encrypted.
pub(in crate::long_connection) fn is_secure(url: &Uri) -> bool {
    matches!(url.scheme_str(), Some("https" | "wss"))
}

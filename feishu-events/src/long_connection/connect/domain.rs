//! Which platform an app belongs to.

use std::fmt;

use http::Uri;
use http::uri::Scheme;

const FEISHU: &str = "open.feishu.cn";
const LARK: &str = "open.larksuite.com";

/// The path of the endpoint that returns the address of the long connection.
const PATH: &str = "/callback/ws/endpoint";

/// The platform that an app belongs to: an app of one is unknown to the other.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Domain {
    /// Feishu: apps of <https://open.feishu.cn>.
    #[default]
    Feishu,
    /// Lark: apps of <https://open.larksuite.com>.
    Lark,
    /// Any other, by its URL: a private platform (`https://open.example.com`), or a gateway for
    /// tests (`http://127.0.0.1:8080`), which receives the app's secret unencrypted.
    Custom(String),
}

impl Domain {
    /// The URL at which a connection is asked for.
    pub(in crate::long_connection) fn endpoint(&self) -> Result<Uri, String> {
        let base = match self {
            Self::Feishu => format!("https://{FEISHU}"),
            Self::Lark => format!("https://{LARK}"),
            Self::Custom(url) => url.trim_end_matches('/').to_owned(),
        };
        let uri: Uri = format!("{base}{PATH}")
            .parse()
            .map_err(|error| format!("{error}"))?;
        let scheme = uri.scheme();
        if scheme != Some(&Scheme::HTTPS) && scheme != Some(&Scheme::HTTP) {
            return Err("it must start with `https://` or `http://`".to_owned());
        }
        if uri.query().is_some() {
            return Err("it must have no query".to_owned());
        }
        let has_user = uri.authority().is_some_and(|a| a.as_str().contains('@'));
        if has_user || uri.host().is_none_or(str::is_empty) {
            return Err("it must have a host, and no user".to_owned());
        }
        Ok(uri)
    }

    /// The other domain, to suggest when this host does not know the app.
    pub(in crate::long_connection) fn other(host: &str) -> Option<&'static str> {
        match host {
            FEISHU => Some("Domain::Lark"),
            LARK => Some("Domain::Feishu"),
            _ => None,
        }
    }
}

impl fmt::Display for Domain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Feishu => f.write_str(FEISHU),
            Self::Lark => f.write_str(LARK),
            Self::Custom(url) => f.write_str(url),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_domain_is_where_a_connection_is_asked_for() {
        let endpoint = |domain: Domain| domain.endpoint().map(|uri| uri.to_string());
        assert_eq!(
            endpoint(Domain::Lark).unwrap(),
            "https://open.larksuite.com/callback/ws/endpoint"
        );
        assert_eq!(
            endpoint(Domain::Custom("http://[::1]:80/x/".to_owned())).unwrap(),
            "http://[::1]:80/x/callback/ws/endpoint"
        );
        for wrong in [
            "",
            "open.feishu.cn",
            "ftp://a",
            "https://",
            "https://a?b=c",
            "https://u@a",
        ] {
            endpoint(Domain::Custom(wrong.to_owned())).unwrap_err();
        }
    }
}

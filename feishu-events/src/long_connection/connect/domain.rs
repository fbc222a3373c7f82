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
    /// tests (`http://127.0.0.1:8080`), which receives the app's secret unencrypted. Blanks around it
    /// are ignored.
    Custom(String),
}

impl Domain {
    /// The URL at which a connection is asked for.
    pub(in crate::long_connection) fn endpoint(&self) -> Result<Uri, String> {
        let base = match self {
            Self::Feishu => format!("https://{FEISHU}"),
            Self::Lark => format!("https://{LARK}"),
            Self::Custom(url) => url.trim().trim_end_matches('/').to_owned(),
        };
        if base.is_empty() {
            return Err("it is empty".to_owned());
        }
        if base.contains('#') {
            return Err("it must have no fragment".to_owned());
        }
        if base.contains(char::is_whitespace) {
            return Err(format!("{base:?} contains a blank"));
        }
        if base.ends_with(':') {
            return Err("it must have a host, and no user".to_owned());
        }
        if !base.contains("://") {
            return Err(format!("{base:?} has no scheme: `https://{base}`?"));
        }
        let uri: Uri = format!("{base}{PATH}")
            .parse()
            .map_err(|_| format!("{base:?} is not a URL"))?;
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
        let after_host = uri.authority().zip(uri.host());
        let after_host = after_host.and_then(|(all, host)| all.as_str().strip_prefix(host));
        if uri.port_u16().is_none() && after_host.is_some_and(|rest| !rest.is_empty()) {
            return Err("its port is not a number up to 65535".to_owned());
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
        for accepted in [" https://a.b ", "https://a.b/\n", "https://a.b"] {
            assert_eq!(
                endpoint(Domain::Custom(accepted.to_owned())).unwrap(),
                "https://a.b/callback/ws/endpoint"
            );
        }
    }

    #[test]
    fn a_domain_that_is_no_url_is_refused_in_words() {
        let scheme = "it must start with `https://` or `http://`";
        let host = "it must have a host, and no user";
        for (wrong, words) in [
            ("", "it is empty"),
            (" ", "it is empty"),
            (
                "open.feishu.cn",
                "\"open.feishu.cn\" has no scheme: `https://open.feishu.cn`?",
            ),
            (
                "127.0.0.1:8080/",
                "\"127.0.0.1:8080\" has no scheme: `https://127.0.0.1:8080`?",
            ),
            ("https://a. b", "\"https://a. b\" contains a blank"),
            ("ftp://a", scheme),
            ("https://a?b=c", "it must have no query"),
            ("https://u@a", host),
            ("https://a:b", "its port is not a number up to 65535"),
            ("https://a:65536", "its port is not a number up to 65535"),
            ("https://a/#b", "it must have no fragment"),
            ("https://", host),
            ("https://[a", "\"https://[a\" is not a URL"),
        ] {
            let refused = Domain::Custom(wrong.to_owned()).endpoint();
            assert_eq!(refused.unwrap_err(), words, "{wrong:?}");
        }
    }
}

//! Which proxy leads to which host: as the program says, or as the environment does.

use std::fmt;
use std::sync::Arc;

use hyper_util::client::proxy::matcher::{Intercept, Matcher};

use super::no_proxy::{NoProxy, is_loopback};

/// Which hosts are reached through which proxy.
#[derive(Clone, Default)]
pub(in crate::long_connection) struct Proxies {
    https: Option<Arc<Proxy>>,
    http: Option<Arc<Proxy>>,
    no_proxy: NoProxy,
}

/// A proxy.
pub(in crate::long_connection) struct Proxy {
    pub(super) scheme: Scheme,
    pub(super) url: Intercept,
    /// The environment variable that names it.
    pub(super) variable: Option<&'static str>,
}

/// The supported kinds of proxies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scheme {
    Http,
    Https,
    Socks5,
}

impl Proxies {
    /// The environment variables `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY`, or the same
    /// in lower case.
    pub(in crate::long_connection) fn from_env() -> Result<Self, String> {
        Self::from_variables(|name| std::env::var(name).ok())
    }

    fn from_variables(variable: impl Fn(&str) -> Option<String>) -> Result<Self, String> {
        let first = |names: &[&'static str]| {
            let values = names
                .iter()
                .filter_map(|name| Some((*name, variable(name)?)));
            values
                .into_iter()
                .find(|(_, value)| !value.trim().is_empty())
        };
        let proxy = |names: &[&'static str]| match first(names) {
            Some((name, url)) => match Proxy::parse(&url, Some(name)) {
                Ok(proxy) => Ok(Some(Arc::new(proxy))),
                Err(problem) => Err(format!("the environment variable `{name}`: {problem}")),
            },
            None => Ok(None),
        };
        let is_cgi = variable("REQUEST_METHOD").is_some();
        let http: &[&str] = if is_cgi {
            // There, a header of the request sets `HTTP_PROXY`.
            &["http_proxy", "ALL_PROXY", "all_proxy"]
        } else {
            &["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"]
        };
        let no_proxy = first(&["NO_PROXY", "no_proxy"]);
        Ok(Self {
            https: proxy(&["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"])?,
            http: proxy(http)?,
            no_proxy: no_proxy.map_or_else(NoProxy::default, |(_, text)| NoProxy::parse(&text)),
        })
    }

    /// One proxy for all hosts.
    pub(in crate::long_connection) fn all(url: &str) -> Result<Self, String> {
        let proxy = Some(Arc::new(Proxy::parse(url, None)?));
        Ok(Self {
            https: proxy.clone(),
            http: proxy,
            no_proxy: NoProxy::default(),
        })
    }

    /// The proxy that leads to a host; this machine is always reached directly.
    pub(in crate::long_connection) fn for_host(
        &self,
        host: &str,
        port: u16,
        tls: bool,
    ) -> Option<&Proxy> {
        let proxy = if tls { &self.https } else { &self.http };
        let proxy = proxy.as_ref()?;
        let direct = is_loopback(host) || self.no_proxy.contains(host, port);
        (!direct).then_some(proxy)
    }
}

impl Proxy {
    fn parse(url: &str, variable: Option<&'static str>) -> Result<Self, String> {
        let matcher = Matcher::builder().all(url.trim().to_owned()).build();
        let any = http::Uri::from_static("https://proxied.invalid/");
        let wrong = "it must be an `http://`, `https://` or `socks5://` URL";
        let url = matcher.intercept(&any).ok_or(wrong)?;
        if url.uri().host().is_none_or(str::is_empty) {
            return Err(wrong.to_owned());
        }
        let scheme = match url.uri().scheme_str() {
            Some("http") | None => Scheme::Http,
            Some("https") => Scheme::Https,
            // The proxy looks up names with both: it may know some that are unknown here.
            Some("socks5" | "socks5h") => Scheme::Socks5,
            Some(other) => {
                return Err(format!(
                    "`{other}` proxies are not supported, only `http`, `https` and `socks5`"
                ));
            }
        };
        Ok(Self {
            scheme,
            url,
            variable,
        })
    }

    pub(super) fn host(&self) -> &str {
        self.url.uri().host().unwrap_or_default()
    }

    pub(super) fn port(&self) -> u16 {
        self.url.uri().port_u16().unwrap_or(match self.scheme {
            Scheme::Http => 80,
            Scheme::Https => 443,
            Scheme::Socks5 => 1080,
        })
    }
}

impl fmt::Debug for Proxies {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A proxy's URL may hold a password.
        f.write_str("Proxies")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Host, port and variable of the proxy that leads to a host.
    fn proxy(
        variables: &[(&str, &str)],
        (host, port, tls): (&str, u16, bool),
    ) -> Option<(String, u16, &'static str)> {
        let proxies = Proxies::from_variables(|name| {
            let mut variables = variables.iter();
            variables.find_map(|(set, value)| (*set == name).then(|| (*value).to_owned()))
        });
        let proxies = proxies.unwrap();
        let proxy = proxies.for_host(host, port, tls)?;
        Some((
            proxy.host().to_owned(),
            proxy.port(),
            proxy.variable.unwrap(),
        ))
    }

    #[test]
    fn the_environment_names_a_proxy_for_each_scheme() {
        let https = ("open.feishu.cn", 443, true);
        let http = ("open.feishu.cn", 80, false);
        let found = |host: &str, port, variable| Some((host.to_owned(), port, variable));
        let both = [("HTTPS_PROXY", "http://s:3128"), ("http_proxy", "p:81")];
        assert_eq!(proxy(&both, https), found("s", 3128, "HTTPS_PROXY"));
        assert_eq!(proxy(&both, http), found("p", 81, "http_proxy"));
        let all = [("https_proxy", ""), ("ALL_PROXY", "socks5://s")];
        assert_eq!(proxy(&all, https), found("s", 1080, "ALL_PROXY"));
        assert_eq!(proxy(&all, http), found("s", 1080, "ALL_PROXY"));
        // With blanks, as it is pasted.
        let blank = [("HTTPS_PROXY", "  http://s:3128\n")];
        assert_eq!(proxy(&blank, https), found("s", 3128, "HTTPS_PROXY"));
        // Of a program behind CGI, a client sets it.
        let cgi = [("REQUEST_METHOD", "POST"), ("HTTP_PROXY", "http://evil")];
        assert_eq!(proxy(&cgi, http), None);
    }

    #[test]
    fn this_machine_and_those_of_no_proxy_need_none() {
        let variables = [
            ("ALL_PROXY", "http://s"),
            ("NO_PROXY", " *.feishu.cn,a.com:443"),
        ];
        for (host, port, is_proxied) in [
            ("open.feishu.cn", 443, false),
            ("a.com", 443, false),
            ("a.com", 444, true),
            ("localhost", 1, false),
            ("127.0.0.1", 1, false),
            ("[::1]", 1, false),
        ] {
            let found = proxy(&variables, (host, port, true));
            assert_eq!(found.is_some(), is_proxied, "{host}:{port}");
        }
        let explicit = Proxies::all(" http://s ").unwrap();
        assert!(explicit.for_host("localhost", 443, true).is_none());
        assert!(explicit.for_host("example.com", 443, true).is_some());
    }

    #[test]
    fn a_variable_that_is_no_proxy_is_named() {
        let wrong = |value: &str| {
            let variable = |name: &str| (name == "https_proxy").then(|| value.to_owned());
            Proxies::from_variables(variable).unwrap_err()
        };
        assert_eq!(
            wrong("ftp://s"),
            "the environment variable `https_proxy`: it must be an `http://`, `https://` or \
             `socks5://` URL"
        );
        assert!(wrong("socks4://s").contains("`socks4` proxies are not supported"));
    }
}

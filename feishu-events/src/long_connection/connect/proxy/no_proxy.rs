//! The hosts that need no proxy, in the forms that people write into `NO_PROXY`.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// The hosts that need no proxy.
#[derive(Debug, Clone, Default)]
pub(super) struct NoProxy(Vec<Entry>);

/// `example.com`, `.example.com` and `*.example.com` are the same; each may have a port.
#[derive(Debug, Clone)]
struct Entry {
    hosts: Hosts,
    /// All ports if there is none.
    port: Option<u16>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Hosts {
    /// `*`
    All,
    /// `10.0.0.0/8`, or one address.
    Network { address: IpAddr, bits: u32 },
    /// A domain, and all in it.
    Domain(String),
    /// `192.168.*`
    Beginning(String),
}

impl NoProxy {
    /// Reads entries between commas or blanks.
    pub(super) fn parse(text: &str) -> Self {
        let entries = text.split(|c: char| c == ',' || c == ';' || c.is_whitespace());
        Self(entries.filter_map(Entry::parse).collect())
    }

    pub(super) fn contains(&self, host: &str, port: u16) -> bool {
        let (host, address) = normal(host);
        let mut entries = self.0.iter();
        entries.any(|entry| {
            entry.port.is_none_or(|only| only == port) && entry.hosts.contain(&host, address)
        })
    }
}

/// Whether a host is this machine.
pub(super) fn is_loopback(host: &str) -> bool {
    let (host, address) = normal(host);
    match address {
        Some(address) => address.is_loopback(),
        None => host == "localhost" || host.ends_with(".localhost"),
    }
}

/// A host as it is compared, and as an address if it is one.
fn normal(host: &str) -> (String, Option<IpAddr>) {
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let host = host.trim_end_matches('.').to_ascii_lowercase();
    let address = host
        .parse()
        .ok()
        .map(|address: IpAddr| address.to_canonical());
    (host, address)
}

impl Entry {
    fn parse(text: &str) -> Option<Self> {
        let text = text.split_once("://").map_or(text, |(_, rest)| rest);
        let (host, port) = split_port(text);
        let (host, address) = normal(host);
        let hosts = if let Some(address) = address {
            Hosts::Network { address, bits: 128 }
        } else if let Some((address, bits)) = host.split_once('/')
            && let (_, Some(address)) = normal(address)
        {
            let bits = bits.parse().ok()?;
            Hosts::Network { address, bits }
        } else if host == "*" {
            Hosts::All
        } else if let Some(beginning) = host.strip_suffix('*') {
            Hosts::Beginning(beginning.to_owned())
        } else {
            let domain = host.trim_start_matches('*').trim_start_matches('.');
            let domain = domain.trim_end_matches('/');
            if domain.is_empty() {
                return None;
            }
            Hosts::Domain(domain.to_owned())
        };
        Some(Self { hosts, port })
    }
}

/// An entry's host and its port, if it has one.
fn split_port(text: &str) -> (&str, Option<u16>) {
    // An address of version 6 has colons of its own.
    if text.parse::<Ipv6Addr>().is_ok() || text.contains('/') {
        return (text, None);
    }
    match text.rsplit_once(':') {
        Some((host, port)) if !host.is_empty() => match port.parse() {
            Ok(port) => (host, Some(port)),
            Err(_) => (text, None),
        },
        _ => (text, None),
    }
}

impl Hosts {
    fn contain(&self, host: &str, address: Option<IpAddr>) -> bool {
        match self {
            Self::All => true,
            Self::Network { address: of, bits } => {
                address.is_some_and(|address| is_within(address, *of, *bits))
            }
            Self::Domain(domain) => host
                .strip_suffix(domain.as_str())
                .is_some_and(|rest| rest.is_empty() || rest.ends_with('.')),
            Self::Beginning(beginning) => host.starts_with(beginning.as_str()),
        }
    }
}

/// Whether two addresses of the same version begin with the same bits.
fn is_within(address: IpAddr, network: IpAddr, bits: u32) -> bool {
    let v4 = |address: Ipv4Addr| u128::from(u32::from(address)) << 96;
    let (ours, theirs) = match (address, network) {
        (IpAddr::V4(ours), IpAddr::V4(theirs)) => (v4(ours), v4(theirs)),
        (IpAddr::V6(ours), IpAddr::V6(theirs)) => (u128::from(ours), u128::from(theirs)),
        _ => return false,
    };
    let other = 128_u32.saturating_sub(bits);
    (ours ^ theirs).checked_shr(other).unwrap_or(0) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_forms_that_people_write() {
        for (no_proxy, host, port, expected) in [
            ("*", "open.feishu.cn", 443, true),
            (" * ", "10.1.2.3", 80, true),
            ("feishu.cn", "feishu.cn", 443, true),
            ("feishu.cn", "open.feishu.cn", 443, true),
            (".feishu.cn", "feishu.cn", 443, true),
            (".feishu.cn", "open.feishu.cn", 443, true),
            ("*.feishu.cn", "open.feishu.cn", 443, true),
            ("*.feishu.cn", "msg.frontier.feishu.cn", 443, true),
            ("*feishu.cn", "open.feishu.cn", 443, true),
            ("FEISHU.cn.", "Open.Feishu.CN", 443, true),
            ("feishu.cn", "notfeishu.cn", 443, false),
            ("*.feishu.cn", "open.larksuite.com", 443, false),
            ("open.feishu.cn:443", "open.feishu.cn", 443, true),
            ("open.feishu.cn:443", "open.feishu.cn", 8443, false),
            ("https://open.feishu.cn/", "open.feishu.cn", 443, true),
            ("a, open.feishu.cn", "open.feishu.cn", 443, true),
            ("a open.feishu.cn\tb", "open.feishu.cn", 443, true),
            ("10.1.2.3", "10.1.2.3", 80, true),
            ("10.1.2.3:80", "10.1.2.3", 80, true),
            ("10.1.2.3:81", "10.1.2.3", 80, false),
            ("10.0.0.0/8", "10.1.2.3", 80, true),
            ("10.0.0.0/8", "11.1.2.3", 80, false),
            ("0.0.0.0/0", "11.1.2.3", 80, true),
            ("10.1.2.3/32", "10.1.2.4", 80, false),
            ("192.168.*", "192.168.7.7", 80, true),
            ("192.168.*", "192.169.7.7", 80, false),
            ("fd00::/8", "[fd12::1]", 80, true),
            ("fd00::/8", "[fe12::1]", 80, false),
            ("fd12::1", "[fd12::1]", 80, true),
            ("[fd12::1]:80", "[fd12::1]", 80, true),
            ("[fd12::1]:80", "[fd12::1]", 81, false),
            ("::ffff:10.1.2.3", "10.1.2.3", 80, true),
            ("", "open.feishu.cn", 443, false),
            (",.,:", "open.feishu.cn", 443, false),
            ("10.0.0.0/much", "10.0.0.1", 443, false),
        ] {
            let is_in = NoProxy::parse(no_proxy).contains(host, port);
            assert_eq!(is_in, expected, "{no_proxy:?} {host} {port}");
        }
    }

    #[test]
    fn this_machine_has_many_names() {
        for host in [
            "localhost",
            "LOCALHOST.",
            "a.localhost",
            "127.0.0.1",
            "127.9.9.9",
            "[::1]",
        ] {
            assert!(is_loopback(host), "{host}");
        }
        for host in [
            "localhost.example.com",
            "notlocalhost",
            "128.0.0.1",
            "[::2]",
            "0.0.0.0",
        ] {
            assert!(!is_loopback(host), "{host}");
        }
    }
}

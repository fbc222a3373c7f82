//! Why there is no connection, and what to do about it.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::long_connection::connect::codes;
use crate::redact::one_line::OneLine;

/// A step on the way to a connection, each with a limit of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Step {
    /// The host name is resolved.
    NameLookup,
    /// A TCP connection is opened.
    Connect,
    /// The proxy is asked to connect.
    Proxy,
    /// The TLS handshake.
    Tls,
    /// The platform is asked for the address of the connection.
    Endpoint,
    /// The connection becomes a WebSocket.
    Upgrade,
    /// Something is sent.
    Write,
}

/// Why an attempt to connect failed, or a connection ended.
///
/// [`can_heal`](Self::can_heal) says whether to try again. It contains no secrets.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Failure {
    /// A step took too long.
    #[non_exhaustive]
    TimedOut {
        /// Which one.
        step: Step,
        /// The host.
        host: String,
    },
    /// A step failed.
    #[non_exhaustive]
    Failed {
        /// Which one.
        step: Step,
        /// The host.
        host: String,
        /// What was wrong.
        source: Arc<dyn std::error::Error + Send + Sync>,
    },
    /// The proxy cannot be reached, or refuses to connect.
    #[non_exhaustive]
    Proxy {
        /// Its host and port.
        proxy: String,
        /// The environment variable that names it; `None` if the program does.
        variable: Option<String>,
        /// The HTTP status with which it refuses.
        status: Option<u16>,
        /// What was wrong.
        source: Arc<dyn std::error::Error + Send + Sync>,
    },
    /// The platform answered the request for an address with this HTTP status.
    #[non_exhaustive]
    EndpointStatus {
        /// The status.
        status: u16,
        /// The host that was asked.
        host: String,
    },
    /// The platform's answer to the request for an address is invalid.
    #[non_exhaustive]
    EndpointAnswer {
        /// The host that was asked.
        host: String,
        /// What is wrong with the answer.
        problem: String,
    },
    /// The platform refused to give an address.
    #[non_exhaustive]
    EndpointCode {
        /// The platform's code.
        code: i64,
        /// The platform's message.
        message: String,
        /// The host that was asked.
        host: String,
    },
    /// The platform refused the WebSocket.
    #[non_exhaustive]
    Handshake {
        /// The HTTP status.
        status: u16,
        /// The platform's own status, of the header `Handshake-Status`.
        handshake_status: Option<i64>,
        /// The code of the header `Handshake-Autherrcode`.
        code: Option<i64>,
        /// The text of the header `Handshake-Msg`.
        message: String,
    },
    /// No data arrived for too long: the connection was dead.
    #[non_exhaustive]
    Silent {
        /// How long no data had arrived.
        silence: Duration,
    },
    /// Bytes arrived, but the platform no longer answered the pings of its protocol: it had
    /// forgotten the connection, and would not have sent events over it.
    #[non_exhaustive]
    Forgotten {
        /// How long no frame had arrived.
        silence: Duration,
    },
    /// The platform closed the connection.
    #[non_exhaustive]
    Closed {
        /// The close code, if there was one.
        code: Option<u16>,
        /// The reason that the platform gave.
        reason: String,
    },
    /// The connection broke, or the platform violated the WebSocket protocol.
    #[non_exhaustive]
    Broken {
        /// What happened.
        source: Arc<dyn std::error::Error + Send + Sync>,
    },
}

impl Failure {
    pub(super) fn timed_out(step: Step, host: &str) -> Self {
        let host = host.to_owned();
        Self::TimedOut { step, host }
    }

    pub(super) fn failed(
        step: Step,
        host: &str,
        source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Self {
        Self::Failed {
            step,
            host: host.to_owned(),
            source: Arc::from(source.into()),
        }
    }

    pub(super) fn broken(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        let source = Arc::from(source.into());
        Self::Broken { source }
    }

    /// Whether the app has reached its connection limit.
    pub fn is_connection_limit(&self) -> bool {
        match self {
            Self::EndpointCode { code, .. } => *code == codes::CONNECTION_LIMIT,
            Self::Handshake { code, .. } => *code == Some(codes::CONNECTION_LIMIT),
            _ => false,
        }
    }

    /// Whether the next attempt may succeed without a change of the app or the program.
    pub fn can_heal(&self) -> bool {
        match self {
            Self::EndpointCode { code, .. } => {
                codes::heals(*code) || *code == codes::CONNECTION_LIMIT
            }
            Self::Handshake {
                handshake_status, ..
            } => *handshake_status != Some(codes::FORBIDDEN),
            _ => true,
        }
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NameLookup => "looking up the address",
            Self::Connect => "connecting",
            Self::Proxy => "asking the proxy to connect",
            Self::Tls => "TLS handshake",
            Self::Endpoint => "asking for the address of the long connection",
            Self::Upgrade => "opening the WebSocket",
            Self::Write => "sending",
        })
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TimedOut { step, host } => write!(f, "{step} ({host}) took too long"),
            Self::Failed { step, host, source } => {
                let source = source.to_string();
                write!(f, "{step} ({host}) failed: {source}")?;
                if *step == Step::Tls && source.contains("certificate") {
                    f.write_str("; add a trusted root certificate with `root_certificate`")?;
                }
                Ok(())
            }
            Self::Proxy {
                proxy,
                variable,
                status,
                source,
            } => {
                write!(f, "the proxy {proxy}")?;
                if let Some(variable) = variable {
                    write!(f, " of the environment variable `{variable}`")?;
                }
                if let Some(status) = status {
                    write!(f, " (status {status})")?;
                }
                write!(f, ": {source}")
            }
            Self::EndpointStatus { status, host } => write!(
                f,
                "{host} answered the request for an address with the HTTP status {status}"
            ),
            Self::EndpointAnswer { host, problem } => write!(
                f,
                "the answer of {host} to the request for an address is invalid: {problem}"
            ),
            Self::EndpointCode {
                code,
                message,
                host,
            } => codes::explain(f, *code, message, host),
            Self::Handshake {
                status,
                handshake_status,
                code,
                message,
            } => codes::explain_handshake(f, *status, *handshake_status, *code, message),
            Self::Silent { silence } => write!(
                f,
                "no data for {silence:.0?}, not even an answer to a ping: the connection was \
                 dead"
            ),
            Self::Forgotten { silence } => write!(
                f,
                "no frame for {silence:.0?}, not even an answer to the pings of the platform's \
                 protocol, while the WebSocket was alive: the platform had forgotten the \
                 connection"
            ),
            Self::Closed { code, reason } => {
                f.write_str("the platform closed the connection")?;
                if let Some(code) = code {
                    write!(f, " (code {code})")?;
                }
                if !reason.trim().is_empty() {
                    write!(f, ": {}", OneLine(reason))?;
                }
                Ok(())
            }
            Self::Broken { source } => write!(f, "the connection broke: {source}"),
        }
    }
}

impl std::error::Error for Failure {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Failed { source, .. } | Self::Proxy { source, .. } | Self::Broken { source } => {
                Some(&**source)
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_platform_says_on_closing_stays_in_one_line() {
        let closed = |reason: &str| {
            let (code, reason) = (Some(1001), reason.to_owned());
            Failure::Closed { code, reason }.to_string()
        };
        assert_eq!(
            closed("going\naway\r\n2026 ERROR forged"),
            "the platform closed the connection (code 1001): going away  2026 ERROR forged"
        );
        assert_eq!(
            closed("\n"),
            "the platform closed the connection (code 1001)"
        );
        assert!(closed(&"x".repeat(5000)).len() < 300);
    }
}

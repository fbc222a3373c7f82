//! The platform's codes for refusing a connection, as sentences that say what to do.

use std::fmt;

use super::domain::Domain;
use crate::redact::one_line::OneLine;

/// The platform is busy.
pub(in crate::long_connection) const BUSY: i64 = 1;
/// Internal error of the platform.
pub(in crate::long_connection) const INTERNAL: i64 = 1_000_040_343;
/// The request names no app.
const NO_CREDENTIAL: i64 = 1_000_040_344;
/// The app id or its secret is wrong.
pub(in crate::long_connection) const WRONG_CREDENTIAL: i64 = 1_000_040_345;
/// The app has reached its connection limit.
pub(in crate::long_connection) const CONNECTION_LIMIT: i64 = 1_000_040_350;
/// The app belongs to the other domain.
pub(in crate::long_connection) const WRONG_DOMAIN: i64 = 1_000_040_351;
/// The app may not have long connections.
pub(in crate::long_connection) const FORBIDDEN: i64 = 403;
/// The app could not be authenticated.
const AUTH_FAILED: i64 = 514;

/// Whether the code of a refusal may be another one next time, with nothing changed.
pub(in crate::long_connection) fn heals(code: i64) -> bool {
    matches!(code, BUSY | INTERNAL)
}

/// Writes what a refused request for an address means, and what to do.
pub(in crate::long_connection) fn explain(
    f: &mut fmt::Formatter<'_>,
    code: i64,
    message: &str,
    host: &str,
) -> fmt::Result {
    match code {
        BUSY => f.write_str("the platform is busy")?,
        INTERNAL => f.write_str("internal error of the platform")?,
        NO_CREDENTIAL => f.write_str("the platform received no app id or no app secret")?,
        WRONG_CREDENTIAL => write!(
            f,
            "the app id or the app secret is wrong: compare both with the developer console of \
             {host} (Credentials & Basic Info)"
        )?,
        WRONG_DOMAIN => {
            f.write_str("this app id belongs to the other domain")?;
            match Domain::other(host) {
                Some(other) => write!(f, ": try `{other}`")?,
                None => f.write_str(": try `Domain::Feishu` or `Domain::Lark`")?,
            }
        }
        FORBIDDEN => f.write_str(forbidden())?,
        AUTH_FAILED => f.write_str(
            "the app could not be authenticated: compare app id and app secret with the \
             developer console",
        )?,
        CONNECTION_LIMIT => connection_limit(f)?,
        _ => write!(f, "{host} refused to provide an address")?,
    }
    their_words(f, Some(code), message)
}

/// Writes what a refused WebSocket means, and what to do.
pub(in crate::long_connection) fn explain_handshake(
    f: &mut fmt::Formatter<'_>,
    status: u16,
    handshake_status: Option<i64>,
    code: Option<i64>,
    message: &str,
) -> fmt::Result {
    match (handshake_status, code) {
        (_, Some(CONNECTION_LIMIT)) => connection_limit(f)?,
        (Some(FORBIDDEN), _) => f.write_str(forbidden())?,
        (Some(AUTH_FAILED), _) => f.write_str("the platform rejected the ticket that it issued")?,
        _ => write!(f, "the WebSocket was refused with the HTTP status {status}")?,
    }
    their_words(f, code.or(handshake_status), message)
}

fn forbidden() -> &'static str {
    "the app may not have long connections: only custom apps may, store apps need a webhook; \
     the app must be enabled, and long connections chosen in the developer console (Events & \
     Callbacks)"
}

fn connection_limit(f: &mut fmt::Formatter<'_>) -> fmt::Result {
    f.write_str("the app has as many connections as it may: stop other instances of it")
}

/// The platform's own code and message.
fn their_words(f: &mut fmt::Formatter<'_>, code: Option<i64>, message: &str) -> fmt::Result {
    let is_empty = message.trim().is_empty();
    let message = OneLine(message);
    match code {
        None if is_empty => Ok(()),
        None => write!(f, " ({message})"),
        Some(code) if is_empty => write!(f, " (code {code})"),
        Some(code) => write!(f, " (code {code}: {message})"),
    }
}

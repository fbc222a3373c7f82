//! Errors of Redis as those of an inbox.

use ::redis::{ErrorKind as RedisKind, RedisError, ServerErrorKind};

use crate::error::{ErrorKind, InboxError};

/// What a failure means for the one who runs the program.
pub(super) fn explain(name: &str, error: &RedisError) -> InboxError {
    let kind = match (error.kind(), error.code()) {
        (_, Some("OOM" | "MISCONF")) => ErrorKind::Full,
        (_, Some("NOAUTH" | "WRONGPASS" | "NOPERM")) | (RedisKind::AuthenticationFailed, _) => {
            ErrorKind::AccessDenied
        }
        (RedisKind::Server(ServerErrorKind::ReadOnly), _) => ErrorKind::ReadOnly,
        (_, Some("WRONGTYPE")) => ErrorKind::NotAnInbox,
        _ if error.is_timeout() => ErrorKind::TimedOut,
        _ if error.is_io_error() || error.is_connection_dropped() => ErrorKind::Unreachable,
        _ => ErrorKind::Other,
    };
    // Arguments of scripts are not in it, and so no body.
    InboxError::new(name, kind).because(error.to_string())
}

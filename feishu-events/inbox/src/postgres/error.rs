//! Errors of PostgreSQL as those of an inbox.

use deadpool_postgres::PoolError;
use tokio_postgres::Error;
use tokio_postgres::error::SqlState;

use crate::error::{ErrorKind, InboxError};

/// What a failure means for the one who runs the program.
pub(super) fn explain(name: &str, error: &Error) -> InboxError {
    let kind = match error.code() {
        Some(code) => match code {
            code if *code == SqlState::INVALID_PASSWORD
                || *code == SqlState::INVALID_AUTHORIZATION_SPECIFICATION
                || *code == SqlState::INSUFFICIENT_PRIVILEGE =>
            {
                ErrorKind::AccessDenied
            }
            code if *code == SqlState::DISK_FULL || *code == SqlState::OUT_OF_MEMORY => {
                ErrorKind::Full
            }
            code if *code == SqlState::READ_ONLY_SQL_TRANSACTION => ErrorKind::ReadOnly,
            code if *code == SqlState::UNDEFINED_TABLE || *code == SqlState::UNDEFINED_COLUMN => {
                ErrorKind::NotAnInbox
            }
            // The server starts or ends.
            code if code.code().starts_with("57P") || code.code().starts_with("08") => {
                ErrorKind::Unreachable
            }
            _ => ErrorKind::Other,
        },
        // Without an answer of the server, it is the connection.
        None if is_io(error) => ErrorKind::Unreachable,
        None if error.is_closed() => ErrorKind::Unreachable,
        None => ErrorKind::Other,
    };
    // The detail of an error of the server may quote values of a row.
    let why = match error.as_db_error() {
        Some(error) => error.message().to_owned(),
        None => match std::error::Error::source(error) {
            Some(source) => format!("{error}: {source}"),
            None => error.to_string(),
        },
    };
    InboxError::new(name, kind).because(why)
}

fn is_io(error: &Error) -> bool {
    let source = std::error::Error::source(error);
    source.is_some_and(<dyn std::error::Error>::is::<std::io::Error>)
}

pub(super) fn explain_pool(name: &str, error: PoolError) -> InboxError {
    match error {
        PoolError::Backend(error) => explain(name, &error),
        PoolError::Timeout(_) => InboxError::new(name, ErrorKind::TimedOut).because(error),
        error => InboxError::new(name, ErrorKind::Other).because(error),
    }
}

/// A row of another form than the tables have.
pub(super) fn broken(name: &str, error: &Error) -> InboxError {
    InboxError::new(name, ErrorKind::Corrupt).because(error.to_string())
}

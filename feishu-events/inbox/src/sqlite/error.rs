//! SQLite's errors as those of an inbox.

use rusqlite::{Error, ErrorCode};

use crate::error::{ErrorKind, InboxError};

/// What a failure means for the one who runs the program.
pub(super) fn explain(name: &str, error: &Error) -> InboxError {
    let kind = match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => ErrorKind::Full,
        Some(ErrorCode::ReadOnly) => ErrorKind::ReadOnly,
        // It is there, since it has been created if it was not: this user may not open it, or may
        // not create the log beside it.
        Some(ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => ErrorKind::AccessDenied,
        Some(ErrorCode::NotADatabase) => ErrorKind::NotAnInbox,
        Some(ErrorCode::DatabaseCorrupt) => ErrorKind::Corrupt,
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => ErrorKind::TimedOut,
        _ => ErrorKind::Other,
    };
    InboxError::new(name, kind).because(error.to_string())
}

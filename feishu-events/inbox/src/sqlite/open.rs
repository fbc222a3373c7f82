//! Opening the file: its settings, its tables, its version.

use std::fs::OpenOptions;
use std::io::ErrorKind as IoErrorKind;
use std::path::Path;

use rusqlite::{Connection, OpenFlags, TransactionBehavior};

use super::error::explain;
use crate::error::{ErrorKind, InboxError};

/// What says in the file's header that it is an inbox: `FEIB`.
const APPLICATION_ID: i64 = 0x4645_4942;

/// From each version of the schema to the next; `PRAGMA user_version` counts them.
const MIGRATIONS: [&str; 1] = ["
CREATE TABLE event (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    key TEXT,
    event_type TEXT NOT NULL,
    event_id TEXT,
    app_id TEXT,
    tenant_key TEXT,
    order_key TEXT,
    transport TEXT NOT NULL,
    received_at INTEGER NOT NULL, -- milliseconds since 1970, as `at`
    body BLOB,                    -- NULL once it is done
    state INTEGER NOT NULL,       -- 0 waiting, 1 leased, 2 begun, 3 done, 4 dead, 5 held
    fence INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    last_attempt INTEGER NOT NULL, -- 0 none, 1 failed, 2 interrupted
    at INTEGER NOT NULL,          -- when it is due, its lease ends, or it was settled
    worker TEXT,
    reason TEXT
) STRICT;
CREATE UNIQUE INDEX event_key ON event (key) WHERE key IS NOT NULL;
CREATE INDEX event_unsettled ON event (id) WHERE state < 3;
CREATE INDEX event_order ON event (order_key, id) WHERE state < 3 AND order_key IS NOT NULL;
CREATE INDEX event_running ON event (order_key) WHERE state IN (1, 2) AND order_key IS NOT NULL;
CREATE INDEX event_settled ON event (state, at) WHERE state >= 3;
"];

/// How a file is opened.
#[derive(Debug, Clone, Copy)]
pub(super) struct Settings {
    pub(super) max_bytes: Option<u64>,
    pub(super) busy_timeout: std::time::Duration,
}

/// Opens the file for writing, creates it if it is not there, and brings its tables up to date.
pub(super) fn writer(
    name: &str,
    path: &Path,
    settings: Settings,
) -> Result<Connection, InboxError> {
    create(name, path)?;
    let mut connection = open(name, path, settings)?;
    let failed = |error: rusqlite::Error| explain(name, &error);
    check_identity(name, &connection)?;
    // Before there is a table, and before the journal mode writes the header.
    connection
        .pragma_update(None, "auto_vacuum", "INCREMENTAL")
        .map_err(failed)?;
    let mode: String = connection
        .pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get(0))
        .map_err(failed)?;
    if !mode.eq_ignore_ascii_case("wal") {
        let why = format!("its journal mode stays {mode}: is it on a network file system?");
        return Err(InboxError::new(name, ErrorKind::Other).because(why));
    }
    connection
        .pragma_update(None, "synchronous", "FULL")
        .map_err(failed)?;
    // What is deleted is overwritten: it may be personal data.
    set(&connection, "secure_delete", "ON").map_err(failed)?;
    set(&connection, "journal_size_limit", "16777216").map_err(failed)?;
    if let Some(bytes) = settings.max_bytes {
        let page: i64 = connection
            .pragma_query_value(None, "page_size", |row| row.get(0))
            .map_err(failed)?;
        let pages = i64::try_from(bytes).unwrap_or(i64::MAX) / page.max(1);
        set(&connection, "max_page_count", &pages.to_string()).map_err(failed)?;
    }
    migrate(name, &mut connection)?;
    Ok(connection)
}

/// Opens the file for reading.
pub(super) fn reader(
    name: &str,
    path: &Path,
    settings: Settings,
) -> Result<Connection, InboxError> {
    let connection = open(name, path, settings)?;
    connection
        .pragma_update(None, "query_only", "ON")
        .map_err(|error| explain(name, &error))?;
    Ok(connection)
}

/// Creates the file so that only its owner can read it; SQLite gives its other files the same mode.
fn create(name: &str, path: &Path) -> Result<(), InboxError> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let Err(error) = options.open(path) else {
        return Ok(());
    };
    let kind = match error.kind() {
        IoErrorKind::AlreadyExists => return Ok(()),
        IoErrorKind::PermissionDenied => ErrorKind::AccessDenied,
        IoErrorKind::ReadOnlyFilesystem => ErrorKind::ReadOnly,
        IoErrorKind::StorageFull => ErrorKind::Full,
        IoErrorKind::NotFound => {
            return Err(InboxError::new(
                name,
                ErrorKind::Invalid("its folder does not exist: create it first".to_owned()),
            )
            .because(error));
        }
        _ => ErrorKind::Other,
    };
    Err(InboxError::new(name, kind).because(error))
}

fn open(name: &str, path: &Path, settings: Settings) -> Result<Connection, InboxError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let failed = |error: rusqlite::Error| explain(name, &error);
    let connection = Connection::open_with_flags(path, flags).map_err(failed)?;
    connection
        .busy_timeout(settings.busy_timeout)
        .map_err(failed)?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(connection)
}

/// Sets a pragma, whether it answers or not.
fn set(connection: &Connection, pragma: &str, value: &str) -> Result<(), rusqlite::Error> {
    let mut statement = connection.prepare(&format!("PRAGMA {pragma} = {value}"))?;
    let mut rows = statement.query([])?;
    while rows.next()?.is_some() {}
    Ok(())
}

fn number(connection: &Connection, pragma: &str) -> Result<i64, rusqlite::Error> {
    connection.pragma_query_value(None, pragma, |row| row.get(0))
}

/// Refuses a file of another program before anything in it is changed.
fn check_identity(name: &str, connection: &Connection) -> Result<(), InboxError> {
    let failed = |error: rusqlite::Error| explain(name, &error);
    let tables: i64 = connection
        .query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))
        .map_err(failed)?;
    let id = number(connection, "application_id").map_err(failed)?;
    if tables > 0 && id != APPLICATION_ID {
        let why = "a database of another program";
        return Err(InboxError::new(name, ErrorKind::NotAnInbox).because(why));
    }
    Ok(())
}

fn migrate(name: &str, connection: &mut Connection) -> Result<(), InboxError> {
    let failed = |error: rusqlite::Error| explain(name, &error);
    let transaction = connection
        .transaction_with_behavior(TransactionBehavior::Immediate)
        .map_err(failed)?;
    // Asked inside the transaction: another process may migrate at the same time.
    let found = number(&transaction, "user_version").map_err(failed)?;
    let known = i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX);
    if found > known {
        return Err(InboxError::new(
            name,
            ErrorKind::NewerSchema { found, known },
        ));
    }
    if found == known {
        return Ok(());
    }
    let from = usize::try_from(found).unwrap_or_default();
    for migration in MIGRATIONS.iter().skip(from) {
        transaction.execute_batch(migration).map_err(failed)?;
    }
    set(&transaction, "user_version", &known.to_string()).map_err(failed)?;
    set(&transaction, "application_id", &APPLICATION_ID.to_string()).map_err(failed)?;
    transaction.commit().map_err(failed)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A pragma that answers is an error for some calls although it is set, and the settings of a
    /// connection are those that the library was built with: so what is in force is asked for.
    #[test]
    fn what_was_set_is_in_force() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("inbox.db");
        let settings = Settings {
            max_bytes: Some(1 << 20),
            busy_timeout: std::time::Duration::from_millis(1234),
        };
        // Twice: the second time, the file is there.
        for _ in 0..2 {
            let writer = writer("sqlite", &path, settings).unwrap();
            let reader = reader("sqlite", &path, settings).unwrap();
            for (pragma, expected) in [
                ("synchronous", 2),
                ("secure_delete", 1),
                ("auto_vacuum", 2),
                ("max_page_count", (1 << 20) / 4096),
                ("busy_timeout", 1234),
                ("user_version", 1),
            ] {
                assert_eq!(number(&writer, pragma).unwrap(), expected, "{pragma}");
            }
            for (pragma, expected) in [("busy_timeout", 1234), ("query_only", 1)] {
                assert_eq!(number(&reader, pragma).unwrap(), expected, "{pragma}");
            }
            let mode: String = writer
                .pragma_query_value(None, "journal_mode", |row| row.get(0))
                .unwrap();
            assert_eq!(mode, "wal");
            let refused = reader.execute("DELETE FROM event", []);
            assert!(refused.is_err(), "the connection for reading writes");
        }
    }
}

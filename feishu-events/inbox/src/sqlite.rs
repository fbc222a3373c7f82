//! Events in a SQLite file: for one machine.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use rusqlite::Connection;

use crate::entry::{Entry, duration_millis, millis};
use crate::error::{ErrorKind, InboxError};
use crate::memory::in_work;
use crate::store::{
    BoxFuture, Depth, Held, InboxStore, KeepOutcome, LeaseId, LeaseRequest, Leases, Outcome, Query,
    Selection, State, Summary,
};

mod error;
mod numbers;
mod open;
mod read;
mod write;
mod writer;

use error::explain;
use writer::Writer;

/// Events in a SQLite file: for one machine, with any number of processes.
///
/// The file has mode 0600, is in WAL mode with `synchronous=FULL` (what was acknowledged survives a
/// loss of power), and can be read with `sqlite3`: the table is `event`. It must not be on a network
/// file system.
///
/// What is written at the same time shares one transaction, so that many events need one wait for
/// the disk.
pub struct SqliteStore {
    name: Arc<str>,
    writer: Writer,
    reader: Arc<Mutex<Connection>>,
    keeps_bodies: bool,
}

/// How a file is opened.
#[derive(Debug, Clone)]
#[must_use]
pub struct SqliteOptions {
    path: PathBuf,
    settings: open::Settings,
    keeps_bodies: bool,
}

impl SqliteOptions {
    /// The largest size of the file in bytes; above it, events are refused, and the platform sends
    /// them again. Unlimited if it is not set.
    pub fn max_bytes(mut self, bytes: u64) -> Self {
        self.settings.max_bytes = Some(bytes);
        self
    }

    /// How long a write waits while another process writes; 5 s if it is not set.
    pub fn busy_timeout(mut self, time: Duration) -> Self {
        self.settings.busy_timeout = time;
        self
    }

    /// Keeps the bodies of done events for as long as their keys (see
    /// [`InboxBuilder::keep_done`](crate::InboxBuilder::keep_done)), so that
    /// [`SqliteStore::repeat_since`] can have them handled again. Otherwise they are dropped at once,
    /// because they may contain personal data.
    pub fn keep_bodies(mut self) -> Self {
        self.keeps_bodies = true;
        self
    }

    /// Opens the file, creates it if it is not there, and brings its tables up to date.
    ///
    /// # Errors
    /// A file that cannot be opened or written, is not an inbox, or was written by a newer version.
    pub fn open(self) -> Result<SqliteStore, InboxError> {
        let Self {
            path,
            settings,
            keeps_bodies,
        } = self;
        let name = format!("sqlite {}", path.display());
        let connection = open::writer(&name, &path, settings)?;
        let reader = open::reader(&name, &path, settings)?;
        Ok(SqliteStore {
            writer: Writer::start(name.clone(), connection)?,
            name: name.into(),
            reader: Arc::new(Mutex::new(reader)),
            keeps_bodies,
        })
    }
}

impl SqliteStore {
    /// Opens a file with the defaults; see [`SqliteOptions::open`].
    ///
    /// # Errors
    /// A file that cannot be opened or written, is not an inbox, or was written by a newer version.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, InboxError> {
        Self::options(path).open()
    }

    /// How to open a file.
    pub fn options(path: impl AsRef<Path>) -> SqliteOptions {
        SqliteOptions {
            path: path.as_ref().to_owned(),
            settings: open::Settings {
                max_bytes: None,
                busy_timeout: Duration::from_secs(5),
            },
            keeps_bodies: false,
        }
    }

    /// Has the events that arrived since then handled once more, in the order in which they were kept:
    /// those that are done and whose body was [kept](SqliteOptions::keep_bodies), and those that are
    /// dead or held. Returns how many; those that are not settled are not counted, and are handled as
    /// usual.
    ///
    /// Call it before the workers start, so that no later event is handled first.
    ///
    /// # Errors
    /// The file cannot be written.
    pub async fn repeat_since(&self, since: SystemTime) -> Result<u64, InboxError> {
        let since = millis(since);
        self.writer
            .write(move |connection| write::repeat_since(connection, since, now()))
            .await
    }

    /// Reads on the connection for reading, which waits for nobody who writes.
    fn read<T: Send + 'static>(
        &self,
        read: impl FnOnce(&Connection) -> Result<T, rusqlite::Error> + Send + 'static,
    ) -> BoxFuture<'_, T> {
        let reader = Arc::clone(&self.reader);
        let name = Arc::clone(&self.name);
        Box::pin(async move {
            let reading = tokio::task::spawn_blocking(move || {
                let connection = reader.lock().unwrap_or_else(PoisonError::into_inner);
                read(&connection).map_err(|error| explain(&name, &error))
            });
            match reading.await {
                Ok(result) => result,
                Err(error) => {
                    Err(InboxError::new(&*self.name, ErrorKind::Other).because(error.to_string()))
                }
            }
        })
    }
}

fn now() -> i64 {
    millis(SystemTime::now())
}

impl InboxStore for SqliteStore {
    fn name(&self) -> &str {
        &self.name
    }

    fn keep(&self, entry: Entry) -> BoxFuture<'_, KeepOutcome> {
        Box::pin(
            self.writer
                .write(move |connection| write::keep(connection, &entry, now())),
        )
    }

    fn lease(&self, request: LeaseRequest) -> BoxFuture<'_, Leases> {
        Box::pin(
            self.writer
                .write(move |connection| write::lease(connection, &request, now())),
        )
    }

    fn begin(&self, lease: LeaseId, time: Duration) -> BoxFuture<'_, Held> {
        let time = duration_millis(time);
        Box::pin(
            self.writer
                .write(move |connection| write::begin(connection, lease, now() + time)),
        )
    }

    fn extend(&self, lease: LeaseId, time: Duration) -> BoxFuture<'_, Held> {
        let time = duration_millis(time);
        Box::pin(
            self.writer
                .write(move |connection| write::extend(connection, lease, now() + time)),
        )
    }

    fn settle(&self, lease: LeaseId, outcome: Outcome) -> BoxFuture<'_, Held> {
        let keeps_body = self.keeps_bodies;
        Box::pin(
            self.writer.write(move |connection| {
                write::settle(connection, lease, &outcome, keeps_body, now())
            }),
        )
    }

    fn list(&self, query: Query) -> BoxFuture<'_, Vec<Summary>> {
        self.read(move |connection| read::list(connection, &query))
    }

    fn body(&self, id: u64) -> BoxFuture<'_, Option<Vec<u8>>> {
        self.read(move |connection| read::body(connection, id))
    }

    fn redrive(&self, selection: Selection) -> BoxFuture<'_, u64> {
        Box::pin(
            self.writer
                .write(move |connection| write::redrive(connection, &selection, now())),
        )
    }

    fn purge(&self, state: State, selection: Selection) -> BoxFuture<'_, u64> {
        Box::pin(async move {
            if !state.is_at_rest() {
                let why = ErrorKind::Invalid(in_work(state));
                return Err(InboxError::new(&*self.name, why));
            }
            self.writer
                .write(move |connection| write::purge(connection, state, &selection))
                .await
        })
    }

    fn forget(&self, done_for: Duration, dead_for: Duration, limit: usize) -> BoxFuture<'_, u64> {
        let (done_for, dead_for) = (duration_millis(done_for), duration_millis(dead_for));
        Box::pin(self.writer.write(move |connection| {
            let now = now();
            write::forget(connection, now - done_for, now - dead_for, limit)
        }))
    }

    fn depth(&self) -> BoxFuture<'_, Depth> {
        self.read(|connection| read::depth(connection, now()))
    }
}

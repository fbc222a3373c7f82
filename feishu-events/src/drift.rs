//! Counts how events that arrive differ from their documentation, without keeping values.

mod book;
mod file;
mod parse;
mod place;
mod presence;

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use crate::catalog::event_type::EventType;
use crate::json::record::Record;
use crate::json::report::{Met, ReportKind};
use book::Book;

/// Absent fields are looked for in this many first events of each type.
const FIRST_SAMPLED: u64 = 64;

/// After those, they are looked for in one of this many events.
const SAMPLED_ONE_OF: u64 = 256;

/// Counts how the events that arrive differ from their documentation.
///
/// For each event type and place it counts what differs: a field that is not documented, a value of
/// another type, a value that is not listed. It also counts how often fields that need a scope of
/// their own were absent. `cargo xtask learn` in this project's repository turns the counts into
/// proposals for the schemas: see [the guide](crate::guide::drift).
///
/// Pass it to [`Dispatcher::drift`](crate::Dispatcher::drift), and write it to a file from time to
/// time. Clones share their counts.
///
/// ```
/// use feishu_events::{Dispatcher, Drift, contact, dispatcher, feishu_handler};
///
/// #[feishu_handler("contact.department.updated_v3")]
/// fn on_updated(event: &contact::DepartmentUpdatedV3) {}
///
/// # let folder = std::env::temp_dir().join(format!("drift-example-{}", std::process::id()));
/// # std::fs::create_dir_all(&folder)?;
/// # let file = folder.join("drift.json");
/// let drift = Drift::continuing(&file)?; // adds to what an earlier process wrote
/// let dispatcher: Dispatcher = dispatcher![on_updated];
/// let dispatcher = dispatcher.drift(&drift);
/// // … each hour, and at the end:
/// drift.write(&file)?;
/// # let written = std::fs::read_to_string(&file)?;
/// # assert!(written.contains("\"version\": 1"), "{written}");
/// # std::fs::remove_dir_all(&folder)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # What is counted
///
/// An event counts when its payload is read into a type of this crate: for a handler that takes the
/// payload or an [`Event`](crate::Event). A handler that takes only the header or a
/// [`RawEvent`](crate::RawEvent), and one with a type of its own (`payload = …`), has nothing to
/// compare. An event that is sent again counts again. `count` of a difference is the number of events
/// that have it, even if one has it several times.
///
/// Fields with a scope of their own are looked for in the first 64 events of each type, then in one of
/// 256, which costs almost nothing; `looked_at` is the number of events. A field is not looked for if
/// the object or list that contains it is absent.
///
/// # The file
///
/// ```json
/// {
///   "format": "feishu-events drift",
///   "version": 1,
///   "events": {
///     "contact.department.updated_v3": {
///       "count": 130,
///       "differences": [
///         { "path": "/object/order", "kind": "converted", "documented": "int", "came_as": "string",
///           "count": 12, "first": 1767225600000, "last": 1769904000000 },
///         { "path": "/object/colour", "kind": "undocumented", "came_as": "string",
///           "count": 130, "first": 1767225600000, "last": 1769904000000 },
///         { "path": "/object/status_kind", "kind": "unlisted", "documented": "string",
///           "came_as": "string", "count": 41, "first": 1767225600000, "last": 1769904000000,
///           "words": { "on_hold": 40 } }
///       ],
///       "absent": [
///         { "path": "/object/name", "looked_at": 64, "absent": 64 }
///       ]
///     }
///   },
///   "left_out": { "events": 0, "places": 0, "names": 0, "words": 0 }
/// }
/// ```
///
/// | member | what it is |
/// | --- | --- |
/// | `path` | a JSON pointer into the payload, with `-` for the items of a list and `*` for the keys of a map |
/// | `kind` | `undocumented`, `converted` (another type, read without loss), `unreadable` (another type, left out), `replaced` (see [`ReportKind`](crate::ReportKind)), `unlisted` |
/// | `documented`, `came_as` | `string`, `int`, `float`, `boolean`, `object`, `list`, `null`, lists of one kind as `string[]`; `user_id` for an object of `open_id`, `union_id`, `user_id` |
/// | `first`, `last` | when it was first and last seen, in milliseconds since 1970 |
/// | `words` | values that are not listed: of `a` to `z` and `_`, at most 32 characters, seen at least 20 times |
/// | `left_out` | how much was not kept, because it exceeded a limit below or its name may be data |
///
/// # What is never in the file
///
/// Values other than such words, or parts of them; headers; ids of events, tenants and apps. A name
/// that is not documented is written only if it looks like the name of a field: at most 64 characters,
/// beginning with a letter, with at most three digits; what is inside such a field is ignored. If one
/// object has more than 16 such names, they are taken for data and replaced by one `*`; the member
/// `data` of the event lists such objects.
///
/// # Memory
///
/// Bounded, whatever arrives: 512 event types, 256 differences in each and 4,096 in all, 32 words in
/// each difference, paths of at most 256 bytes.
#[derive(Clone)]
#[cfg_attr(docsrs, doc(cfg(feature = "drift")))]
pub struct Drift(Arc<Shared>);

struct Shared {
    /// How many events of each type arrived since this was created.
    came: Box<[AtomicU64]>,
    book: Mutex<Book>,
}

impl Drift {
    /// Counts from zero.
    pub fn new() -> Self {
        Self::with(Book::default())
    }

    /// Continues the counts in the file at `path`, or starts from zero if the file does not exist.
    ///
    /// Words seen fewer than 20 times are not in the file, so their counts start from zero. Give each
    /// process a file of its own: if two write the same file, the last one wins. `cargo xtask learn`
    /// reads any number of files.
    ///
    /// # Errors
    /// A file that cannot be read, or is not of this format and version.
    pub fn continuing(path: impl AsRef<Path>) -> Result<Self, DriftError> {
        let text = file::read(path.as_ref())?;
        let book = text.map_or_else(|| Ok(Book::default()), |text| parse::book(&text));
        let book = book.map_err(|problem| DriftError::Format {
            path: path.as_ref().to_owned(),
            problem,
        })?;
        Ok(Self::with(book))
    }

    fn with(book: Book) -> Self {
        let came = EventType::ALL.iter().map(|_| AtomicU64::new(0));
        Self(Arc::new(Shared {
            came: came.collect(),
            book: Mutex::new(book),
        }))
    }

    /// Writes all counts to the file at `path`, atomically: a reader sees either the former file or
    /// the new one.
    ///
    /// It blocks for as long as writing a small file takes.
    ///
    /// # Errors
    /// A file or a folder that cannot be written.
    pub fn write(&self, path: impl AsRef<Path>) -> Result<(), DriftError> {
        file::write(path.as_ref(), &self.to_json())
    }

    /// All counts as JSON, as [`write`](Self::write) writes them.
    pub fn to_json(&self) -> String {
        let mut book = self.book().clone();
        for (event_type, came) in EventType::ALL.iter().zip(&self.0.came) {
            book.came(event_type.as_str(), came.load(Ordering::Relaxed));
        }
        file::to_json(&book)
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        // The counts are consistent after each step, so a panic between two does no harm.
        self.0.book.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts an event that was read.
    pub(crate) fn saw(&self, event_type: EventType, record: &dyn Record, met: &Met) {
        let Some(came) = self.0.came.get(event_type as usize) else {
            return;
        };
        let before = came.fetch_add(1, Ordering::Relaxed);
        let is_looked_at = before < FIRST_SAMPLED || before.is_multiple_of(SAMPLED_ONE_OF);
        if is_looked_at || !met.reports.is_empty() || !met.unlisted.is_empty() {
            self.look(event_type, record, met, is_looked_at);
        }
    }

    #[cold]
    fn look(&self, event_type: EventType, record: &dyn Record, met: &Met, is_looked_at: bool) {
        let found = place::differences(event_type, met);
        let is_left_out = |kind| matches!(kind, ReportKind::Unreadable { .. });
        // A field that could not be read is not absent.
        let is_whole = !met.reports.iter().any(|report| is_left_out(report.kind));
        let fields = if is_looked_at && is_whole {
            presence::of_fields(event_type, record)
        } else {
            Vec::new()
        };
        if found.is_empty() && fields.is_empty() {
            return;
        }
        let now = SystemTime::now().duration_since(UNIX_EPOCH);
        let now = now.map_or(0, |since| {
            u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
        });
        let mut book = self.book();
        book.add(event_type.as_str(), found, fields, now);
    }
}

impl Default for Drift {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Drift {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Drift").finish_non_exhaustive()
    }
}

/// Why a file of a [`Drift`] cannot be read or written.
#[derive(Debug)]
#[non_exhaustive]
#[cfg_attr(docsrs, doc(cfg(feature = "drift")))]
pub enum DriftError {
    /// The file or its folder cannot be read or written.
    #[non_exhaustive]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The file is not one that [`Drift::write`] wrote, or is of another version.
    #[non_exhaustive]
    Format {
        /// The file.
        path: PathBuf,
        /// The problem, with the JSON pointer of the member that has it.
        problem: String,
    },
}

impl fmt::Display for DriftError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io { path, .. } => {
                write!(f, "cannot read or write `{}`", path.display())
            }
            Self::Format { path, problem } => write!(f, "`{}`: {problem}", path.display()),
        }
    }
}

impl std::error::Error for DriftError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Io { source, .. } => Some(source),
            Self::Format { .. } => None,
        }
    }
}

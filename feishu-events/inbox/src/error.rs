//! Why a store could not do what it was asked.

use std::error::Error as StdError;
use std::fmt;

/// Why an operation of a store failed. It names the store and what to do.
#[derive(Debug)]
pub struct InboxError {
    store: String,
    kind: ErrorKind,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

/// What kind of failure an [`InboxError`] is.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The store cannot be reached, or the connection broke.
    Unreachable,
    /// The store did not answer in time.
    TimedOut,
    /// User, password or permissions are wrong.
    AccessDenied,
    /// The disk or the memory of the store is full.
    Full,
    /// The store can be read, but not written.
    ReadOnly,
    /// The tables were written by a newer version of this crate.
    NewerSchema {
        /// The version found.
        found: i64,
        /// The newest version this program knows.
        known: i64,
    },
    /// The place of the store contains something else.
    NotAnInbox,
    /// The store contains something that cannot be read.
    Corrupt,
    /// Another worker has taken over the event, so this one must have no effect.
    LeaseLost,
    /// An id or a setting is invalid.
    Invalid(String),
    /// Any other failure of the store.
    Other,
}

impl InboxError {
    /// A failure of `store`, which is named without its password.
    pub fn new(store: impl Into<String>, kind: ErrorKind) -> Self {
        Self {
            store: store.into(),
            kind,
            source: None,
        }
    }

    /// The same with its cause.
    #[must_use]
    pub fn because(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// What kind of failure it is.
    pub fn kind(&self) -> &ErrorKind {
        &self.kind
    }

    /// The store that failed, without its password.
    pub fn store(&self) -> &str {
        &self.store
    }
}

impl fmt::Display for InboxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "inbox {}: ", self.store)?;
        match &self.kind {
            ErrorKind::Unreachable => f.write_str("cannot be reached: is the server running?")?,
            ErrorKind::TimedOut => f.write_str("did not answer in time: is it overloaded?")?,
            ErrorKind::AccessDenied => {
                f.write_str("access denied: check user, password and permissions")?;
            }
            ErrorKind::Full => f.write_str(
                "full: free space, or purge dead and done events with `feishu-inbox purge`",
            )?,
            ErrorKind::ReadOnly => {
                f.write_str("read-only: make the file and its folder, or the server, writable")?;
            }
            ErrorKind::NewerSchema { found, known } => write!(
                f,
                "has schema version {found}, and this program knows versions up to {known}: \
                 update feishu-events-inbox"
            )?,
            ErrorKind::NotAnInbox => f.write_str(
                "contains something else: choose another file, prefix or schema for the inbox",
            )?,
            ErrorKind::Corrupt => f.write_str("contains data that cannot be read")?,
            ErrorKind::LeaseLost => f.write_str(
                "the lease ran out and another worker has the event: roll the transaction back",
            )?,
            ErrorKind::Invalid(what) => f.write_str(what)?,
            ErrorKind::Other => f.write_str("failed")?,
        }
        match &self.source {
            Some(source) => write!(f, " ({source})"),
            None => Ok(()),
        }
    }
}

impl StdError for InboxError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}

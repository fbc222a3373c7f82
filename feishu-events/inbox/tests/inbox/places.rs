//! Empty stores of each kind, which several can open.

use std::sync::Arc;

use feishu_events_inbox::{InboxStore, MemoryStore};

/// Where a store is. Each test has its own: a file, or a prefix or schema of a shared server.
pub(crate) enum Place {
    Memory(Arc<MemoryStore>),
    #[cfg(feature = "sqlite")]
    Sqlite(tempfile::TempDir),
    #[cfg(feature = "redis")]
    Redis(Arc<crate::servers::redis::Redis>, String),
    #[cfg(feature = "postgres")]
    Postgres(Arc<crate::servers::postgres::Postgres>, String),
}

/// A prefix or schema of its own for each test.
#[cfg(any(feature = "redis", feature = "postgres"))]
fn own_name() -> String {
    use std::sync::atomic::{AtomicUsize, Ordering};
    static NUMBER: AtomicUsize = AtomicUsize::new(0);
    format!("inbox_{}", NUMBER.fetch_add(1, Ordering::SeqCst))
}

#[allow(clippy::unnecessary_wraps, reason = "a server may not be installed")]
impl Place {
    pub(crate) async fn memory() -> Option<Self> {
        Some(Self::Memory(Arc::default()))
    }

    #[cfg(feature = "sqlite")]
    pub(crate) async fn sqlite() -> Option<Self> {
        Some(Self::Sqlite(tempfile::tempdir().unwrap()))
    }

    #[cfg(feature = "redis")]
    pub(crate) async fn redis() -> Option<Self> {
        let server = crate::servers::redis::shared().await?;
        Some(Self::Redis(server, own_name()))
    }

    #[cfg(feature = "postgres")]
    pub(crate) async fn postgres() -> Option<Self> {
        let server = crate::servers::postgres::shared().await?;
        Some(Self::Postgres(server, own_name()))
    }

    /// Opens the store once more, as another process does.
    pub(crate) async fn open(&self) -> Arc<dyn InboxStore> {
        match self {
            Self::Memory(store) => Arc::clone(store) as _,
            #[cfg(feature = "sqlite")]
            Self::Sqlite(folder) => {
                let path = folder.path().join("inbox.db");
                Arc::new(feishu_events_inbox::SqliteStore::open(path).unwrap())
            }
            #[cfg(feature = "redis")]
            Self::Redis(server, prefix) => {
                let url = server.url();
                let store = feishu_events_inbox::RedisStore::connect_with_prefix(&url, prefix);
                Arc::new(store.await.unwrap())
            }
            #[cfg(feature = "postgres")]
            Self::Postgres(server, schema) => {
                let url = server.url();
                let store = feishu_events_inbox::PostgresStore::connect_with_schema(&url, schema);
                Arc::new(store.await.unwrap())
            }
        }
    }

    /// The store as the operator's command names it.
    #[cfg(feature = "cli")]
    pub(crate) fn url(&self) -> String {
        match self {
            Self::Memory(_) => panic!("only this process sees it"),
            #[cfg(feature = "sqlite")]
            Self::Sqlite(folder) => format!("sqlite:{}", folder.path().join("inbox.db").display()),
            #[cfg(feature = "redis")]
            Self::Redis(server, prefix) => format!("{}#{prefix}", server.url()),
            #[cfg(feature = "postgres")]
            Self::Postgres(server, schema) => format!("{}#{schema}", server.url()),
        }
    }
}

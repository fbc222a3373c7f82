//! From a URL to a store.

use std::sync::Arc;

use feishu_events_inbox::InboxStore;

use super::Error;

/// Opens the store that a URL names.
#[allow(unused_variables, reason = "not every store uses all parts of the URL")]
pub(crate) async fn open(url: &str) -> Result<Arc<dyn InboxStore>, Error> {
    let (url, part) = match url.split_once('#') {
        Some((url, part)) => (url, Some(part)),
        None => (url, None),
    };
    let (scheme, rest) = url
        .split_once(':')
        .ok_or("the store is given as `sqlite:inbox.db`, `redis://…` or `postgres://…`")?;
    match scheme {
        #[cfg(any(feature = "sqlite", feature = "sqlite-system"))]
        "sqlite" => {
            // Looking at a file must not create one.
            if !std::path::Path::new(rest).exists() {
                return Err(format!("there is no file {rest}").into());
            }
            Ok(Arc::new(feishu_events_inbox::SqliteStore::open(rest)?))
        }
        #[cfg(feature = "redis")]
        "redis" | "rediss" => {
            let prefix = part.unwrap_or("feishu-inbox");
            let store = feishu_events_inbox::RedisStore::connect_with_prefix(url, prefix).await?;
            Ok(Arc::new(store))
        }
        #[cfg(feature = "postgres")]
        "postgres" | "postgresql" => {
            let part = part.unwrap_or("feishu_inbox");
            let store = feishu_events_inbox::PostgresStore::connect_with_schema(url, part).await?;
            Ok(Arc::new(store))
        }
        other => Err(format!("this command was built without a store for `{other}:`").into()),
    }
}

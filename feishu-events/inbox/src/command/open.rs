//! From a URL to a store.

use std::sync::Arc;

use super::Error;
use crate::store::InboxStore;

/// Opens the store that a URL names.
#[allow(unused_variables, reason = "not every store uses all parts of the URL")]
#[allow(clippy::unused_async, reason = "not every store connects")]
pub(crate) async fn open(url: &str) -> Result<Arc<dyn InboxStore>, Error> {
    let (url, part) = match url.split_once('#') {
        Some((url, part)) => (url, Some(part)),
        None => (url, None),
    };
    // What has no scheme is a file; one letter is a drive.
    let (scheme, rest) = url
        .split_once(':')
        .filter(|(scheme, _)| scheme.len() > 1)
        .unwrap_or(("sqlite", url));
    match scheme {
        #[cfg(any(feature = "sqlite", feature = "sqlite-system"))]
        "sqlite" => {
            // Looking at a file must not create one.
            if !std::path::Path::new(rest).exists() {
                return Err(format!("there is no file {rest}").into());
            }
            Ok(Arc::new(crate::SqliteStore::open(rest)?))
        }
        #[cfg(feature = "redis")]
        "redis" | "rediss" => {
            let prefix = part.unwrap_or("feishu-inbox");
            let store = crate::RedisStore::connect_with_prefix(url, prefix).await?;
            Ok(Arc::new(store))
        }
        #[cfg(feature = "postgres")]
        "postgres" | "postgresql" => {
            let part = part.unwrap_or("feishu_inbox");
            let store = crate::PostgresStore::connect_with_schema(url, part).await?;
            Ok(Arc::new(store))
        }
        other => Err(format!("this command was built without a store for `{other}:`").into()),
    }
}

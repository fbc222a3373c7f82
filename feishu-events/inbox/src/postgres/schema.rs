//! The tables and their version.

use deadpool_postgres::Client;

use super::error::explain;
use crate::error::{ErrorKind, InboxError};

/// From each version of the tables to the next; `{schema}` stands for the schema.
const MIGRATIONS: [&str; 1] = [r#"
CREATE TABLE "{schema}".event (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    key text UNIQUE,
    event_type text NOT NULL,
    event_id text,
    app_id text,
    tenant_key text,
    order_key text,
    transport text NOT NULL,
    received_at bigint NOT NULL,               -- milliseconds since 1970, as "at"
    body bytea,                                -- NULL once it is done
    state smallint NOT NULL DEFAULT 0,         -- 0 waiting, 1 leased, 2 begun, 3 done, 4 dead, 5 held
    fence bigint NOT NULL DEFAULT 0,
    attempts integer NOT NULL DEFAULT 0,
    last_attempt smallint NOT NULL DEFAULT 0,  -- 0 none, 1 failed, 2 interrupted
    at bigint NOT NULL,                        -- when it is due, its lease ends, or it was settled
    worker text,
    reason text
);
CREATE INDEX event_unsettled ON "{schema}".event (id) WHERE state < 3;
CREATE INDEX event_order ON "{schema}".event (order_key, id) WHERE state < 3;
CREATE INDEX event_running ON "{schema}".event (order_key) WHERE state IN (1, 2);
CREATE INDEX event_settled ON "{schema}".event (at) WHERE state IN (3, 4);
"#];

/// Refuses a name that is not plain: it stands in statements.
pub(super) fn check_name(name: &str, schema: &str) -> Result<(), InboxError> {
    let plain =
        |character: char| character.is_ascii_lowercase() || "_0123456789".contains(character);
    let begins = schema.starts_with(|first: char| first.is_ascii_lowercase() || first == '_');
    if begins && schema.len() <= 63 && schema.chars().all(plain) {
        return Ok(());
    }
    let what = format!("the schema `{schema}` is invalid: use lower-case letters, digits and `_`");
    Err(InboxError::new(name, ErrorKind::Invalid(what)))
}

/// Creates the tables, or brings them up to date.
pub(super) async fn migrate(
    name: &str,
    client: &mut Client,
    schema: &str,
) -> Result<(), InboxError> {
    let failed = |error: tokio_postgres::Error| explain(name, &error);
    let transaction = client.transaction().await.map_err(failed)?;
    // Another process may migrate at the same time.
    let lock =
        format!("SELECT pg_advisory_xact_lock(hashtextextended('feishu inbox {schema}', 1))");
    transaction.batch_execute(&lock).await.map_err(failed)?;
    // Asked first, so that a user without the right to create schemas can use one that exists.
    let exists = "SELECT to_regnamespace($1) IS NOT NULL, to_regclass($2) IS NOT NULL,
        to_regclass($3) IS NOT NULL";
    let quoted = format!("\"{schema}\"");
    let tables = ["inbox_version", "event"].map(|table| format!("{quoted}.{table}"));
    let row = transaction
        .query_one(exists, &[&quoted, &tables[0], &tables[1]])
        .await
        .map_err(failed)?;
    let (has_schema, has_version, has_event): (bool, bool, bool) =
        (row.get(0), row.get(1), row.get(2));
    if has_event && !has_version {
        let why = "its table `event` is another program's";
        return Err(InboxError::new(name, ErrorKind::NotAnInbox).because(why));
    }
    if !has_schema {
        let create = format!("CREATE SCHEMA {quoted}");
        transaction.batch_execute(&create).await.map_err(failed)?;
    }
    let version = format!("{quoted}.inbox_version");
    if !has_version {
        let create = format!(
            "CREATE TABLE {version} (version bigint NOT NULL); INSERT INTO {version} VALUES (0)"
        );
        transaction.batch_execute(&create).await.map_err(failed)?;
    }
    let found: i64 = transaction
        .query_one(&format!("SELECT max(version) FROM {version}"), &[])
        .await
        .map_err(failed)?
        .try_get(0)
        .map_err(failed)?;
    let known = i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX);
    if found > known {
        return Err(InboxError::new(
            name,
            ErrorKind::NewerSchema { found, known },
        ));
    }
    for migration in MIGRATIONS
        .iter()
        .skip(usize::try_from(found).unwrap_or_default())
    {
        let migration = migration.replace("{schema}", schema);
        transaction
            .batch_execute(&migration)
            .await
            .map_err(failed)?;
    }
    if found < known {
        let update = format!("UPDATE {version} SET version = {known}");
        transaction.batch_execute(&update).await.map_err(failed)?;
    }
    transaction.commit().await.map_err(failed)
}

//! Events in PostgreSQL: for several machines, and settled in the transaction of a handler.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use deadpool_postgres::{Client, Manager, ManagerConfig, Pool, RecyclingMethod, Runtime};
use tokio_postgres::types::ToSql;
use tokio_postgres::{Config, NoTls, Row};

use crate::entry::{Entry, duration_millis, millis, transport_name};
use crate::error::{ErrorKind, InboxError};
use crate::memory::in_work;
use crate::store::{
    BoxFuture, Depth, Held, InboxStore, Interrupted, KeepOutcome, LeaseId, LeaseRequest, Leases,
    Outcome, Query, Selection, State, Summary,
};

mod error;
mod rows;
mod schema;
mod sql;
mod transaction;

use error::{broken, explain};
use rows::{depth_of, held_of, id_of, lease_of, number, state_number, state_of, summary, text};
use sql::Sql;

/// How many connections an inbox uses, if it makes them itself.
const CONNECTIONS: usize = 8;

/// Events in PostgreSQL 12 or newer: for any number of machines.
///
/// The tables are in a schema of their own, `feishu_inbox`; they are created and brought up to date
/// when the store is opened. All clones are one store.
///
/// A handler can settle its event in the transaction that writes its own data, which is the only way
/// to an effect that happens exactly once: [`settle_in`](Self::settle_in).
#[derive(Clone)]
pub struct PostgresStore {
    name: Arc<str>,
    pool: Pool,
    sql: Arc<Sql>,
}

impl PostgresStore {
    /// Connects to the database at this URL (`postgres://user:password@host:5432/database`) without
    /// TLS, with tables in the schema `feishu_inbox`; for TLS, see [`with_pool`](Self::with_pool).
    ///
    /// # Errors
    /// A server that cannot be reached or refuses, or that holds a newer version's tables.
    pub async fn connect(url: &str) -> Result<Self, InboxError> {
        Self::connect_with_schema(url, "feishu_inbox").await
    }

    /// Connects with tables in another schema: for several inboxes in one database.
    ///
    /// # Errors
    /// A server that cannot be reached or refuses, or that holds a newer version's tables.
    pub async fn connect_with_schema(url: &str, schema: &str) -> Result<Self, InboxError> {
        // Not the URL, and not the error's words about it: it may hold a password.
        let config: Config = url.parse().map_err(|_| {
            let what = "the URL is invalid: it is postgres://user:password@host:5432/database";
            InboxError::new("postgres", ErrorKind::Invalid(what.to_owned()))
        })?;
        let name = name_of(&config, schema);
        let recycling = ManagerConfig {
            recycling_method: RecyclingMethod::Fast,
        };
        let manager = Manager::from_config(config, NoTls, recycling);
        // How long a request may take in all is the inbox's to say.
        let limit = Some(Duration::from_secs(10));
        let pool = Pool::builder(manager)
            .max_size(CONNECTIONS)
            .runtime(Runtime::Tokio1)
            .wait_timeout(limit)
            .create_timeout(limit)
            .build()
            .map_err(|error| InboxError::new(&name, ErrorKind::Other).because(error))?;
        Self::open(name, pool, schema).await
    }

    /// Uses connections that the program has: with TLS, or shared with its other work.
    ///
    /// # Errors
    /// A server that cannot be reached or refuses, or that holds a newer version's tables.
    pub async fn with_pool(pool: Pool, schema: &str) -> Result<Self, InboxError> {
        Self::open(format!("postgres schema {schema}"), pool, schema).await
    }

    async fn open(name: String, pool: Pool, schema: &str) -> Result<Self, InboxError> {
        schema::check_name(&name, schema)?;
        let store = Self {
            name: name.into(),
            pool,
            sql: Arc::new(Sql::new(schema)),
        };
        let mut client = store.client().await?;
        schema::migrate(&store.name, &mut client, schema).await?;
        Ok(store)
    }

    async fn client(&self) -> Result<Client, InboxError> {
        let client = self.pool.get().await;
        client.map_err(|error| error::explain_pool(&self.name, error))
    }

    async fn rows(
        &self,
        sql: &str,
        params: &[&(dyn ToSql + Sync)],
    ) -> Result<Vec<Row>, InboxError> {
        let client = self.client().await?;
        let rows = async {
            let statement = client.prepare_cached(sql).await?;
            client.query(&statement, params).await
        };
        rows.await.map_err(|error| explain(&self.name, &error))
    }

    /// As [`rows`](Self::rows), and once more if the connection broke: for what can be done twice.
    async fn rows_again(
        &self,
        sql: &str,
        params: &[&(dyn ToSql + Sync)],
    ) -> Result<Vec<Row>, InboxError> {
        match self.rows(sql, params).await {
            Err(error) if *error.kind() == ErrorKind::Unreachable => self.rows(sql, params).await,
            result => result,
        }
    }

    async fn changed(&self, sql: &str, params: &[&(dyn ToSql + Sync)]) -> Result<u64, InboxError> {
        let client = self.client().await?;
        let changed = client.execute(sql, params).await;
        changed.map_err(|error| explain(&self.name, &error))
    }

    async fn keep_once(&self, entry: &Entry) -> Result<Option<KeepOutcome>, InboxError> {
        let key = text(entry.key.as_deref());
        let params: [&(dyn ToSql + Sync); 9] = [
            &key,
            &text(Some(&entry.event_type)),
            &text(entry.event_id.as_deref()),
            &text(entry.app_id.as_deref()),
            &text(entry.tenant_key.as_deref()),
            &text(entry.order_key.as_deref()),
            &transport_name(entry.transport),
            &millis(entry.received_at),
            &entry.body,
        ];
        // Without a key, it could be kept twice.
        let kept = match key {
            Some(_) => self.rows_again(&self.sql.keep, &params).await?,
            None => self.rows(&self.sql.keep, &params).await?,
        };
        if let Some(row) = kept.first() {
            let id = row.try_get(0).map_err(|error| broken(&self.name, &error))?;
            return Ok(Some(KeepOutcome::New(id_of(id))));
        }
        let known = self.rows_again(&self.sql.known, &[&key]).await?;
        let state = known.first().map(|row| row.try_get(0));
        let state = state
            .transpose()
            .map_err(|error| broken(&self.name, &error))?;
        Ok(state.map(|state| KeepOutcome::Known(state_of(state))))
    }

    async fn lease_now(&self, request: LeaseRequest) -> Result<Leases, InboxError> {
        let failed = |error: tokio_postgres::Error| explain(&self.name, &error);
        let sql = &self.sql;
        let mut found = Leases::default();
        let mut client = self.client().await?;
        let transaction = client.transaction().await.map_err(failed)?;
        // Leases are given out one after the other, or two could see a key's order differently.
        let lock = transaction
            .prepare_cached(&sql.lock)
            .await
            .map_err(failed)?;
        transaction.query(&lock, &[]).await.map_err(failed)?;
        let most = i32::try_from(request.max_attempts).unwrap_or(i32::MAX);
        for (state, wanted) in [
            (State::Dead, true),
            (State::Held, request.interrupted == Interrupted::Hold),
        ] {
            if !wanted {
                continue;
            }
            let from = if state == State::Dead { most } else { 0 };
            let give_up = transaction
                .prepare_cached(&sql.give_up)
                .await
                .map_err(failed)?;
            let rows = transaction
                .query(&give_up, &[&state_number(state), &from])
                .await
                .map_err(failed)?;
            match state {
                State::Dead => {
                    let dead = rows.iter().map(|row| summary(&self.name, row));
                    found.dead = dead.collect::<Result<_, _>>()?;
                }
                _ => found.held = rows.len() as u64,
            }
        }
        let take = transaction
            .prepare_cached(&sql.lease)
            .await
            .map_err(failed)?;
        let limit = i64::try_from(request.limit).unwrap_or(i64::MAX);
        let rows = transaction
            .query(
                &take,
                &[&limit, &duration_millis(request.time), &request.worker],
            )
            .await
            .map_err(failed)?;
        transaction.commit().await.map_err(failed)?;
        let leases = rows.iter().map(|row| lease_of(&self.name, row));
        found.leases = leases.collect::<Result<_, _>>()?;
        found.leases.sort_by_key(|lease| lease.lease.id);
        Ok(found)
    }

    /// Changes an event under a lease, once the transaction that has it locked is done.
    async fn under(
        &self,
        sql: &str,
        lease: LeaseId,
        params: &[&(dyn ToSql + Sync)],
    ) -> Result<Held, InboxError> {
        loop {
            let rows = self.rows_again(sql, params).await?;
            if let Some(held) = held_of(&self.name, &rows, lease)? {
                return Ok(held);
            }
        }
    }

    async fn select(
        &self,
        sql: &(dyn Fn(&str) -> String + Sync),
        selection: &Selection,
    ) -> Result<u64, InboxError> {
        match selection {
            Selection::All => self.changed(&sql("true"), &[]).await,
            Selection::Ids(ids) => {
                let ids: Vec<i64> = ids.iter().map(|id| number(*id)).collect();
                self.changed(&sql("id = ANY ($1)"), &[&ids]).await
            }
            Selection::Received(from, to) => {
                let sql = sql("received_at >= $1 AND received_at < $2");
                self.changed(&sql, &[&millis(*from), &millis(*to)]).await
            }
        }
    }
}

/// The server, the database and the schema, without user and password.
fn name_of(config: &Config, schema: &str) -> String {
    use tokio_postgres::config::Host;

    let host = match config.get_hosts().first() {
        Some(Host::Tcp(host)) => host.clone(),
        #[cfg(unix)]
        Some(Host::Unix(path)) => path.display().to_string(),
        None => "localhost".to_owned(),
    };
    let port = config.get_ports().first().copied().unwrap_or(5432);
    let database = config.get_dbname().unwrap_or_default();
    format!("postgres {host}:{port}/{database} schema {schema}")
}

impl InboxStore for PostgresStore {
    fn name(&self) -> &str {
        &self.name
    }

    fn keep(&self, entry: Entry) -> BoxFuture<'_, KeepOutcome> {
        Box::pin(async move {
            // Known and then gone: it was forgotten in between, and is new.
            for _ in 0..3 {
                if let Some(outcome) = self.keep_once(&entry).await? {
                    return Ok(outcome);
                }
            }
            Err(InboxError::new(&*self.name, ErrorKind::Other).because("its key comes and goes"))
        })
    }

    fn lease(&self, request: LeaseRequest) -> BoxFuture<'_, Leases> {
        Box::pin(self.lease_now(request))
    }

    fn begin(&self, lease: LeaseId, time: Duration) -> BoxFuture<'_, Held> {
        Box::pin(async move {
            let (id, fence) = (number(lease.id), number(lease.fence));
            let params: [&(dyn ToSql + Sync); 3] = [&id, &fence, &duration_millis(time)];
            self.under(&self.sql.begin, lease, &params).await
        })
    }

    fn extend(&self, lease: LeaseId, time: Duration) -> BoxFuture<'_, Held> {
        Box::pin(async move {
            let (id, fence) = (number(lease.id), number(lease.fence));
            let params: [&(dyn ToSql + Sync); 3] = [&id, &fence, &duration_millis(time)];
            let rows = self.rows_again(&self.sql.extend, &params).await?;
            // If it is locked, it is by its handler, which settles it in its own transaction.
            Ok(held_of(&self.name, &rows, lease)?.unwrap_or(Held::Yes))
        })
    }

    fn settle(&self, lease: LeaseId, outcome: Outcome) -> BoxFuture<'_, Held> {
        Box::pin(async move {
            let (state, pause, reason, failed) = match &outcome {
                Outcome::Done => (State::Done, Duration::ZERO, None, false),
                Outcome::Again(pause, reason) => (State::Waiting, *pause, Some(reason), true),
                Outcome::Dead(reason) => (State::Dead, Duration::ZERO, Some(reason), true),
                Outcome::Return => (State::Waiting, Duration::ZERO, None, false),
            };
            let reason = text(reason.map(String::as_str));
            let params: [&(dyn ToSql + Sync); 6] = [
                &number(lease.id),
                &number(lease.fence),
                &duration_millis(pause),
                &state_number(state),
                &reason,
                &failed,
            ];
            self.under(&self.sql.settle, lease, &params).await
        })
    }

    fn list(&self, query: Query) -> BoxFuture<'_, Vec<Summary>> {
        Box::pin(async move {
            let wanted = State::ALL.into_iter().filter(|state| query.wants(*state));
            let states: Vec<i16> = wanted.map(state_number).collect();
            let limit = i64::try_from(query.limit).unwrap_or(i64::MAX);
            let (after, id) = (number(query.after), query.id.map(number));
            let params: [&(dyn ToSql + Sync); 4] = [&states, &after, &id, &limit];
            let rows = self.rows_again(&self.sql.list, &params).await?;
            rows.iter().map(|row| summary(&self.name, row)).collect()
        })
    }

    fn body(&self, id: u64) -> BoxFuture<'_, Option<Vec<u8>>> {
        Box::pin(async move {
            let rows = self.rows_again(&self.sql.body, &[&number(id)]).await?;
            let body = rows.first().map(|row| row.try_get(0)).transpose();
            Ok(body.map_err(|error| broken(&self.name, &error))?.flatten())
        })
    }

    fn redrive(&self, selection: Selection) -> BoxFuture<'_, u64> {
        Box::pin(async move {
            let sql = |which: &str| self.sql.redrive(which);
            self.select(&sql, &selection).await
        })
    }

    fn purge(&self, state: State, selection: Selection) -> BoxFuture<'_, u64> {
        Box::pin(async move {
            if !state.is_at_rest() {
                let why = ErrorKind::Invalid(in_work(state));
                return Err(InboxError::new(&*self.name, why));
            }
            let sql = |which: &str| self.sql.purge(state_number(state), which);
            self.select(&sql, &selection).await
        })
    }

    fn forget(&self, done_for: Duration, dead_for: Duration, limit: usize) -> BoxFuture<'_, u64> {
        Box::pin(async move {
            let limit = i64::try_from(limit).unwrap_or(i64::MAX);
            let (done, dead) = (duration_millis(done_for), duration_millis(dead_for));
            self.changed(&self.sql.forget, &[&done, &dead, &limit])
                .await
        })
    }

    fn depth(&self) -> BoxFuture<'_, Depth> {
        Box::pin(async move {
            let rows = self.rows_again(&self.sql.depth, &[]).await?;
            depth_of(&self.name, &rows)
        })
    }
}

impl fmt::Debug for PostgresStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PostgresStore")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

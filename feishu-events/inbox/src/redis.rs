//! Events in Redis: for several machines.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use ::redis::aio::{ConnectionManager, ConnectionManagerConfig};
use ::redis::{Client, FromRedisValue, RedisError, Script, ScriptInvocation};

use crate::entry::{Entry, duration_millis, millis, transport_name};
use crate::error::{ErrorKind, InboxError};
use crate::memory::in_work;
use crate::store::{
    BoxFuture, Depth, Held, InboxStore, Interrupted, KeepOutcome, LeaseId, LeaseRequest, Leases,
    Outcome, Query, Selection, State, Summary,
};

mod error;
mod rows;
mod scripts;
mod select;

use error::explain;
use rows::{Rows, held, lease_of, number, summary};
use scripts::{SCHEMA, Scripts};

/// Events in Redis 6.2 or newer, or what speaks its protocol: for any number of machines.
///
/// An event is kept, leased and settled by one script each, so that nobody sees half of it. How safe
/// what was acknowledged is depends on the server: with `appendonly yes` and `appendfsync always` it
/// survives a loss of power, with `everysec` up to a second is lost, without an append-only file all
/// since the last snapshot. A server with `maxmemory` needs the policy `noeviction`.
///
/// # Keys
///
/// All begin with the prefix in braces, so that a cluster has them in one slot. This is version 1.
///
/// | key | type | what |
/// | --- | --- | --- |
/// | `{feishu-inbox}:schema` | string | the version |
/// | `…:seq` | string | the last id |
/// | `…:events` | stream | type and body, at `<id>-0`, until it is done |
/// | `…:event:<id>` | hash | state, fence, attempts and what else is known of an event |
/// | `…:key:<dedupe key>` | string | the id of the event |
/// | `…:ready` | sorted set | what is due or leased, by when it is due or its lease ends |
/// | `…:order:<order key>` | list | the unsettled events of one order key; only the first can be due |
/// | `…:unsettled`, `…:done`, `…:dead`, `…:held` | sorted sets | ids by state |
/// | `…:leased`, `…:begun` | sets | ids by state |
///
/// # Why no consumer group
///
/// Bodies are in a stream, but nobody reads it with `XREADGROUP`. A consumer group gives an entry to the
/// next who asks, whatever is being handled just then, so it cannot keep the order of a chat; it has no
/// pause before an entry comes again; and an `XACK` that comes too late succeeds. Here a lease has a
/// fence, by which a late settlement is refused, and of each order key only the oldest is due.
///
/// It also spares three surprises of Redis 7.0: a call that blocks for longer than the client waits still
/// takes entries on the server, which nobody then has; entries that are deleted while they are pending
/// come back from `XAUTOCLAIM` by their ids only; and `XINFO GROUPS` knows no lag after an `XDEL`, so
/// that it cannot serve for [`depth`](InboxStore::depth). Nothing here blocks, nothing is trimmed by
/// length, and events are counted in sets.
///
/// All clones are one store.
#[derive(Clone)]
pub struct RedisStore {
    name: Arc<str>,
    prefix: Arc<str>,
    connection: ConnectionManager,
    scripts: Arc<Scripts>,
}

impl RedisStore {
    /// Connects to the server at this URL (`redis://user:password@host:6379/0`), with keys that begin
    /// with `{feishu-inbox}`.
    ///
    /// # Errors
    /// A server that cannot be reached or refuses, or that holds a newer version's events.
    pub async fn connect(url: &str) -> Result<Self, InboxError> {
        Self::connect_with_prefix(url, "feishu-inbox").await
    }

    /// Connects with another prefix, which is put in braces: for several inboxes on one server.
    ///
    /// # Errors
    /// A server that cannot be reached or refuses, or that holds a newer version's events.
    pub async fn connect_with_prefix(url: &str, prefix: &str) -> Result<Self, InboxError> {
        // Not the URL: it may hold a password.
        let invalid = |error: RedisError| {
            let what = "the URL is invalid: it is redis://user:password@host:6379/0".to_owned();
            InboxError::new("redis", ErrorKind::Invalid(what)).because(error.category().to_owned())
        };
        let client = Client::open(url).map_err(invalid)?;
        let name = format!("redis {}", client.get_connection_info().addr());
        // A call on a broken connection fails at once and the next one connects again; how long one
        // may take is the inbox's to say.
        let config = ConnectionManagerConfig::new()
            .set_number_of_retries(2)
            .set_max_delay(Duration::from_millis(200))
            .set_connection_timeout(Some(Duration::from_secs(2)))
            .set_response_timeout(Some(Duration::from_secs(10)));
        let connection = ConnectionManager::new_with_config(client, config)
            .await
            .map_err(|error| explain(&name, &error))?;
        let store = Self {
            name: name.into(),
            prefix: format!("{{{prefix}}}").into(),
            connection,
            scripts: Arc::new(Scripts::new()),
        };
        store.check_schema().await?;
        store.warn_of_loss().await;
        Ok(store)
    }

    async fn check_schema(&self) -> Result<(), InboxError> {
        let mut call = self.call(&self.scripts.open);
        call.arg(SCHEMA);
        let found: String = self.run(&call).await?;
        let Ok(found) = found.parse::<i64>() else {
            return Err(InboxError::new(&*self.name, ErrorKind::NotAnInbox));
        };
        if found > SCHEMA {
            let newer = ErrorKind::NewerSchema {
                found,
                known: SCHEMA,
            };
            return Err(InboxError::new(&*self.name, newer));
        }
        Ok(())
    }

    /// Warns of a server that loses what was acknowledged, if it says so.
    async fn warn_of_loss(&self) {
        let mut connection = self.connection.clone();
        let info = ::redis::cmd("INFO").arg("persistence").to_owned();
        let info: Result<String, _> = info.query_async(&mut connection).await;
        if info.is_ok_and(|info| info.contains("aof_enabled:0")) {
            tracing::warn!(
                store = &*self.name,
                "the server has no append-only file: what was acknowledged is lost when it ends \
                 (`appendonly yes`, `appendfsync always`)"
            );
        }
    }

    fn call<'a>(&self, script: &'a Script) -> ScriptInvocation<'a> {
        let mut call = script.prepare_invoke();
        call.key(format!("{}:schema", self.prefix))
            .arg(&*self.prefix);
        call
    }

    async fn run<T: FromRedisValue>(&self, call: &ScriptInvocation<'_>) -> Result<T, InboxError> {
        let mut connection = self.connection.clone();
        let result = call.invoke_async(&mut connection).await;
        result.map_err(|error| explain(&self.name, &error))
    }

    /// As [`run`](Self::run), and once more if the connection broke: for what can be done twice.
    async fn run_again<T: FromRedisValue>(
        &self,
        call: &ScriptInvocation<'_>,
    ) -> Result<T, InboxError> {
        let mut connection = self.connection.clone();
        let first = call.invoke_async(&mut connection).await;
        match first {
            Err(error) if error.is_connection_dropped() => self.run(call).await,
            result => result.map_err(|error| explain(&self.name, &error)),
        }
    }

    async fn under(
        &self,
        script: &Script,
        lease: LeaseId,
        time: Duration,
    ) -> Result<Held, InboxError> {
        let mut call = self.call(script);
        call.arg(lease.id)
            .arg(lease.fence)
            .arg(duration_millis(time));
        held(&self.name, &self.run_again::<String>(&call).await?)
    }
}

impl InboxStore for RedisStore {
    fn name(&self) -> &str {
        &self.name
    }

    fn keep(&self, entry: Entry) -> BoxFuture<'_, KeepOutcome> {
        Box::pin(async move {
            let mut call = self.call(&self.scripts.keep);
            let text = |value: &Option<String>| value.clone().unwrap_or_default();
            for value in [
                text(&entry.key),
                text(&entry.order_key),
                entry.event_type.clone(),
                text(&entry.event_id),
                text(&entry.app_id),
                text(&entry.tenant_key),
                transport_name(entry.transport).to_owned(),
                millis(entry.received_at).to_string(),
            ] {
                call.arg(value);
            }
            call.arg(&entry.body[..]);
            // Without a key, it could be kept twice.
            let (outcome, value): (String, String) = match entry.key {
                Some(_) => self.run_again(&call).await?,
                None => self.run(&call).await?,
            };
            match outcome.as_str() {
                "new" => Ok(KeepOutcome::New(number(&self.name, &value)?)),
                _ => Ok(KeepOutcome::Known(rows::state_of(&value))),
            }
        })
    }

    fn lease(&self, request: LeaseRequest) -> BoxFuture<'_, Leases> {
        Box::pin(async move {
            let mut call = self.call(&self.scripts.lease);
            call.arg(&request.worker)
                .arg(request.limit)
                .arg(duration_millis(request.time))
                .arg(request.max_attempts)
                .arg(u8::from(request.interrupted == Interrupted::Hold));
            let (leases, dead, held): (Rows, Rows, String) = self.run(&call).await?;
            let leases = leases.iter().map(|row| lease_of(&self.name, row));
            let dead = dead.iter().map(|row| summary(&self.name, row));
            Ok(Leases {
                leases: leases.collect::<Result<_, _>>()?,
                dead: dead.collect::<Result<_, _>>()?,
                held: number(&self.name, &held)?,
            })
        })
    }

    fn begin(&self, lease: LeaseId, time: Duration) -> BoxFuture<'_, Held> {
        Box::pin(self.under(&self.scripts.begin, lease, time))
    }

    fn extend(&self, lease: LeaseId, time: Duration) -> BoxFuture<'_, Held> {
        Box::pin(self.under(&self.scripts.extend, lease, time))
    }

    fn settle(&self, lease: LeaseId, outcome: Outcome) -> BoxFuture<'_, Held> {
        Box::pin(async move {
            let (kind, pause, reason) = match outcome {
                Outcome::Done => ("done", Duration::ZERO, String::new()),
                Outcome::Again(pause, reason) => ("again", pause, reason),
                Outcome::Dead(reason) => ("dead", Duration::ZERO, reason),
                Outcome::Return => ("return", Duration::ZERO, String::new()),
            };
            let mut call = self.call(&self.scripts.settle);
            call.arg(lease.id)
                .arg(lease.fence)
                .arg(kind)
                .arg(duration_millis(pause))
                .arg(reason);
            held(&self.name, &self.run_again::<String>(&call).await?)
        })
    }

    fn list(&self, query: Query) -> BoxFuture<'_, Vec<Summary>> {
        Box::pin(async move {
            let unsettled = [State::Waiting, State::Leased, State::Begun];
            let mut call = self.call(&self.scripts.list);
            // The states of what is not settled are compared here, so that a page of them may be short.
            call.arg(query.after)
                .arg(query.limit)
                .arg(query.id.map(|id| id.to_string()).unwrap_or_default())
                .arg(u8::from(unsettled.iter().any(|state| query.wants(*state))));
            for state in [State::Done, State::Dead, State::Held] {
                call.arg(u8::from(query.wants(state)));
            }
            let rows: Rows = self.run(&call).await?;
            let rows = rows.iter().map(|row| summary(&self.name, row));
            let mut list: Vec<Summary> = rows.collect::<Result<_, _>>()?;
            list.sort_by_key(|event| event.id);
            list.truncate(query.limit);
            let seen = list.last().map(|event| event.id);
            list.retain(|event| query.wants(event.state));
            match (seen, list.is_empty() && query.id.is_none()) {
                // All of this page were in other states: the next one may not be.
                (Some(after), true) => self.list(Query { after, ..query }).await,
                _ => Ok(list),
            }
        })
    }

    fn body(&self, id: u64) -> BoxFuture<'_, Option<Vec<u8>>> {
        Box::pin(async move {
            let mut connection = self.connection.clone();
            let at = format!("{id}-0");
            let found: Vec<(String, Vec<Vec<u8>>)> = ::redis::cmd("XRANGE")
                .arg(format!("{}:events", self.prefix))
                .arg(&at)
                .arg(&at)
                .query_async(&mut connection)
                .await
                .map_err(|error| explain(&self.name, &error))?;
            // The values of `type` and `body` follow their names.
            let fields = found.into_iter().next().map(|(_, fields)| fields);
            Ok(fields.and_then(|fields| fields.into_iter().nth(3)))
        })
    }

    fn redrive(&self, selection: Selection) -> BoxFuture<'_, u64> {
        Box::pin(async move {
            let states = [State::Dead, State::Held];
            let ids = self.selected(&states, &selection).await?;
            self.for_each(&self.scripts.redrive, None, &ids).await
        })
    }

    fn purge(&self, state: State, selection: Selection) -> BoxFuture<'_, u64> {
        Box::pin(async move {
            if !state.is_at_rest() {
                let why = ErrorKind::Invalid(in_work(state));
                return Err(InboxError::new(&*self.name, why));
            }
            let ids = self.selected(&[state], &selection).await?;
            self.for_each(&self.scripts.purge, Some(state), &ids).await
        })
    }

    fn forget(&self, done_for: Duration, dead_for: Duration, limit: usize) -> BoxFuture<'_, u64> {
        Box::pin(async move {
            let mut call = self.call(&self.scripts.forget);
            call.arg(duration_millis(done_for))
                .arg(duration_millis(dead_for))
                .arg(limit);
            self.run(&call).await
        })
    }

    fn depth(&self) -> BoxFuture<'_, Depth> {
        Box::pin(async move {
            let counts: Vec<String> = self.run(&self.call(&self.scripts.depth)).await?;
            rows::depth(&self.name, &counts)
        })
    }
}

impl fmt::Debug for RedisStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedisStore")
            .field("name", &self.name)
            .field("prefix", &self.prefix)
            .finish_non_exhaustive()
    }
}

//! What is written, inside a transaction.

use rusqlite::types::Type;
use rusqlite::{Connection, Error, OptionalExtension, Row, named_params, params};

use super::numbers::{id_of, number, state_number, state_of};
use super::read::{COLUMNS, summary};
use crate::entry::{Entry, duration_millis, time_of, transport_name, transport_of};
use crate::memory::interrupted_reason;
use crate::store::{
    Held, Interrupted, KeepOutcome, Lease, LeaseId, LeaseRequest, Leases, Outcome, Selection, State,
};
use feishu_events::LastAttempt;

const FAILED: i64 = 1;
const INTERRUPTED: i64 = 2;

pub(super) fn keep(connection: &Connection, entry: &Entry, now: i64) -> Result<KeepOutcome, Error> {
    let mut insert = connection.prepare_cached(
        "INSERT INTO event (key, event_type, event_id, app_id, tenant_key, order_key, transport,
             received_at, body, state, fence, attempts, last_attempt, at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 0, 0, 0, 0, ?10)
         ON CONFLICT (key) WHERE key IS NOT NULL DO NOTHING",
    )?;
    let inserted = insert.execute(params![
        entry.key,
        entry.event_type,
        entry.event_id,
        entry.app_id,
        entry.tenant_key,
        entry.order_key,
        transport_name(entry.transport),
        crate::entry::millis(entry.received_at),
        entry.body,
        now,
    ])?;
    if inserted > 0 {
        return Ok(KeepOutcome::New(id_of(connection.last_insert_rowid())));
    }
    let mut known = connection.prepare_cached("SELECT state FROM event WHERE key = ?1")?;
    let state = known.query_row([&entry.key], |row| row.get(0))?;
    Ok(KeepOutcome::Known(state_of(state)))
}

/// The due events of which none of the same order key is older or running.
const DUE: &str = "
    FROM event AS e INDEXED BY event_unsettled
    WHERE e.state < 3 AND e.at <= :now AND (e.order_key IS NULL OR (
        NOT EXISTS (SELECT 1 FROM event AS o INDEXED BY event_order
            WHERE o.state < 3 AND o.order_key IS NOT NULL
            AND o.order_key = e.order_key AND o.id < e.id)
        AND NOT EXISTS (SELECT 1 FROM event AS r INDEXED BY event_running
            WHERE r.state IN (1, 2) AND r.order_key IS NOT NULL
            AND r.order_key = e.order_key AND r.at > :now)))
    ORDER BY e.id LIMIT :limit";

pub(super) fn lease(
    connection: &Connection,
    request: &LeaseRequest,
    now: i64,
) -> Result<Leases, Error> {
    let mut found = Leases::default();
    let limit = i64::try_from(request.limit).unwrap_or(i64::MAX);
    let until = now + duration_millis(request.time);
    let mut due = connection.prepare_cached(&format!("SELECT e.id, e.state, e.attempts {DUE}"))?;
    let due = due.query_map(named_params! { ":now": now, ":limit": limit }, |row| {
        Ok((row.get(0)?, state_of(row.get(1)?), row.get(2)?))
    })?;
    let due: Vec<(i64, State, u32)> = due.collect::<Result<_, _>>()?;
    for (id, state, attempts) in due {
        if state == State::Begun {
            let reason = interrupted_reason(attempts);
            let given_up = if attempts >= request.max_attempts {
                Some(State::Dead)
            } else if request.interrupted == Interrupted::Hold {
                Some(State::Held)
            } else {
                None
            };
            let mut end = connection.prepare_cached(
                "UPDATE event SET state = ?2, last_attempt = ?3, reason = ?4,
                     at = iif(?2 = 2, at, ?5) WHERE id = ?1",
            )?;
            let state = given_up.unwrap_or(State::Begun);
            end.execute(params![id, state_number(state), INTERRUPTED, reason, now])?;
            match given_up {
                Some(State::Dead) => {
                    let sql = format!("SELECT {COLUMNS} FROM event WHERE id = ?1");
                    let dead = connection.prepare_cached(&sql)?.query_row([id], summary)?;
                    found.dead.push(dead);
                    continue;
                }
                Some(_) => {
                    found.held += 1;
                    continue;
                }
                None => {}
            }
        }
        let mut take = connection.prepare_cached(
            "UPDATE event SET state = 1, fence = fence + 1, at = ?2, worker = ?3 WHERE id = ?1
             RETURNING key, event_type, event_id, app_id, tenant_key, order_key, transport,
                 received_at, body, fence, attempts, last_attempt",
        )?;
        let taken = take.query_row(params![id, until, request.worker], |row| leased(id, row))?;
        found.leases.push(taken);
    }
    Ok(found)
}

fn leased(id: i64, row: &Row<'_>) -> Result<Lease, Error> {
    let transport: String = row.get(6)?;
    let fence: i64 = row.get(9)?;
    let last: i64 = row.get(11)?;
    Ok(Lease {
        lease: LeaseId {
            id: id_of(id),
            fence: id_of(fence),
        },
        entry: Entry {
            key: row.get(0)?,
            event_type: row.get(1)?,
            event_id: row.get(2)?,
            app_id: row.get(3)?,
            tenant_key: row.get(4)?,
            order_key: row.get(5)?,
            transport: transport_of(&transport),
            received_at: time_of(row.get(7)?),
            body: row.get::<_, Option<Vec<u8>>>(8)?.unwrap_or_default(),
        },
        attempts: row.get(10)?,
        last_attempt: match last {
            0 => None,
            FAILED => Some(LastAttempt::Failed),
            INTERRUPTED => Some(LastAttempt::Interrupted),
            other => {
                let why = format!("last_attempt {other}").into();
                return Err(Error::FromSqlConversionFailure(11, Type::Integer, why));
            }
        },
    })
}

/// Whether a change under a lease was made, or why not.
fn held(connection: &Connection, lease: LeaseId, changed: usize) -> Result<Held, Error> {
    if changed > 0 {
        return Ok(Held::Yes);
    }
    let mut look = connection
        .prepare_cached("SELECT 1 FROM event WHERE id = ?1 AND fence = ?2 AND state = 3")?;
    let done: Option<i64> = look
        .query_row(params![number(lease.id), number(lease.fence)], |row| {
            row.get(0)
        })
        .optional()?;
    Ok(done.map_or(Held::Lost, |_| Held::AlreadyDone))
}

pub(super) fn begin(connection: &Connection, lease: LeaseId, until: i64) -> Result<Held, Error> {
    let mut begin = connection.prepare_cached(
        "UPDATE event SET at = ?3, attempts = attempts + (state = 1), state = 2
         WHERE id = ?1 AND fence = ?2 AND state IN (1, 2)",
    )?;
    let changed = begin.execute(params![number(lease.id), number(lease.fence), until])?;
    held(connection, lease, changed)
}

pub(super) fn extend(connection: &Connection, lease: LeaseId, until: i64) -> Result<Held, Error> {
    let mut extend = connection.prepare_cached(
        "UPDATE event SET at = ?3 WHERE id = ?1 AND fence = ?2 AND state IN (1, 2)",
    )?;
    let changed = extend.execute(params![number(lease.id), number(lease.fence), until])?;
    held(connection, lease, changed)
}

pub(super) fn settle(
    connection: &Connection,
    lease: LeaseId,
    outcome: &Outcome,
    keeps_body: bool,
    now: i64,
) -> Result<Held, Error> {
    let (set, at, reason) = match outcome {
        Outcome::Done if keeps_body => ("state = 3, reason = ?4", now, None),
        Outcome::Done => ("state = 3, body = NULL, reason = ?4", now, None),
        Outcome::Again(after, reason) => (
            "state = 0, last_attempt = 1, reason = ?4",
            now + duration_millis(*after),
            Some(reason),
        ),
        Outcome::Dead(reason) => (
            "state = 4, last_attempt = max(last_attempt, 1), reason = ?4",
            now,
            Some(reason),
        ),
        Outcome::Return => ("state = 0, reason = coalesce(?4, reason)", now, None),
    };
    let mut settle = connection.prepare_cached(&format!(
        "UPDATE event SET {set}, at = ?3 WHERE id = ?1 AND fence = ?2 AND state IN (1, 2)"
    ))?;
    let changed = settle.execute(params![number(lease.id), number(lease.fence), at, reason])?;
    held(connection, lease, changed)
}

/// Runs a statement once for each part of a selection: `?1` and `?2` are what it selects by.
fn select(
    connection: &Connection,
    selection: &Selection,
    statement: &dyn Fn(&str) -> String,
) -> Result<u64, Error> {
    let changed = match selection {
        Selection::All => connection.execute(&statement("1"), [])?,
        Selection::Ids(ids) => {
            let mut one = connection.prepare(&statement("id = ?1"))?;
            let mut changed = 0;
            for id in ids {
                changed += one.execute([number(*id)])?;
            }
            changed
        }
        Selection::Received(from, to) => {
            let times = [*from, *to].map(crate::entry::millis);
            let sql = statement("received_at >= ?1 AND received_at < ?2");
            connection.execute(&sql, times)?
        }
    };
    Ok(changed as u64)
}

pub(super) fn redrive(
    connection: &Connection,
    selection: &Selection,
    now: i64,
) -> Result<u64, Error> {
    select(connection, selection, &|which| {
        format!(
            "UPDATE event SET state = 0, attempts = 0, at = {now} WHERE state IN (4, 5) AND {which}"
        )
    })
}

pub(super) fn repeat_since(connection: &Connection, since: i64, now: i64) -> Result<u64, Error> {
    let changed = connection.execute(
        "UPDATE event SET state = 0, attempts = 0, last_attempt = 0, at = ?2
         WHERE state >= 3 AND body IS NOT NULL AND received_at >= ?1",
        [since, now],
    )?;
    Ok(changed as u64)
}

pub(super) fn purge(
    connection: &Connection,
    state: State,
    selection: &Selection,
) -> Result<u64, Error> {
    let state = state_number(state);
    let purged = select(connection, selection, &|which| {
        format!("DELETE FROM event WHERE state = {state} AND {which}")
    })?;
    give_back_pages(connection)?;
    Ok(purged)
}

pub(super) fn forget(
    connection: &Connection,
    done_before: i64,
    dead_before: i64,
    limit: usize,
) -> Result<u64, Error> {
    let mut left = i64::try_from(limit).unwrap_or(i64::MAX);
    let mut forgotten = 0;
    for (state, before) in [(State::Done, done_before), (State::Dead, dead_before)] {
        let mut delete = connection.prepare_cached(
            "DELETE FROM event WHERE id IN (SELECT id FROM event INDEXED BY event_settled
                 WHERE state >= 3 AND state = ?1 AND at <= ?2 LIMIT ?3)",
        )?;
        let deleted = delete.execute(params![state_number(state), before, left])?;
        forgotten += deleted as u64;
        left = left.saturating_sub(i64::try_from(deleted).unwrap_or(i64::MAX));
    }
    if forgotten > 0 {
        give_back_pages(connection)?;
    }
    Ok(forgotten)
}

/// Gives some free pages back to the file system.
fn give_back_pages(connection: &Connection) -> Result<(), Error> {
    let mut vacuum = connection.prepare_cached("PRAGMA incremental_vacuum(2000)")?;
    let mut rows = vacuum.query([])?;
    while rows.next()?.is_some() {}
    Ok(())
}

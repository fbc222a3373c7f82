//! What is read, for people and for numbers.

use std::time::Duration;

use rusqlite::{Connection, Error, OptionalExtension, Row, params};

use super::numbers::{id_of, number, state_number, state_of};
use crate::entry::time_of;
use crate::store::{Depth, Query, State, Summary};

/// The columns of a [`summary`].
pub(super) const COLUMNS: &str = "id, state, event_type, event_id, key, order_key, app_id, \
     tenant_key, received_at, attempts, at, worker, reason";

pub(super) fn summary(row: &Row<'_>) -> Result<Summary, Error> {
    Ok(Summary {
        id: id_of(row.get(0)?),
        state: state_of(row.get(1)?),
        event_type: row.get(2)?,
        event_id: row.get(3)?,
        key: row.get(4)?,
        order_key: row.get(5)?,
        app_id: row.get(6)?,
        tenant_key: row.get(7)?,
        received_at: time_of(row.get(8)?),
        attempts: row.get(9)?,
        at: time_of(row.get(10)?),
        worker: row.get(11)?,
        reason: row.get(12)?,
    })
}

pub(super) fn list(connection: &Connection, query: &Query) -> Result<Vec<Summary>, Error> {
    let states: Vec<String> = State::ALL
        .iter()
        .filter(|state| query.wants(**state))
        .map(|state| state_number(*state).to_string())
        .collect();
    let sql = format!(
        "SELECT {COLUMNS} FROM event WHERE state IN ({}) AND id > ?1 AND (?2 IS NULL OR id = ?2)
         ORDER BY id LIMIT ?3",
        states.join(", ")
    );
    let limit = i64::try_from(query.limit).unwrap_or(i64::MAX);
    let mut list = connection.prepare_cached(&sql)?;
    let rows = list.query_map(
        params![number(query.after), query.id.map(number), limit],
        summary,
    )?;
    rows.collect()
}

pub(super) fn body(connection: &Connection, id: u64) -> Result<Option<Vec<u8>>, Error> {
    let mut body = connection.prepare_cached("SELECT body FROM event WHERE id = ?1")?;
    let found = body.query_row([number(id)], |row| row.get(0)).optional()?;
    Ok(found.flatten())
}

pub(super) fn depth(connection: &Connection, now: i64) -> Result<Depth, Error> {
    let mut depth = Depth::default();
    // Each part has its own index, which is small for what is not settled.
    let mut unsettled = connection.prepare_cached(
        "SELECT state, count(*), min(received_at) FROM event INDEXED BY event_unsettled
         WHERE state < 3 GROUP BY state",
    )?;
    let mut rows = unsettled.query([])?;
    let mut oldest: Option<i64> = None;
    while let Some(row) = rows.next()? {
        depth.add(state_of(row.get(0)?), id_of(row.get(1)?));
        let received: i64 = row.get(2)?;
        oldest = Some(oldest.map_or(received, |oldest| oldest.min(received)));
    }
    let mut settled = connection.prepare_cached(
        "SELECT state, count(*) FROM event INDEXED BY event_settled WHERE state >= 3 GROUP BY state",
    )?;
    let mut rows = settled.query([])?;
    while let Some(row) = rows.next()? {
        depth.add(state_of(row.get(0)?), id_of(row.get(1)?));
    }
    let age = |received| Duration::from_millis(id_of(now - received));
    depth.oldest = oldest.map(age);
    Ok(depth)
}

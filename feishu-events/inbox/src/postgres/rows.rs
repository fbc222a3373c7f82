//! What the statements answer.

use std::time::Duration;

use feishu_events::LastAttempt;
use tokio_postgres::types::FromSql;
use tokio_postgres::{Error, Row};

use super::error::broken;
use crate::entry::{Entry, time_of, transport_of};
use crate::error::{ErrorKind, InboxError};
use crate::store::{Depth, Held, Lease, LeaseId, State, Summary};

pub(super) fn state_number(state: State) -> i16 {
    match state {
        State::Waiting => 0,
        State::Leased => 1,
        State::Begun => 2,
        State::Done => 3,
        State::Dead => 4,
        State::Held => 5,
    }
}

pub(super) fn state_of(number: i16) -> State {
    let found = State::ALL
        .into_iter()
        .find(|state| state_number(*state) == number);
    found.unwrap_or(State::Held)
}

/// The server has no unsigned numbers; ids never come near the end of the signed ones.
pub(super) fn number(id: u64) -> i64 {
    i64::try_from(id).unwrap_or(i64::MAX)
}

pub(super) fn id_of(number: i64) -> u64 {
    u64::try_from(number).unwrap_or_default()
}

/// Text as the server takes it, which has no character 0.
pub(super) fn text(text: Option<&str>) -> Option<String> {
    text.map(|text| text.replace('\0', "\u{fffd}"))
}

fn get<'a, T: FromSql<'a>>(name: &str, row: &'a Row, at: usize) -> Result<T, InboxError> {
    row.try_get(at).map_err(|error: Error| broken(name, &error))
}

fn attempts(name: &str, row: &Row) -> Result<u32, InboxError> {
    let attempts: i32 = get(name, row, 9)?;
    Ok(u32::try_from(attempts).unwrap_or_default())
}

pub(super) fn summary(name: &str, row: &Row) -> Result<Summary, InboxError> {
    Ok(Summary {
        id: id_of(get(name, row, 0)?),
        state: state_of(get(name, row, 1)?),
        event_type: get(name, row, 2)?,
        event_id: get(name, row, 3)?,
        key: get(name, row, 4)?,
        order_key: get(name, row, 5)?,
        app_id: get(name, row, 6)?,
        tenant_key: get(name, row, 7)?,
        received_at: time_of(get(name, row, 8)?),
        attempts: attempts(name, row)?,
        at: time_of(get(name, row, 10)?),
        worker: get(name, row, 11)?,
        reason: get(name, row, 12)?,
    })
}

pub(super) fn lease_of(name: &str, row: &Row) -> Result<Lease, InboxError> {
    let event = summary(name, row)?;
    let last: i16 = get(name, row, 14)?;
    let transport: String = get(name, row, 15)?;
    let body: Option<Vec<u8>> = get(name, row, 16)?;
    Ok(Lease {
        lease: LeaseId {
            id: event.id,
            fence: id_of(get(name, row, 13)?),
        },
        attempts: event.attempts,
        last_attempt: match last {
            1 => Some(LastAttempt::Failed),
            2 => Some(LastAttempt::Interrupted),
            _ => None,
        },
        entry: Entry {
            key: event.key,
            event_type: event.event_type,
            event_id: event.event_id,
            app_id: event.app_id,
            tenant_key: event.tenant_key,
            order_key: event.order_key,
            transport: transport_of(&transport),
            received_at: event.received_at,
            body: body.unwrap_or_default(),
        },
    })
}

/// What came of a change under a lease: how many rows were changed, and how the event stood before.
/// `None`: the event was locked, and somebody else is changing it.
pub(super) fn held_of(
    name: &str,
    rows: &[Row],
    lease: LeaseId,
) -> Result<Option<Held>, InboxError> {
    let Some(row) = rows.first() else {
        return Ok(Some(Held::Lost));
    };
    let (changed, fence): (i64, i64) = (get(name, row, 0)?, get(name, row, 1)?);
    let state = state_of(get(name, row, 2)?);
    Ok(match state {
        _ if changed > 0 => Some(Held::Yes),
        _ if id_of(fence) != lease.fence => Some(Held::Lost),
        State::Done => Some(Held::AlreadyDone),
        State::Leased | State::Begun => None,
        _ => Some(Held::Lost),
    })
}

pub(super) fn depth_of(name: &str, rows: &[Row]) -> Result<Depth, InboxError> {
    let mut depth = Depth::default();
    for row in rows {
        depth.add(state_of(get(name, row, 0)?), id_of(get(name, row, 1)?));
        let age: Option<i64> = get(name, row, 2)?;
        let age = age.map(|age| Duration::from_millis(id_of(age)));
        depth.oldest = depth.oldest.max(age);
    }
    Ok(depth)
}

/// That the event is not this worker's any longer.
pub(super) fn lost(name: &str) -> InboxError {
    InboxError::new(name, ErrorKind::LeaseLost)
}

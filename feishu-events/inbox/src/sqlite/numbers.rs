//! Ids and states as numbers of SQL.

use crate::store::State;

/// SQLite has no unsigned numbers; ids never come near the end of the signed ones.
pub(super) fn number(id: u64) -> i64 {
    i64::try_from(id).unwrap_or(i64::MAX)
}

pub(super) fn id_of(number: i64) -> u64 {
    u64::try_from(number).unwrap_or_default()
}

pub(super) fn state_number(state: State) -> i64 {
    match state {
        State::Waiting => 0,
        State::Leased => 1,
        State::Begun => 2,
        State::Done => 3,
        State::Dead => 4,
        State::Held => 5,
    }
}

pub(super) fn state_of(number: i64) -> State {
    match number {
        0 => State::Waiting,
        1 => State::Leased,
        2 => State::Begun,
        3 => State::Done,
        4 => State::Dead,
        _ => State::Held,
    }
}

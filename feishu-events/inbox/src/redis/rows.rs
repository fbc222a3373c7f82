//! What the scripts answer.

use std::time::Duration;

use feishu_events::LastAttempt;

use crate::entry::{Entry, time_of, transport_of};
use crate::error::{ErrorKind, InboxError};
use crate::store::{Depth, Held, Lease, LeaseId, State, Summary};

/// Rows of fields, the fields in the order of `FIELDS` in `common.lua`, after the id.
pub(super) type Rows = Vec<Vec<Vec<u8>>>;

pub(super) fn state_code(state: State) -> &'static str {
    match state {
        State::Waiting => "0",
        State::Leased => "1",
        State::Begun => "2",
        State::Done => "3",
        State::Dead => "4",
        State::Held => "5",
    }
}

pub(super) fn state_of(code: &str) -> State {
    let found = State::ALL
        .into_iter()
        .find(|state| state_code(*state) == code);
    found.unwrap_or(State::Held)
}

pub(super) fn held(name: &str, answer: &str) -> Result<Held, InboxError> {
    match answer {
        "yes" => Ok(Held::Yes),
        "done" => Ok(Held::AlreadyDone),
        "lost" => Ok(Held::Lost),
        other => Err(corrupt(name, other)),
    }
}

pub(super) fn number<T: std::str::FromStr>(name: &str, text: &str) -> Result<T, InboxError> {
    text.parse().map_err(|_| corrupt(name, text))
}

fn corrupt(name: &str, what: &str) -> InboxError {
    InboxError::new(name, ErrorKind::Corrupt).because(format!("`{what}`"))
}

struct Row<'a>(&'a str, &'a [Vec<u8>]);

impl Row<'_> {
    fn text(&self, at: usize) -> String {
        let bytes = self.1.get(at).map(Vec::as_slice).unwrap_or_default();
        String::from_utf8_lossy(bytes).into_owned()
    }

    fn option(&self, at: usize) -> Option<String> {
        Some(self.text(at)).filter(|text| !text.is_empty())
    }

    fn number<T: std::str::FromStr>(&self, at: usize) -> Result<T, InboxError> {
        number(self.0, &self.text(at))
    }
}

pub(super) fn summary(name: &str, row: &[Vec<u8>]) -> Result<Summary, InboxError> {
    let row = Row(name, row);
    Ok(Summary {
        id: row.number(0)?,
        state: state_of(&row.text(1)),
        event_type: row.text(2),
        event_id: row.option(3),
        key: row.option(4),
        order_key: row.option(5),
        app_id: row.option(6),
        tenant_key: row.option(7),
        received_at: time_of(row.number(8)?),
        attempts: row.number(9)?,
        at: time_of(row.number(10)?),
        worker: row.option(11),
        reason: row.option(12),
    })
}

pub(super) fn lease_of(name: &str, fields: &[Vec<u8>]) -> Result<Lease, InboxError> {
    let row = Row(name, fields);
    Ok(Lease {
        lease: LeaseId {
            id: row.number(0)?,
            fence: row.number(13)?,
        },
        entry: Entry {
            event_type: row.text(2),
            event_id: row.option(3),
            key: row.option(4),
            order_key: row.option(5),
            app_id: row.option(6),
            tenant_key: row.option(7),
            received_at: time_of(row.number(8)?),
            transport: transport_of(&row.text(15)),
            body: fields.get(16).cloned().unwrap_or_default(),
        },
        attempts: row.number(9)?,
        last_attempt: match row.text(14).as_str() {
            "1" => Some(LastAttempt::Failed),
            "2" => Some(LastAttempt::Interrupted),
            _ => None,
        },
    })
}

pub(super) fn depth(name: &str, counts: &[String]) -> Result<Depth, InboxError> {
    let text = |at: usize| counts.get(at).map_or("", String::as_str);
    let count = |at: usize| number::<u64>(name, text(at));
    let (unsettled, leased, begun) = (count(0)?, count(1)?, count(2)?);
    let now: i64 = number(name, text(7))?;
    let oldest = match text(6) {
        "" => None,
        received => {
            let age = now - number::<i64>(name, received)?;
            Some(Duration::from_millis(
                u64::try_from(age).unwrap_or_default(),
            ))
        }
    };
    Ok(Depth {
        waiting: unsettled.saturating_sub(leased + begun),
        leased,
        begun,
        done: count(3)?,
        dead: count(4)?,
        held: count(5)?,
        oldest,
    })
}

//! A list of events for a terminal.

use std::fmt::Write as _;

use super::when::age;
use crate::store::Summary;

/// How much of a reason is shown.
const REASON: usize = 60;

/// A table of events, without bodies.
pub(crate) fn of(events: &[Summary]) -> String {
    let mut rows = vec![[
        "id".to_owned(),
        "state".to_owned(),
        "event type".to_owned(),
        "arrived".to_owned(),
        "attempts".to_owned(),
        "order key".to_owned(),
        "reason".to_owned(),
    ]];
    rows.extend(events.iter().map(|event| {
        [
            event.id.to_string(),
            event.state.to_string(),
            plain(&event.event_type, 48),
            age(event.received_at.elapsed().unwrap_or_default()) + " ago",
            event.attempts.to_string(),
            plain(event.order_key.as_deref().unwrap_or_default(), 40),
            plain(event.reason.as_deref().unwrap_or_default(), REASON),
        ]
    }));
    let mut widths = [0; 7];
    for row in &rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let mut table = String::new();
    for row in &rows {
        let mut line = String::new();
        for (width, cell) in widths.iter().zip(row) {
            let _infallible = write!(line, "{cell:<width$}  ");
        }
        table.push_str(line.trim_end());
        table.push('\n');
    }
    table
}

/// Text from outside, shortened, and without what a terminal would obey.
fn plain(text: &str, most: usize) -> String {
    let visible = text
        .chars()
        .map(|it| if it.is_control() { ' ' } else { it });
    let mut short: String = visible.take(most).collect();
    if text.chars().count() > most {
        short.push('…');
    }
    short
}

//! What all measurements share: they take turns within one run, and rows come out of them.
//!
//! Absolute times are those of the machine and of what else it does just then. What two lines of
//! one run have to do with each other is not: they are measured one after the other in each round,
//! the ratio is taken in each round, and its median counts.

mod output;
#[cfg(feature = "plain")]
mod plain;
mod row;
mod samples;
mod turns;

pub use output::Output;
#[cfg(feature = "plain")]
pub use plain::plain_derives;
pub use row::{Other, Row, Side, Unit};
pub use samples::{DocumentedSample, sample_texts, samples};
pub use turns::{Times, Turns, median};

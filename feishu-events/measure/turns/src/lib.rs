//! Measurements that take turns within one run, and the rows that come out of them.
//!
//! Absolute times are those of the machine and of what else it does just then. What two lines of
//! one run have to do with each other is not: they are measured one after the other in each round,
//! the ratio is taken in each round, and its median counts.

mod row;
mod samples;
mod turns;

pub use row::{Output, Row, Side, Unit};
pub use samples::{DocumentedSample, samples};
pub use turns::{Times, Turns, median};

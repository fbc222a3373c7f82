//! JSON ↔ any generated type, tolerant of drift, with a report for each disagreement. Compiled once
//! for all types.

#[cfg(test)]
mod agreement;
pub(crate) mod map;
pub(crate) mod mixed;
pub(crate) mod open_enum;
#[cfg(test)]
mod properties;
pub(crate) mod read;
pub(crate) mod record;
pub(crate) mod report;
pub(crate) mod scalar;
pub(crate) mod scan;
pub(crate) mod write;

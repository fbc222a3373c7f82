//! Two dispatchers as one.

use std::fmt;
use std::sync::Arc;

use crate::catalog::event_type::EventType;
use crate::handler::routes::{Handled, Routed, Routes};
use crate::handler::undecoded::Undecoded;

/// The routes of two dispatchers.
pub(crate) struct Merged {
    first: Arc<dyn Routes<()>>,
    first_handles: Vec<Handled>,
    second: Arc<dyn Routes<()>>,
    second_handles: Vec<Handled>,
}

impl Merged {
    pub(crate) fn new(
        first: Arc<dyn Routes<()>>,
        second: Arc<dyn Routes<()>>,
    ) -> Result<Self, MergeError> {
        let (first_handles, second_handles) = (first.handled(), second.handled());
        for one in &first_handles {
            for other in &second_handles {
                conflict(one, other)?;
            }
        }
        Ok(Self {
            first,
            first_handles,
            second,
            second_handles,
        })
    }
}

impl Routes<()> for Merged {
    fn handled(&self) -> Vec<Handled> {
        [self.first_handles.clone(), self.second_handles.clone()].concat()
    }

    fn route(&self, event: Undecoded<'_>, state: &()) -> Routed {
        let in_first = self
            .first_handles
            .iter()
            .any(|handled| handled.includes(&event));
        // The first one's fallback must not take what the second has a handler for.
        let for_second = |handled: &Handled| handled.is_fallback || handled.includes(&event);
        let to_first = in_first || !self.second_handles.iter().any(for_second);
        if to_first {
            self.first.route(event, state)
        } else {
            self.second.route(event, state)
        }
    }
}

fn conflict(one: &Handled, other: &Handled) -> Result<(), MergeError> {
    if let Some(twice) = one.events.iter().find(|event| other.events.contains(event)) {
        return Err(MergeError::Event(*twice));
    }
    match (one.name, other.name) {
        (Some(name), Some(same)) if name == same => Err(MergeError::Name(name)),
        _ if one.is_fallback && other.is_fallback => Err(MergeError::Fallback),
        _ => Ok(()),
    }
}

/// Why two dispatchers cannot be merged: both have a handler for the same event.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum MergeError {
    /// Both handle this event.
    Event(EventType),
    /// Both handle the event or callback of this name.
    Name(&'static str),
    /// Both have a fallback.
    Fallback,
}

impl fmt::Display for MergeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Event(event) => write!(f, "both dispatchers handle `{event}`"),
            Self::Name(name) => write!(f, "both dispatchers handle `{name}`"),
            Self::Fallback => f.write_str("both dispatchers have a fallback"),
        }
    }
}

impl std::error::Error for MergeError {}

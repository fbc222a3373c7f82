//! From an unread event to the running of its handler.

use std::sync::Arc;

use crate::catalog::event_type::EventType;
use crate::event::envelope::EnvelopeError;
use crate::handler::reply::Handling;
use crate::handler::undecoded::Undecoded;

/// An event handed to its handler; `None` if it has none.
pub type Routed = Result<Option<Handling>, EnvelopeError>;

/// The routing that `dispatcher!` makes, for handlers that a state `S` suffices for.
pub trait Routes<S>: Send + Sync + 'static {
    /// What the handlers handle.
    fn handled(&self) -> Vec<Handled>;

    /// Hands `event` to its handler, or to the fallback.
    ///
    /// # Errors
    /// An event whose payload cannot be read.
    fn route(&self, event: Undecoded<'_>, state: &S) -> Routed;
}

/// What one handler handles.
#[derive(Debug, Clone, Copy)]
pub struct Handled {
    pub(crate) events: &'static [EventType],
    pub(crate) name: Option<&'static str>,
    pub(crate) is_fallback: bool,
    pub(crate) key_is_event: bool,
    /// The path of the handler.
    #[cfg_attr(not(feature = "delivery"), allow(dead_code))] // receivers name it in warnings
    pub(crate) path: fn() -> &'static str,
}

impl Handled {
    /// Whether the event is among what is handled by name.
    pub(crate) fn includes(&self, event: &Undecoded<'_>) -> bool {
        self.name
            .is_some_and(|name| name == event.envelope.header.event_type())
            || event
                .event_type()
                .is_some_and(|known| self.events.contains(&known))
    }
}

/// Two handlers of one dispatcher that claim the same event: their implementations of this trait
/// conflict, and the compiler shows both places.
pub trait OneHandlerOf<C: ?Sized> {}

/// The handler before the one at `index` that handles one of its events, as far as types do not
/// tell: then the error is that of [`OneHandlerOf`].
pub const fn other_handler(handlers: &[Handled], index: usize) -> Option<usize> {
    let later = handlers[index];
    let mut at = 0;
    while at < index {
        let one = handlers[at];
        let this = Some(at);
        at += 1;
        if one.key_is_event && later.key_is_event {
            continue;
        }
        if (one.is_fallback && later.is_fallback) || same_name(one.name, later.name) {
            return this;
        }
        let mut i = 0;
        while i < one.events.len() {
            let mut j = 0;
            while j < later.events.len() {
                if one.events[i] as u16 == later.events[j] as u16 {
                    return this;
                }
                j += 1;
            }
            i += 1;
        }
    }
    None
}

/// Whether a handler handles these events and no others, as `dispatcher!` says.
pub const fn handles(handled: Handled, events: &[EventType], is_fallback: bool) -> bool {
    if handled.is_fallback != is_fallback || handled.events.len() != events.len() {
        return false;
    }
    let mut at = 0;
    while at < events.len() {
        let (mut i, mut is_there) = (0, false);
        while i < handled.events.len() {
            is_there |= handled.events[i] as u16 == events[at] as u16;
            i += 1;
        }
        if !is_there {
            return false;
        }
        at += 1;
    }
    true
}

const fn same_name(one: Option<&str>, other: Option<&str>) -> bool {
    let (Some(one), Some(other)) = (one, other) else {
        return false;
    };
    let (one, other) = (one.as_bytes(), other.as_bytes());
    if one.len() != other.len() {
        return false;
    }
    let mut at = 0;
    while at < one.len() {
        if one[at] != other[at] {
            return false;
        }
        at += 1;
    }
    true
}

/// Routes that have been given their state.
pub(crate) struct WithState<S> {
    pub(crate) routes: Arc<dyn Routes<S>>,
    pub(crate) state: S,
}

impl<S: Send + Sync + 'static> Routes<()> for WithState<S> {
    fn handled(&self) -> Vec<Handled> {
        self.routes.handled()
    }

    fn route(&self, event: Undecoded<'_>, (): &()) -> Routed {
        self.routes.route(event, &self.state)
    }
}

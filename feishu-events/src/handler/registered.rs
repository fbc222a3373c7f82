//! What `#[feishu_handler]` makes of a function, and what it asks of the function's return type.

use serde::Serialize;

use crate::catalog::event_type::EventType;
use crate::handler::argument::SuppliesAll;
use crate::handler::reply::{HandlerError, Reply};
use crate::handler::routes::{Handled, Routed};
use crate::handler::undecoded::Undecoded;

/// A function with `#[feishu_handler]`, which implements this: the events that it handles.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an event handler",
    label = "no `#[feishu_handler]` on this",
    note = "annotate the function: `#[feishu_handler(\"contact.department.updated_v3\")]`"
)]
pub trait Registered: 'static {
    /// A type that no two handlers of one dispatcher may share.
    type DispatchKey: ?Sized;

    /// What its arguments need of the dispatcher's state, as a list `(first, (second, ()))`.
    type Needs;

    /// The [id](event_id) of its event, if it has exactly one; otherwise the id of no event.
    const EVENT_ID: u16 = NO_SINGLE_EVENT;

    /// Whether the key alone shows that two handlers have the same event.
    const KEY_IS_EVENT: bool = false;

    /// The known events that it handles.
    const EVENTS: &'static [EventType] = &[];

    /// The name of the one event or callback that it handles, if that is no [`EventType`].
    const NAME: Option<&'static str> = None;

    /// Whether it gets the events that no other handler gets.
    const IS_FALLBACK: bool = false;

    /// All that it handles.
    const HANDLED: Handled = Handled {
        events: Self::EVENTS,
        name: Self::NAME,
        is_fallback: Self::IS_FALLBACK,
        key_is_event: Self::KEY_IS_EVENT,
        path: std::any::type_name::<Self>,
    };

    /// Takes the function's arguments out of an event, and calls it.
    ///
    /// # Errors
    /// An event whose payload cannot be read.
    fn call(event: Undecoded<'_>, needs: Self::Needs) -> Routed;
}

/// The id of a handler of several events, or of none in the list.
const NO_SINGLE_EVENT: u16 = u16::MAX;

/// The id of an event of an unknown type.
const UNKNOWN: u16 = u16::MAX - 1;

/// The id of an event in a dispatcher's `match`.
pub const fn event_id(event_type: Option<EventType>) -> u16 {
    match event_type {
        Some(event_type) => event_type as u16,
        None => UNKNOWN,
    }
}

/// Whether handler `H` handles the event, for handlers without an event id of their own.
pub fn wants<H: Registered>(event: &Undecoded<'_>) -> bool {
    if let Some(name) = H::NAME {
        return event.envelope.header.event_type() == name;
    }
    H::EVENTS.len() > 1
        && event
            .event_type()
            .is_some_and(|known| const { &EventSet::of(H::EVENTS) }.contains(known))
}

/// A bit for each known event: to ask for one takes the same time however many there are.
struct EventSet([u64; EventType::ALL.len() / 64 + 1]);

impl EventSet {
    const fn of(events: &[EventType]) -> Self {
        let mut set = [0; EventType::ALL.len() / 64 + 1];
        let mut at = 0;
        while at < events.len() {
            let number = events[at] as usize;
            set[number / 64] |= 1 << (number % 64);
            at += 1;
        }
        Self(set)
    }

    fn contains(&self, event_type: EventType) -> bool {
        let number = event_type as usize;
        self.0[number / 64] >> (number % 64) & 1 == 1
    }
}

/// A [`Registered`] handler whose arguments a dispatcher with state `S` can supply.
///
/// This is not a supertrait: a function that is not a handler would then be one more error.
pub trait Handler<S> {
    /// Takes the function's arguments out of an event and the state, and calls it.
    ///
    /// # Errors
    /// An event whose payload cannot be read.
    fn handle(event: Undecoded<'_>, state: &S) -> Routed;
}

impl<S: SuppliesAll<H::Needs>, H: Registered> Handler<S> for H {
    fn handle(event: Undecoded<'_>, state: &S) -> Routed {
        H::call(event, state.supply_all())
    }
}

/// A type with a handler among its associated functions, numbered by the function's name. Its
/// members are those of [`Registered`].
#[allow(missing_docs)]
#[diagnostic::on_unimplemented(
    message = "this function of `{Self}` is not an event handler",
    label = "no `#[feishu_handler(…, on = {Self})]` on this"
)]
pub trait AssociatedRegistered<const FUNCTION: u64>: 'static {
    type DispatchKey: ?Sized;
    type Needs;
    const EVENT_ID: u16 = NO_SINGLE_EVENT;
    const KEY_IS_EVENT: bool = false;
    const EVENTS: &'static [EventType] = &[];
    const NAME: Option<&'static str> = None;
    const IS_FALLBACK: bool = false;

    /// As [`Registered::call`].
    ///
    /// # Errors
    /// An event whose payload cannot be read.
    fn call(event: Undecoded<'_>, needs: Self::Needs) -> Routed;
}

/// The handler that is the function with this number of the type `T`.
#[derive(Debug)]
pub struct AssociatedHandler<T, const FUNCTION: u64>(std::marker::PhantomData<T>);

impl<T: AssociatedRegistered<FUNCTION>, const FUNCTION: u64> Registered
    for AssociatedHandler<T, FUNCTION>
{
    type DispatchKey = T::DispatchKey;
    type Needs = T::Needs;
    const EVENT_ID: u16 = T::EVENT_ID;
    const KEY_IS_EVENT: bool = T::KEY_IS_EVENT;
    const EVENTS: &'static [EventType] = T::EVENTS;
    const NAME: Option<&'static str> = T::NAME;
    const IS_FALLBACK: bool = T::IS_FALLBACK;

    fn call(event: Undecoded<'_>, needs: T::Needs) -> Routed {
        T::call(event, needs)
    }
}

/// What a handler answers the platform: `()` to an event, its response to a callback.
pub trait Response {
    /// The answer as JSON.
    ///
    /// # Errors
    /// A response that cannot be serialized.
    fn into_reply(self) -> Result<Reply, HandlerError>;
}

impl Response for () {
    fn into_reply(self) -> Result<Reply, HandlerError> {
        Ok(Reply::default())
    }
}

/// The response to a callback, as JSON.
pub(crate) fn json_reply(response: &impl Serialize) -> Result<Reply, HandlerError> {
    Ok(Reply::from_json(serde_json::value::to_raw_value(response)?))
}

/// What a handler whose response is `R` can return.
#[diagnostic::on_unimplemented(
    message = "a handler of this event cannot return `{Self}`",
    label = "expected `{R}` or `Result<{R}, E>`",
    note = "`E` can be any type that converts into `Box<dyn Error + Send + Sync>`"
)]
pub trait HandlerOutput<R> {
    /// The response, if the event was handled.
    ///
    /// # Errors
    /// The handler's own.
    fn into_reply(self) -> Result<Reply, HandlerError>;
}

impl<R: Response> HandlerOutput<R> for R {
    fn into_reply(self) -> Result<Reply, HandlerError> {
        Response::into_reply(self)
    }
}

impl<R: Response, E: Into<HandlerError>> HandlerOutput<R> for Result<R, E> {
    fn into_reply(self) -> Result<Reply, HandlerError> {
        self.map_err(Into::into).and_then(Response::into_reply)
    }
}

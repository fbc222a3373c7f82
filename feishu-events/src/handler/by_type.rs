//! Which event a handler is for whose attribute names none: the one whose payload it takes.

use crate::event::header::Header;
use crate::event::payload::Payload;
use crate::event::raw::RawEvent;
use crate::handler::argument::State;
use crate::handler::context::Context;

/// The type of an argument that is the payload of one event, or leaves it to the `Others`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not say which event is handled",
    label = "not the payload of an event",
    note = "name the event: `#[feishu_handler(\"contact.department.updated_v3\")]`; or take its payload as an argument: `event: contact::DepartmentUpdatedV3`",
    note = "`Event` needs the names or a pattern: `#[feishu_handler(\"contact.user.*\")]`; a type of your own, the name and `payload = Type`"
)]
pub trait NamesEvent<Others> {
    /// The payload.
    type Event: Payload;

    /// Whether this is the payload.
    const IS_PAYLOAD: bool = false;
}

#[diagnostic::do_not_recommend]
impl<P: Payload, Others> NamesEvent<Others> for P {
    type Event = P;
    const IS_PAYLOAD: bool = true;
}

/// Arguments, as a list `(first, (second, ()))`, one of which is the payload of an event.
pub trait ArgumentsNameEvent {
    /// The payload.
    type Event: Payload;
}

impl<First: NamesEvent<Others>, Others> ArgumentsNameEvent for (First, Others) {
    type Event = First::Event;
}

#[diagnostic::do_not_recommend]
impl<Others: ArgumentsNameEvent> NamesEvent<Others> for Context {
    type Event = Others::Event;
}

#[diagnostic::do_not_recommend]
impl<Others: ArgumentsNameEvent> NamesEvent<Others> for Header {
    type Event = Others::Event;
}

#[diagnostic::do_not_recommend]
impl<Others: ArgumentsNameEvent> NamesEvent<Others> for RawEvent {
    type Event = Others::Event;
}

#[diagnostic::do_not_recommend]
impl<Others: ArgumentsNameEvent, T> NamesEvent<Others> for State<T> {
    type Event = Others::Event;
}

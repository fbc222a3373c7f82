//! What `#[feishu_handler]` makes of a function, and what it asks of the function's types.

use std::error::Error;

use crate::context::Context;
use crate::dispatch::{Routed, Undecoded};
use crate::event::Payload;
use crate::header::Header;

/// Why a handler failed.
pub type HandlerError = Box<dyn Error + Send + Sync>;

/// A function with `#[feishu_handler]`. The attribute implements it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an event handler",
    label = "no `#[feishu_handler]` on this",
    note = "annotate the function: `#[feishu_handler(\"contact.department.updated_v3\")]`"
)]
pub trait Handler: 'static {
    /// The payload of the event that is handled.
    type Payload: Payload;

    /// A type that no two handlers of one dispatcher may share.
    type Claim;

    /// Calls the function.
    fn call(
        delivered: Delivered<Self::Payload>,
    ) -> impl Future<Output = Result<(), HandlerError>> + Send;

    /// Reads the payload of an event and calls the function with it.
    ///
    /// # Errors
    /// A payload that is no object.
    fn receive(event: Undecoded<'_>) -> Routed
    where
        Self: Sized,
    {
        event.hand_to::<Self>()
    }
}

/// An event on its way into a handler's arguments.
#[derive(Debug)]
pub struct Delivered<P> {
    payload: P,
    context: Context,
}

impl<P> Delivered<P> {
    pub(crate) fn new(payload: P, context: Context) -> Self {
        Self { payload, context }
    }
}

/// A type that an argument of a handler of the event with payload `P` can have.
#[diagnostic::on_unimplemented(
    message = "a handler of this event cannot take a `{Self}`",
    label = "expected `{P}`",
    note = "a handler takes the event, `{P}`, by value or by reference; `Header`; `Context`; in any order"
)]
pub trait Argument<P>: Sized {
    /// Whether this is the event itself, which is there to be taken once.
    const IS_EVENT: bool = false;

    /// Takes the argument out of what was delivered.
    fn take(delivered: &mut Delivered<P>) -> Self;
}

impl<P: Payload> Argument<P> for P {
    const IS_EVENT: bool = true;

    fn take(delivered: &mut Delivered<P>) -> Self {
        std::mem::take(&mut delivered.payload)
    }
}

impl<P: Payload> Argument<P> for Context {
    fn take(delivered: &mut Delivered<P>) -> Self {
        delivered.context.clone()
    }
}

impl<P: Payload> Argument<P> for Header {
    fn take(delivered: &mut Delivered<P>) -> Self {
        delivered.context.header.clone()
    }
}

/// What a handler can return.
#[diagnostic::on_unimplemented(
    message = "a handler cannot return `{Self}`",
    label = "expected `()` or `Result<(), E>`",
    note = "`E` is any type that `Box<dyn Error + Send + Sync>` can be made from"
)]
pub trait Outcome {
    /// Whether the event was handled.
    ///
    /// # Errors
    /// The handler's own.
    fn into_result(self) -> Result<(), HandlerError>;
}

impl Outcome for () {
    fn into_result(self) -> Result<(), HandlerError> {
        Ok(())
    }
}

impl<E: Into<HandlerError>> Outcome for Result<(), E> {
    fn into_result(self) -> Result<(), HandlerError> {
        self.map_err(Into::into)
    }
}

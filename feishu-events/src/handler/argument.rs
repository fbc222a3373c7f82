//! What the arguments of a handler can be, and where each comes from.

use std::marker::PhantomData;

use crate::event::header::Header;
use crate::event::raw::RawEvent;
use crate::handler::content::{Content, Custom};
use crate::handler::context::Context;
use crate::handler::undecoded::Delivered;

/// A type that an argument of a handler of the event `C` can have.
#[diagnostic::on_unimplemented(
    message = "a handler of this event cannot take a `{Self}`",
    label = "expected `{C}`",
    note = "a handler takes the event, `{C}`, by value or by reference; `State<T>`; `Header`; `Context`; `RawEvent`; in any order"
)]
pub trait Argument<C>: Sized {
    /// What it needs of the dispatcher's state.
    type Needs;

    /// Whether this is the event itself, which is there to be taken once.
    const IS_EVENT: bool = false;

    /// Whether this is the event as it came.
    const IS_RAW_EVENT: bool = false;

    /// Takes the argument out of what was delivered; `None` if it is the event, taken before.
    fn take(delivered: &mut Delivered<'_, C>, needs: Self::Needs) -> Option<Self>;
}

/// An [`Argument`] of a handler whose attribute names one event.
#[diagnostic::on_unimplemented(
    message = "a handler of this event cannot take a `{Self}`",
    label = "expected `{C}`",
    note = "a handler takes the event, `{C}`, by value or by reference; `State<T>`; `Header`; `Context`; `RawEvent`; in any order",
    note = "if the name is wrong, and not the type, drop the name: `#[feishu_handler]` alone handles the event whose payload the function takes"
)]
pub trait ArgumentOfNamed<C> {
    /// As [`Argument::IS_EVENT`].
    const IS_EVENT: bool;
}

#[diagnostic::do_not_recommend]
impl<T: Argument<C>, C> ArgumentOfNamed<C> for T {
    const IS_EVENT: bool = T::IS_EVENT;
}

/// A type `T`, `IS_CHECKED` to fit where it is used.
#[derive(Debug)]
pub struct Checked<T, const IS_CHECKED: bool>(PhantomData<T>);

/// A [`Checked`] type, if the check could be evaluated.
pub trait IsChecked {
    /// The type.
    type Type;
}

impl<T> IsChecked for Checked<T, true> {
    type Type = T;
}

impl<C: Content> Argument<C> for C {
    type Needs = Nothing;
    const IS_EVENT: bool = true;

    fn take(delivered: &mut Delivered<'_, C>, _: Nothing) -> Option<Self> {
        delivered.content.take()
    }
}

impl<T> Argument<Custom<T>> for T {
    type Needs = Nothing;
    const IS_EVENT: bool = true;

    fn take(delivered: &mut Delivered<'_, Custom<T>>, _: Nothing) -> Option<Self> {
        delivered.content.take().map(|Custom(payload)| payload)
    }
}

impl<C: Content> Argument<C> for Context {
    type Needs = Nothing;

    fn take(delivered: &mut Delivered<'_, C>, _: Nothing) -> Option<Self> {
        Some(Self {
            header: delivered.header.to_read(),
            reports: delivered.reports.clone(),
            delivery: delivered.delivery.get(),
        })
    }
}

impl<C: Content> Argument<C> for Header {
    type Needs = Nothing;

    fn take(delivered: &mut Delivered<'_, C>, _: Nothing) -> Option<Self> {
        Some(delivered.header.to_read())
    }
}

impl<C: Content> Argument<C> for RawEvent {
    type Needs = Nothing;
    const IS_RAW_EVENT: bool = true;

    fn take(delivered: &mut Delivered<'_, C>, _: Nothing) -> Option<Self> {
        let header = delivered.header.to_read();
        Some(Self {
            header,
            payload: delivered.json?.to_owned(),
        })
    }
}

impl<C: Content, T> Argument<C> for State<T> {
    type Needs = StateOf<T>;

    fn take(_: &mut Delivered<'_, C>, StateOf(state): StateOf<T>) -> Option<Self> {
        Some(State(state))
    }
}

/// An argument that extracts the app's state, or a part of it.
///
/// [`Dispatcher::state`] sets the whole state once; `T` is its type, or that of a part which
/// [`FromRef`] extracts from it.
///
/// ```
/// use feishu_events::{Dispatcher, State, dispatcher, feishu_handler};
///
/// #[derive(Clone)]
/// struct App {
///     greeting: &'static str,
/// }
///
/// #[feishu_handler("im.chat.disbanded_v1")]
/// fn on_disbanded(State(app): State<App>) {
///     println!("{}", app.greeting);
/// }
///
/// let dispatcher: Dispatcher = dispatcher![on_disbanded].state(App { greeting: "bye" });
/// ```
///
/// [`Dispatcher::state`]: crate::Dispatcher::state
#[derive(Debug, Clone, Copy, Default)]
pub struct State<T>(pub T);

/// Extracts a part from the app's state.
///
/// Implemented for every type that can be cloned, as the whole state.
///
/// It is called for each argument that takes the part, before the event has been read completely:
/// for an event that turns out to be malformed, it is called twice, or the handler doesn't run. So
/// [`from_ref`](Self::from_ref) must have no side effects.
#[diagnostic::on_unimplemented(
    message = "the dispatcher's state is `{S}`, but a handler takes `State<{Self}>`",
    label = "give it with `.state(…)`, before the dispatcher is used",
    note = "if it is a part of the state, write `impl FromRef<{S}> for {Self}`"
)]
pub trait FromRef<S> {
    /// Returns the part, usually a clone of it.
    fn from_ref(state: &S) -> Self;
}

impl<T: Clone> FromRef<T> for T {
    fn from_ref(state: &T) -> Self {
        state.clone()
    }
}

/// The need of an argument that needs no state.
#[derive(Debug)]
pub struct Nothing;

/// The need of an argument `State<T>`.
#[derive(Debug)]
pub struct StateOf<T>(T);

/// A state that has what an argument needs.
pub trait Supplies<N> {
    /// What the argument needs.
    fn supply(&self) -> N;
}

impl<S> Supplies<Nothing> for S {
    fn supply(&self) -> Nothing {
        Nothing
    }
}

impl<S, T: FromRef<S>> Supplies<StateOf<T>> for S {
    fn supply(&self) -> StateOf<T> {
        StateOf(T::from_ref(self))
    }
}

/// A state that has all that a handler's arguments need.
pub trait SuppliesAll<N> {
    /// What the arguments need.
    fn supply_all(&self) -> N;
}

impl<S> SuppliesAll<()> for S {
    fn supply_all(&self) {}
}

impl<S: Supplies<N> + SuppliesAll<Rest>, N, Rest> SuppliesAll<(N, Rest)> for S {
    fn supply_all(&self) -> (N, Rest) {
        (self.supply(), self.supply_all())
    }
}

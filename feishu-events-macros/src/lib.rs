//! The macros of [`feishu-events`](https://docs.rs/feishu-events), which re-exports them.

use proc_macro::TokenStream;

mod argument;
mod associated;
mod attr;
mod call;
mod check;
mod dispatcher;
mod event_table;
mod feature;
#[rustfmt::skip]
mod generated;
mod handler;
mod lints;
mod located;
mod marker;
mod mistakes;
mod nearest;
mod registered;
mod root;

/// Makes a function the handler of an event.
///
/// The event's name is checked at compile time. The function itself is unchanged and can be called
/// as before.
///
/// ```
/// use feishu_events::{Context, Dispatcher, contact, dispatcher, feishu_handler};
///
/// #[feishu_handler("contact.department.updated_v3")]
/// async fn on_department_updated(event: contact::DepartmentUpdatedV3, context: Context) {
///     let name = event.object.and_then(|department| department.name);
///     println!("{:?} in {:?}", name, context.header.tenant_key);
/// }
///
/// let dispatcher: Dispatcher = dispatcher![on_department_updated];
/// ```
///
/// # What it handles
/// - One event, `"contact.department.updated_v3"`: its payload is the argument.
/// - Several, `"contact.user.created_v3", "contact.user.deleted_v3"`, or a pattern,
///   `"contact.department.*"`: the argument is `Event`.
/// - `fallback`: every event without another handler in the dispatcher, known or not.
/// - An event outside the tables, `"acme.thing.done_v1", payload = Thing`: any type that implements
///   `serde::Deserialize`. With the name of a known event it replaces the generated type. An event
///   that turns out to be malformed is read twice, so `deserialize` must have no effect beside its
///   result.
/// - A callback, `"card.action.trigger"` or `"url.preview.get"`, alone.
///
/// A constant of `feishu_events::names`, which has [one for each event][names], can be used instead
/// of a literal, for completion in editors: `#[feishu_handler(names::IM_MESSAGE_RECEIVE_V1)]`.
///
/// [names]: https://docs.rs/feishu-events/latest/feishu_events/names/index.html
///
/// # What the function takes and returns
/// In any order, each optional, by value or by reference: the event; `State<T>`, the dispatcher's
/// state or a part of it; `Header`; `Context`; `RawEvent`, the JSON. The payload is parsed only if
/// it is taken. It returns `()` or `Result<(), E>`, for a callback the callback's response or a
/// `Result` of it; it may be `async`.
///
/// For an associated function, name its type: `#[feishu_handler("…", on = Bot)]`.
///
/// # Where the crate is
/// At `::feishu_events`. If it is a dependency under another name, or another crate re-exports
/// it, give its path: `#[feishu_handler("…", crate = my_framework::feishu_events)]`. Types that
/// `feishu-events-gen` wrote look for it under `::feishu_events`; a line in the crate's root gives it
/// that name: `extern crate my_events as feishu_events;`.
///
/// # Errors while compiling
/// An unknown event name:
///
/// ```text
/// error: no event is named `contact.department.update_v3`
///        help: did you mean `contact.department.updated_v3`?
/// ```
///
/// An event whose service's feature is off:
///
/// ```text
/// error: the feature `contact` of `feishu-events`, which `contact.department.updated_v3` needs, is off
///        help: enable it in Cargo.toml: `feishu-events = { …, features = ["contact"] }`
/// ```
///
/// The payload of another event:
///
/// ```text
/// error: a handler of this event cannot take a `UserUpdatedV3`
///        expected `DepartmentUpdatedV3`
/// ```
#[proc_macro_attribute]
pub fn feishu_handler(attribute: TokenStream, item: TokenStream) -> TokenStream {
    handler::expand(attribute.into(), &item.into()).into()
}

/// Makes a `Dispatcher` from functions with `#[feishu_handler]`, given by path.
///
/// Each event can have one handler; a second one is an error at both. If handlers take `State`,
/// set it with `.state(…)`. A path to a function without the attribute is the error `expected type,
/// found function`.
///
/// If the crate has a path other than `::feishu_events`, give it first:
/// `dispatcher! { crate = my_framework::feishu_events; on_user_created }`.
///
/// ```
/// use feishu_events::{Dispatcher, dispatcher, feishu_handler};
///
/// mod chats {
///     #[feishu_events::feishu_handler("im.chat.disbanded_v1")]
///     pub fn on_disbanded(_: &feishu_events::im::ChatDisbandedV1) {}
/// }
///
/// #[feishu_handler("contact.user.created_v3")]
/// fn on_user_created() {}
///
/// let dispatcher: Dispatcher = dispatcher![on_user_created, chats::on_disbanded];
/// assert_eq!(dispatcher.event_types().len(), 2);
/// ```
#[proc_macro]
pub fn dispatcher(handlers: TokenStream) -> TokenStream {
    dispatcher::expand(handlers.into()).into()
}

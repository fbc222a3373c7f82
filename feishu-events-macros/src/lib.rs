//! The macros of [`feishu-events`](https://docs.rs/feishu-events), which re-exports them.

use proc_macro::TokenStream;

mod attr;
mod check;
mod dispatcher;
mod event_table;
#[rustfmt::skip]
mod generated;
mod handler;
mod nearest;

/// Makes a function the handler of an event.
///
/// The event's name is checked while compiling. The function can be async or not; it takes, in any
/// order and each only if it wants it, the event (by value or by reference), the `Header` and the
/// `Context`; it returns `()` or `Result<(), E>`.
///
/// The function itself stays as it is and can be called as before.
///
/// ```
/// use feishu_events::{Context, contact, dispatcher, feishu_handler};
///
/// #[feishu_handler("contact.department.updated_v3")]
/// async fn on_department_updated(event: contact::DepartmentUpdatedV3, context: Context) {
///     let name = event.object.and_then(|department| department.name);
///     println!("{:?} in {:?}", name, context.header.tenant_key);
/// }
///
/// let dispatcher = dispatcher![on_department_updated];
/// ```
///
/// # Errors while compiling
/// A name that no event has:
///
/// ```text
/// error: no event is named `contact.department.update_v3`
///        help: did you mean `contact.department.updated_v3`?
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

/// Makes a `Dispatcher` of functions with `#[feishu_handler]`, named by path.
///
/// Each event can have one handler; a second one is an error at both.
///
/// ```
/// use feishu_events::{dispatcher, feishu_handler};
///
/// mod chats {
///     #[feishu_events::feishu_handler("im.chat.disbanded_v1")]
///     pub fn on_disbanded(_: &feishu_events::im::ChatDisbandedV1) {}
/// }
///
/// #[feishu_handler("contact.user.created_v3")]
/// fn on_user_created() {}
///
/// let dispatcher = dispatcher![on_user_created, chats::on_disbanded];
/// assert_eq!(dispatcher.event_types().len(), 2);
/// ```
#[proc_macro]
pub fn dispatcher(handlers: TokenStream) -> TokenStream {
    dispatcher::expand(handlers.into()).into()
}

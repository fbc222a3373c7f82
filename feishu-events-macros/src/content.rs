//! The type that the event is read into, by the name that generated code has for it.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use crate::root::Root;

/// The type, declared once.
pub(crate) struct Content {
    /// The declaration of `name`.
    pub(crate) declaration: TokenStream,
    /// The name by which all other generated code reaches it.
    pub(crate) name: Ident,
    /// Whether the user named one event that has this payload.
    pub(crate) is_named: bool,
}

impl Content {
    /// A member of the type as what an event is read into.
    pub(crate) fn member(&self, root: &Root, member: &TokenStream) -> TokenStream {
        let (name, private) = (&self.name, root.private());
        quote!(<#name as #private::Content>::#member)
    }
}

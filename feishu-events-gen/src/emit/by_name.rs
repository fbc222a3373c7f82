//! From a name to its event: a `match`.

use quote::quote;

use super::idents::type_ident;
use super::text;
use crate::error::Result;
use crate::model::Model;

/// The text of the module with the names and the way to them.
pub(super) fn by_name(model: &Model<'_>) -> Result<String> {
    let arms = model.events.iter().map(|event| {
        let (name, variant) = (&event.schema.event_type, type_ident(&event.variant));
        quote!(#name => Self::#variant)
    });
    let items = quote! {
        use crate::catalog::event_type::EventType;

        impl EventType {
            pub(crate) fn from_name(name: &str) -> Option<Self> {
                Some(match name {
                    #(#arms,)*
                    _ => return None,
                })
            }
        }
    };
    let docs = ["From the name of an event to the event.".to_owned()];
    text::file("by_name.rs", &docs, items)
}

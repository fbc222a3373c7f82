//! The lists of the services' modules.

use proc_macro2::{Ident, Span};
use quote::quote;

use super::text;
use crate::error::Result;
use crate::model::Model;

/// The text of the module that declares all generated modules.
pub(super) fn module_list(model: &Model<'_>) -> Result<String> {
    let services = model.services.iter().map(|service| {
        let (feature, name) = (&service.name, Ident::new(&service.name, Span::call_site()));
        quote! {
            #[cfg(feature = #feature)]
            pub mod #name;
        }
    });
    let items = quote! {
        pub(crate) mod by_name;
        pub(crate) mod event;
        pub(crate) mod event_type;
        pub(crate) mod facts;
        pub(crate) mod feature_gates;
        pub mod names;
        #(#services)*
    };
    text::file("mod.rs", &["Types of all known events.".to_owned()], items)
}

/// The text that the library includes in its root, where it offers the services to users.
///
/// Each by name: of a name that is not there for want of a feature, the compiler tells the feature.
pub(super) fn offers(model: &Model<'_>) -> Result<String> {
    let services = model.services.iter().map(|service| {
        let (feature, name) = (&service.name, Ident::new(&service.name, Span::call_site()));
        quote! {
            #[cfg(feature = #feature)]
            pub use generated::#name;
        }
    });
    text::file("offers.rs", &[], quote!(#(#services)*))
}

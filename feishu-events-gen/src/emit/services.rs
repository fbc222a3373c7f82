//! The lists of the services' modules.

use quote::quote;

use super::idents::any_ident;
use super::text;
use crate::error::Result;
use crate::model::Model;

/// The text of the module that declares the services' modules.
pub(super) fn module_list(model: &Model<'_>) -> Result<String> {
    let services = model.services.iter().map(|service| {
        let (feature, name) = (service.feature(), any_ident(&service.module));
        quote! {
            #[cfg(feature = #feature)]
            pub mod #name;
        }
    });
    let items = quote! {
        #(#services)*
    };
    let docs = ["The types of all known events, a module for each service.".to_owned()];
    text::file("services/mod.rs", &docs, items)
}

/// The text that the library includes in its root to re-export the services.
///
/// Each is re-exported by name: if its feature is off, the compiler's error then names the feature.
pub(super) fn reexports(model: &Model<'_>) -> Result<String> {
    let services = model.services.iter().map(|service| {
        let (feature, name) = (service.feature(), any_ident(&service.module));
        quote! {
            #[cfg(feature = #feature)]
            pub use generated::services::#name;
        }
    });
    text::file("reexports.rs", &[], quote!(#(#services)*))
}

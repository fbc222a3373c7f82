//! The lists of the services' modules.

use quote::quote;

use super::idents::{any_ident, type_ident};
use super::{doc_lines, structs, text};
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

/// What the types' own pages leave out.
const TRAITS: &str = "All types here are `Clone`, `Debug`, `PartialEq`, `Send` and `Sync`, which their \
    pages do not repeat. Structs are also `Default`, `Serialize` and `Deserialize`, and those of \
    events [`Payload`]; enums are `Eq`, `Hash`, `Display`, and `From<&str>` or \
    `From<i64>`.";

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

/// The text that the library includes instead in its documentation.
///
/// There each service is made of its types, each named, because those are hidden; see
/// [`Home::page`](super::home::Home::page). It is a file of its own, so that the compiler's error of a
/// feature that is off names one place.
pub(super) fn documented(model: &Model<'_>) -> Result<String> {
    let services = model.services.iter().map(|service| {
        let (feature, name) = (service.feature(), any_ident(&service.module));
        let mut docs = structs::docs(service);
        docs.extend([String::new(), TRAITS.to_owned()]);
        let docs = doc_lines::attributes(&docs);
        let structs = service.structs.iter().map(|item| type_ident(&item.name));
        let enums = service.enums.iter().map(|item| type_ident(&item.name));
        quote! {
            #[cfg(feature = #feature)]
            #docs
            pub mod #name {
                #[doc(inline)]
                pub use crate::generated::services::#name::{#(#structs,)* #(#enums),*};
            }
        }
    });
    text::file("documented.rs", &[], quote!(#(#services)*))
}

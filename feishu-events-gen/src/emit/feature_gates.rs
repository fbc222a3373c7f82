//! One hidden macro per service, of its name, by which the other macros check whether its feature is on.

use quote::quote;

use super::idents::any_ident;
use super::text;
use crate::error::Result;
use crate::model::Model;

/// The text of the module with the macros.
pub(super) fn feature_gates(model: &Model<'_>) -> Result<String> {
    let gates = model.services.iter().map(|service| {
        let (feature, name) = (service.feature(), any_ident(&service.module));
        quote! {
            #[cfg(feature = #feature)]
            pub use crate::__feature_on as #name;
            #[cfg(not(feature = #feature))]
            pub use crate::__feature_off as #name;
        }
    });
    let docs =
        ["For each service a macro that expands to what is meant for its feature.".to_owned()];
    text::file("feature_gates.rs", &docs, quote!(#(#gates)*))
}

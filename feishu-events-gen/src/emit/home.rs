//! Which crate the generated code is for.

use proc_macro2::TokenStream;
use quote::quote;

/// The crate that the generated code is for, which decides its paths to the library.
#[derive(Clone, Copy)]
pub(super) enum Home<'a> {
    /// In the library.
    Ours,
    /// In a crate that has the library at this path.
    Users(&'a TokenStream),
}

impl Home<'_> {
    /// The path of the library.
    pub(super) fn root(self) -> TokenStream {
        match self {
            Self::Ours => quote!(crate),
            Self::Users(path) => path.clone(),
        }
    }

    /// Hides our types in their own modules when rustdoc runs; `documented.rs` shows them. rustdoc then
    /// does not list the traits that all of them implement, which takes ten times the space of the fields.
    pub(super) fn page(self) -> TokenStream {
        match self {
            Self::Ours => quote!(#[cfg_attr(doc, doc(hidden))]),
            Self::Users(_) => quote!(),
        }
    }

    pub(super) fn is_ours(self) -> bool {
        matches!(self, Self::Ours)
    }
}

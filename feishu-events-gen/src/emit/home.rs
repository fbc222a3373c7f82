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

    /// Keeps the traits that all types have off the pages of ours, where they take ten times the room
    /// of the fields: rustdoc lists them for no hidden type, which `documented.rs` shows all the same.
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

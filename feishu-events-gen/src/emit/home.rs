//! Where generated code lives.

use proc_macro2::TokenStream;
use quote::quote;

/// Where generated code lives, which says by what paths it reaches the library.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Home {
    /// In the library.
    Ours,
    /// In a crate that uses the library.
    Users,
}

impl Home {
    /// The path of the library.
    pub(super) fn root(self) -> TokenStream {
        match self {
            Self::Ours => quote!(crate),
            Self::Users => quote!(::feishu_events),
        }
    }
}

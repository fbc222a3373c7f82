//! The path by which generated code reaches `feishu-events`.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::Path;

use crate::place::Place;

/// The crate `feishu-events` as the user's crate can name it: `::feishu_events`, or what `crate = …`
/// says.
pub(crate) struct Root(TokenStream);

impl Root {
    /// The crate at `path`, or where Cargo puts a dependency that is not renamed.
    pub(crate) fn new(path: Option<Path>) -> Self {
        Self(path.map_or_else(|| quote!(::feishu_events), Path::into_token_stream))
    }

    /// The path.
    pub(crate) fn path(&self) -> TokenStream {
        // Not where it was written: there it would be written once for each use.
        Place::attribute().put(self.0.clone())
    }

    /// The module of what only macros use.
    pub(crate) fn private(&self) -> TokenStream {
        let root = self.path();
        quote!(#root::__private)
    }
}

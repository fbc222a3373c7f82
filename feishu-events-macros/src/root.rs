//! The path by which generated code reaches `feishu-events`.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::Path;

use crate::located::located;

/// The crate `feishu-events` as the user's crate can name it: `::feishu_events`, or what `crate = …`
/// says.
pub(crate) struct Root(TokenStream);

impl Root {
    /// The crate at `path`, or where Cargo puts a dependency that is not renamed.
    pub(crate) fn new(path: Option<Path>) -> Self {
        Self(path.map_or_else(|| quote!(::feishu_events), Path::into_token_stream))
    }

    /// The path, at the place where an error about what follows it belongs.
    pub(crate) fn at(&self, at: Span) -> TokenStream {
        located(self.0.clone(), at)
    }

    /// The module of what only macros use, at a place.
    pub(crate) fn private_at(&self, at: Span) -> TokenStream {
        let root = self.at(at);
        quote_spanned!(at=> #root::__private)
    }

    /// The module of what only macros use.
    pub(crate) fn private(&self) -> TokenStream {
        self.private_at(Span::call_site())
    }
}

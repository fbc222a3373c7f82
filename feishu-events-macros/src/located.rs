//! Where errors about generated code are shown.

use proc_macro2::{Group, Span, TokenStream, TokenTree};

/// The tokens, all at the place `at`.
pub(crate) fn located(tokens: TokenStream, at: Span) -> TokenStream {
    tokens
        .into_iter()
        .map(|mut token| {
            if let TokenTree::Group(group) = &token {
                token = Group::new(group.delimiter(), located(group.stream(), at)).into();
            }
            // Which crate `$crate` is, only its own span says.
            let span = match &token {
                TokenTree::Ident(ident) if *ident == "$crate" => ident.span().located_at(at),
                _ => at,
            };
            token.set_span(span);
            token
        })
        .collect()
}

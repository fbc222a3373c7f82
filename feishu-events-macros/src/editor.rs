//! What only an editor reads: code in which it completes what is not there yet. For the compiler
//! that would be one more error than the one at that place.

use proc_macro2::{TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::parse::ParseStream;
use syn::{Ident, Token};

use crate::root::Root;

/// A path, finished or not.
pub(crate) enum Mentioned {
    /// To a constant that stands for the name of an event.
    Constant(TokenStream),
    /// To a handler.
    Handler(TokenStream),
}

impl Mentioned {
    /// The path where a handler is expected, or its events before `=>` is written.
    pub(crate) fn handler(path: TokenStream) -> Self {
        let words = path.clone().into_iter().filter_map(|token| match token {
            TokenTree::Ident(word) => Some(word),
            _ => None,
        });
        let words: Vec<_> = words.collect();
        let is_finished = matches!(path.clone().into_iter().last(), Some(TokenTree::Ident(_)));
        let module = words.iter().rev().nth(usize::from(is_finished));
        if module.is_some_and(|module| module == "names") {
            Self::Constant(path)
        } else {
            Self::Handler(path)
        }
    }
}

/// The paths, each where an editor expects one of its kind.
pub(crate) fn mentioned(root: &Root, paths: &[Mentioned]) -> Option<TokenStream> {
    let items = paths.iter().map(|path| match path {
        Mentioned::Constant(path) => quote!(const _: &str = #path;),
        Mentioned::Handler(path) => quote!(const _: fn(#path) = |_| ();),
    });
    let private = root.private();
    (!paths.is_empty()).then(|| quote!(#private::for_editors! { #(#items)* }))
}

/// The path that comes next, as far as it is written; `None` if what comes is something else.
pub(crate) fn path_ahead(input: ParseStream<'_>) -> Option<TokenStream> {
    let is_option = input.peek2(Token![=]) && !input.peek2(Token![=>]);
    let is_word = input.peek(Ident) || input.peek(Token![crate]) || input.peek(Token![self]);
    if is_option || !(is_word || input.peek(Token![::]) || input.peek(Token![super])) {
        return None;
    }
    let ahead = input.fork();
    let mut path = TokenStream::new();
    while let Ok(token) = ahead.parse::<TokenTree>() {
        match &token {
            TokenTree::Ident(_) => {}
            TokenTree::Punct(punct) if punct.as_char() == ':' => {}
            _ => break,
        }
        token.to_tokens(&mut path);
    }
    (path.to_string() != "fallback").then_some(path)
}

/// Whether a comma comes next, in a list that may end here; anything else is an error.
pub(crate) fn comma(input: ParseStream<'_>) -> syn::Result<bool> {
    if input.is_empty() {
        return Ok(false);
    }
    input.parse::<Token![,]>().map(|_| true)
}

/// Passes over what can't be read, to behind the next comma; whether there is one.
pub(crate) fn skip_to_comma(input: ParseStream<'_>) -> bool {
    while let Ok(token) = input.parse::<TokenTree>() {
        if matches!(token, TokenTree::Punct(punct) if punct.as_char() == ',') {
            return true;
        }
    }
    false
}

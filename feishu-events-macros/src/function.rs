//! The item that the attribute stands on: as much of it as there is while it is being written.

use proc_macro2::{Ident, TokenStream, TokenTree};
use syn::parse::{Parse, ParseStream};
use syn::{Attribute, Signature, Token, Visibility};

/// A function without its body: that is passed on as it is, whether it parses or not.
pub(crate) struct Function {
    pub(crate) vis: Visibility,
    pub(crate) sig: Signature,
}

impl Parse for Function {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        input.call(Attribute::parse_outer)?;
        let function = Self {
            vis: input.parse()?,
            sig: input.parse()?,
        };
        // The body, or a semicolon, which the compiler has its own words for.
        input.parse::<TokenTree>()?;
        Ok(function)
    }
}

/// The name of a function whose signature does not parse yet.
pub(crate) struct Begun {
    pub(crate) vis: Visibility,
    pub(crate) name: Ident,
}

impl Parse for Begun {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        input.call(Attribute::parse_outer)?;
        let vis = input.parse()?;
        while !input.peek(Token![fn]) {
            input.parse::<TokenTree>()?;
        }
        input.parse::<Token![fn]>()?;
        let name = input.parse()?;
        input.parse::<TokenStream>()?;
        Ok(Self { vis, name })
    }
}

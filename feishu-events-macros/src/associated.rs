//! Handlers that are associated functions.
//!
//! An attribute inside an `impl` block can add nothing but functions and constants there, so what
//! it has to say is said in a constant: an impl for the type itself, numbered by the function's
//! name, which `dispatcher!` reaches as `On<Type, NUMBER>`.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Path, Type};

use crate::lints;
use crate::marker::nothing_members;
use crate::root::Root;

/// The impl for the function `name` of the type `on`, with these members, as a constant.
pub(crate) fn handler(
    root: &Root,
    on: &Type,
    name: &Ident,
    members: &TokenStream,
    check: Option<&TokenStream>,
) -> TokenStream {
    let number = number(name);
    let constant = format_ident!("__FEISHU_HANDLER_{}", name);
    let (lints, private) = (lints::allowed(), root.private());
    quote! {
        #[doc(hidden)]
        #lints
        const #constant: () = {
            #[automatically_derived]
            impl #private::AssociatedRegistered<#number> for #on { #members }
            #check
        };
    }
}

/// An impl for the function `name` of the type `on` that handles nothing.
pub(crate) fn nothing(root: &Root, on: &Type, name: &Ident) -> TokenStream {
    let members = nothing_members(root, &stand_in(root, on, name));
    handler(root, on, name, &members, None)
}

/// The type that stands for the function `name` of the type `on`.
pub(crate) fn stand_in(root: &Root, on: &Type, name: &Ident) -> TokenStream {
    let (number, private) = (number(name), root.private());
    quote!(#private::AssociatedHandler<#on, #number>)
}

/// A handler as `dispatcher!` names it.
pub(crate) struct Handler {
    /// The type that stands for it.
    pub(crate) stand_in: TokenStream,
    /// What it claims, by a way that the compiler follows when it compares two claims: through the
    /// type itself, not through the one that stands for it.
    pub(crate) claim: TokenStream,
}

impl Handler {
    /// The handler at `path`, for which `alias` is declared; a path through a type is recognized by the type's name, which starts with
    /// a capital.
    pub(crate) fn at(root: &Root, path: &Path, alias: &TokenStream) -> Self {
        let span = path.span();
        let private = root.private_at(span);
        let count = path.segments.len();
        let owner = count
            .checked_sub(2)
            .and_then(|index| path.segments.get(index));
        let is_type = owner.is_some_and(|owner| {
            owner
                .ident
                .to_string()
                .starts_with(|first: char| first.is_uppercase())
        });
        let Some(function) = path.segments.last().filter(|_| is_type) else {
            let claim = quote_spanned!(span=> <#alias as #private::Registered>::DispatchKey);
            return Self {
                stand_in: quote!(#path),
                claim,
            };
        };
        let leading = &path.leading_colon;
        let segments = path.segments.iter().take(count - 1);
        let on = quote!(#leading #(#segments)::*);
        let number = number(&function.ident);
        Self {
            stand_in: quote_spanned!(span=> #private::AssociatedHandler<#on, #number>),
            claim: quote_spanned!(span=> <#on as #private::AssociatedRegistered<#number>>::DispatchKey),
        }
    }
}

/// A number for the name of a function (FNV-1a).
fn number(name: &Ident) -> Literal {
    let hash = name
        .to_string()
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
    Literal::u64_suffixed(hash)
}

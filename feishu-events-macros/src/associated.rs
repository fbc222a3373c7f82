//! Handlers that are associated functions.
//!
//! An attribute inside an `impl` block can add nothing but functions and constants there, so what
//! it has to say is said in a constant: an impl for the type itself, numbered by the function's
//! name, which `dispatcher!` reaches as `On<Type, NUMBER>`.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;
use syn::{Path, Type};

use crate::lints;
use crate::marker::nothing_members;
use crate::place::Place;
use crate::root::Root;

/// The function `name` of the type `on`, in whose `impl` the attribute stands.
pub(crate) struct Owner<'a> {
    on: &'a Type,
    name: &'a Ident,
}

impl<'a> Owner<'a> {
    pub(crate) fn new(on: &'a Type, name: &'a Ident) -> Self {
        Self { on, name }
    }

    /// The impl with these members, as a constant.
    pub(crate) fn handler(
        &self,
        root: &Root,
        declarations: &TokenStream,
        members: &TokenStream,
    ) -> TokenStream {
        let (on, number) = (self.on, number(self.name));
        let constant = Place::unseen_named("__FEISHU_HANDLER_", self.name);
        let (lints, private) = (lints::allowed(), root.private());
        quote! {
            #[doc(hidden)]
            #lints
            const #constant: () = {
                type FeishuOwner = #on;
                #declarations
                #[automatically_derived]
                impl #private::AssociatedRegistered<#number> for FeishuOwner { #members }
            };
        }
    }

    /// The type that stands for the function.
    pub(crate) fn stand_in(&self, root: &Root) -> TokenStream {
        let (number, private) = (number(self.name), root.private());
        quote!(#private::AssociatedHandler<FeishuOwner, #number>)
    }

    /// The function itself.
    pub(crate) fn function(&self) -> TokenStream {
        let name = Place::unseen(self.name);
        quote!(FeishuOwner::#name)
    }
}

/// An impl for the function `name` of the type `on` that handles nothing.
pub(crate) fn nothing(root: &Root, on: &Type, name: &Ident) -> TokenStream {
    let owner = Owner::new(on, name);
    let members = nothing_members(root, &owner.stand_in(root));
    owner.handler(root, &quote!(), &members)
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
    /// The handler at `path`, for which `alias` is declared; a path through a type is recognized by
    /// the type's name, which starts with a capital.
    pub(crate) fn at(root: &Root, path: &Path, alias: &Ident) -> Self {
        let place = Place::of(path);
        let private = root.private();
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
            let claim = place.member(alias, quote!(as #private::Registered>::DispatchKey));
            return Self {
                stand_in: quote!(#path),
                claim,
            };
        };
        let leading = &path.leading_colon;
        let segments = path.segments.iter().take(count - 1);
        let on = quote!(#leading #(#segments)::*);
        let number = number(&function.ident);
        let stand_in = place.around(
            quote!(#private::AssociatedHandler<),
            &on,
            quote!(, #number>),
        );
        let claim = quote!(as #private::AssociatedRegistered<#number>>::DispatchKey);
        let claim = place.around(quote!(<), &on, claim);
        Self { stand_in, claim }
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

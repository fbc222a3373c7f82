//! An open enum: the listed values, and `Unknown` for all others.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::doc_lines;
use super::home::Home;
use super::idents::type_ident;
use crate::model::{EnumValue, OpenEnum};

/// The enum and its traits.
pub(super) fn enum_items(item: &OpenEnum, home: Home<'_>) -> TokenStream {
    let root = home.root();
    let (name, page) = (type_ident(&item.name), home.page());
    let docs = doc_lines::attributes(std::slice::from_ref(&item.doc));
    let variants = item.values.iter().map(|value| {
        let docs = doc_lines::attributes(&doc_lines::value(value));
        let variant = type_ident(&value.name);
        quote!(#docs #variant)
    });
    let kind = type_ident(if item.is_int { "Int" } else { "Text" });
    let wires = item.values.iter().map(|value| {
        let (variant, wire) = (type_ident(&value.name), wire(item, value));
        quote!(#variant = #wire)
    });
    quote! {
        #docs
        #page
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum #name {
            #(#variants,)*
            /// A value that the documentation does not list.
            Unknown(#root::UnknownValue),
        }
        open_enum!(#name: #kind { #(#wires,)* });
    }
}

fn wire(item: &OpenEnum, value: &EnumValue) -> Literal {
    match value.wire.parse() {
        Ok(int) if item.is_int => Literal::i64_unsuffixed(int),
        _ => Literal::string(&value.wire),
    }
}

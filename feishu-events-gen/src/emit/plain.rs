//! The same types with nothing but serde's derives: the peer that build time and speed are
//! compared with.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

use super::structs::{field_ident, type_ident};
use super::text;
use crate::error::Result;
use crate::model::{Field, Model, OpenEnum, Service, Struct, Type};

/// The text of one file: a module a service, and a function that reads the payload of any event.
///
/// The code needs `serde` with its derives and `serde_json`.
///
/// # Errors
/// Code that does not parse, a mistake of the generator.
pub fn plain_derives(model: &Model<'_>) -> Result<String> {
    let services = model.services.iter().map(|service| {
        let name = Ident::new(&service.name, Span::call_site());
        let structs = service.structs.iter();
        let structs = structs.map(|item| plain_struct(item, service));
        let enums = service.enums.iter().filter(|item| !item.is_int);
        let enums = enums.map(plain_enum);
        quote!(pub mod #name { use serde::{Deserialize, Serialize}; #(#structs)* #(#enums)* })
    });
    let variants = model.events.iter().map(|event| {
        let variant = type_ident(&event.variant);
        let service = Ident::new(&event.service, Span::call_site());
        let payload = type_ident(&event.payload);
        quote!(#variant(Box<#service::#payload>))
    });
    let arms = model.events.iter().map(|event| {
        let (name, variant) = (&event.schema.event_type, type_ident(&event.variant));
        quote!(#name => Event::#variant(serde_json::from_str(json)?))
    });
    let items = quote! {
        #(#services)*

        #[derive(Debug, Clone, PartialEq, serde::Serialize)]
        #[serde(untagged)]
        pub enum Event { #(#variants,)* Unknown }

        pub fn read(name: &str, json: &str) -> serde_json::Result<Event> {
            Ok(match name {
                #(#arms,)*
                _ => Event::Unknown,
            })
        }
    };
    text::file("plain derives", &[], items)
}

fn plain_struct(item: &Struct, service: &Service) -> TokenStream {
    let name = type_ident(&item.name);
    let fields = item.fields.iter().map(|field| {
        let (wire, name, ty) = (
            &field.wire,
            field_ident(field),
            plain_type(&field.ty, service),
        );
        let rename = renamed(field).then(|| quote!(rename = #wire,));
        quote! {
            #[serde(#rename skip_serializing_if = "Option::is_none")]
            pub #name: Option<#ty>
        }
    });
    quote! {
        #[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
        #[serde(default)]
        pub struct #name { #(#fields,)* }
    }
}

fn plain_enum(item: &OpenEnum) -> TokenStream {
    let name = type_ident(&item.name);
    let variants = item.values.iter().map(|value| {
        let (wire, variant) = (&value.wire, type_ident(&value.name));
        quote!(#[serde(rename = #wire)] #variant)
    });
    quote! {
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
        pub enum #name { #(#variants,)* #[serde(untagged)] Unknown(String) }
    }
}

/// Whether serde would not find the field by its Rust name.
fn renamed(field: &Field) -> bool {
    field.name.strip_prefix("r#").unwrap_or(&field.name) != field.wire
}

fn plain_type(ty: &Type, service: &Service) -> TokenStream {
    match ty {
        Type::String => quote!(String),
        Type::Int => quote!(i64),
        Type::Float => quote!(f64),
        Type::Bool => quote!(bool),
        Type::Json => quote!(serde_json::Value),
        Type::Map => quote!(std::collections::BTreeMap<String, String>),
        Type::Enum(name) => {
            // serde derives nothing for enums of integers.
            let is_int = service.enums.iter().any(|e| e.name == *name && e.is_int);
            let name = type_ident(name);
            if is_int { quote!(i64) } else { quote!(#name) }
        }
        Type::UserId => quote!(crate::UserId),
        Type::Struct(name) => {
            let name = type_ident(name);
            quote!(#name)
        }
        Type::List(item) => {
            let item = plain_type(item, service);
            quote!(Vec<#item>)
        }
    }
}

//! The same types with nothing but serde's derives: the peer that build time and speed are
//! compared with.

use feishu_events_gen::internals::model::{Field, Model, OpenEnum, Service, Struct, Type};
use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

/// The code of one file: a module per service, and a function that reads the payload of any event.
///
/// It needs `serde` with its derives and `serde_json`.
pub fn plain_derives(model: &Model<'_>) -> String {
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
    let code = quote! {
        #(#services)*

        #[derive(Debug, Clone, Default, PartialEq, serde::Serialize, serde::Deserialize)]
        #[serde(default)]
        pub struct UserId {
            #[serde(skip_serializing_if = "Option::is_none")]
            pub union_id: Option<String>,
            #[serde(skip_serializing_if = "Option::is_none")]
            pub user_id: Option<String>,
            #[serde(skip_serializing_if = "Option::is_none")]
            pub open_id: Option<String>,
        }

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
    code.to_string()
}

fn type_ident(name: &str) -> Ident {
    Ident::new(name, Span::call_site())
}

fn field_ident(field: &Field) -> Ident {
    match field.name.strip_prefix("r#") {
        Some(keyword) => Ident::new_raw(keyword, Span::call_site()),
        None => Ident::new(&field.name, Span::call_site()),
    }
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
        Type::Json | Type::Mixed | Type::PersonId => quote!(serde_json::Value),
        Type::Map(value) => {
            let value = plain_type(value, service);
            quote!(std::collections::BTreeMap<String, #value>)
        }
        Type::Enum(name) => {
            // serde derives nothing for enums of integers.
            let is_int = service.enums.iter().any(|e| e.name == *name && e.is_int);
            let name = type_ident(name);
            if is_int { quote!(i64) } else { quote!(#name) }
        }
        Type::UserId => quote!(super::UserId),
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

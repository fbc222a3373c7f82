//! The module of a service: a struct a payload, a struct a nested type, an enum a list of values.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

use super::home::Home;
use super::{doc_lines, enums, text};
use crate::error::Result;
use crate::model::{Event, Field, Model, Service, Struct, Type};
use crate::schema::EventKind;

/// The text of the module of `service`.
pub(super) fn service_module(service: &Service, model: &Model<'_>) -> Result<String> {
    let mut docs: Vec<String> = service
        .doc
        .iter()
        .flat_map(|doc| [doc.clone(), String::new()])
        .collect();
    docs.push(format!("Cargo feature: `{}`.", service.name));
    let items = module_items(service, model, Home::Ours);
    text::file(&service.name, &docs, items)
}

/// The items of the module of `service`.
pub(super) fn module_items(service: &Service, model: &Model<'_>, home: Home) -> TokenStream {
    let root = home.root();
    let structs = service.structs.iter().map(|item| {
        let of = item.payload_of.as_deref();
        let event = of.and_then(|name| model.events.iter().find(|e| e.schema.event_type == name));
        struct_items(item, event, home)
    });
    let enums = service.enums.iter().map(enums::enum_items);
    let imports = if service.enums.is_empty() {
        quote!()
    } else {
        quote!(use #root::UnknownValue; use #root::__private::open_enum;)
    };
    let times = service.structs.iter().flat_map(|item| &item.fields);
    let times = times
        .clone()
        .any(|field| field.is_time)
        .then(|| quote!(use std::time::SystemTime; use #root::__private::instant;));
    quote! {
        #times
        #imports
        use #root::__private::{Record, RecordDef, Slot, View, record_traits, slot, view};
        #(#structs)*
        #(#enums)*
    }
}

fn struct_items(item: &Struct, event: Option<&Event<'_>>, home: Home) -> TokenStream {
    let name = type_ident(&item.name);
    let docs = doc_lines::attributes(&match event {
        Some(event) => doc_lines::payload(event, home),
        None => doc_lines::nested(item),
    });
    let payload = event.map(|event| payload_impl(event, &name, home));
    let fields = item.fields.iter().map(|field| {
        let docs = doc_lines::attributes(&doc_lines::field(field));
        let (name, ty) = (field_ident(field), rust_type(&field.ty, home));
        quote!(#docs pub #name: Option<#ty>)
    });
    let times = time_accessors(item, &name);
    let event = event.filter(|_| home == Home::Ours);
    let record = record_impl(item, &name, event);
    quote! {
        #docs
        #[derive(Clone, Default, PartialEq)]
        #[non_exhaustive]
        pub struct #name { #(#fields,)* }
        #payload
        #times
        #record
        record_traits!(#name);
    }
}

fn payload_impl(event: &Event<'_>, name: &Ident, home: Home) -> TokenStream {
    let event_type = &event.schema.event_type;
    let variant = type_ident(&event.variant);
    // A callback's response is written by hand: no page's table describes it.
    let response = match event.schema.kind {
        EventKind::Event => quote!(()),
        EventKind::Callback => {
            let response = type_ident(&format!("{}Response", event.variant));
            quote!(crate::callback::#response)
        }
    };
    match home {
        Home::Ours => quote! {
            impl crate::event::payload::Payload for #name {
                type Response = #response;
                const EVENT_TYPE: crate::catalog::event_type::EventType =
                    crate::catalog::event_type::EventType::#variant;
            }
        },
        Home::Users => quote! {
            impl ::feishu_events::CustomPayload for #name {
                const EVENT_TYPE: &'static str = #event_type;
            }
        },
    }
}

/// Typed access to the fields that hold a point in time.
fn time_accessors(item: &Struct, name: &Ident) -> TokenStream {
    let accessors: Vec<TokenStream> = item
        .fields
        .iter()
        .filter(|field| field.is_time)
        .map(|field| {
            let ident = field_ident(field);
            let accessor = type_ident(&format!("{}_at", field.name.trim_start_matches("r#")));
            let doc = format!(" [`{ident}`](Self::{ident}) as a point in time.");
            quote! {
                #[doc = #doc]
                pub fn #accessor(&self) -> Option<SystemTime> {
                    instant(&self.#ident)
                }
            }
        })
        .collect();
    if accessors.is_empty() {
        return quote!();
    }
    quote!(impl #name { #(#accessors)* })
}

fn record_impl(item: &Struct, name: &Ident, event: Option<&Event<'_>>) -> TokenStream {
    let rust_name = &item.name;
    let event = event.map_or_else(
        || quote!(None),
        |event| {
            let variant = type_ident(&event.variant);
            quote!(Some(crate::catalog::event_type::EventType::#variant))
        },
    );
    let wire = item.fields.iter().map(|field| &field.wire);
    let idents: Vec<Ident> = item.fields.iter().map(field_ident).collect();
    quote! {
        impl Record for #name {
            fn def(&self) -> &'static RecordDef {
                &RecordDef { name: #rust_name, event: #event, fields: &[#(#wire),*] }
            }
            fn slots(&mut self, fill: &mut dyn FnMut(&mut [Slot<'_>])) {
                fill(&mut [#(slot(&mut self.#idents)),*]);
            }
            fn views(&self, show: &mut dyn FnMut(&[View<'_>])) {
                show(&[#(view(&self.#idents)),*]);
            }
        }
    }
}

fn rust_type(ty: &Type, home: Home) -> TokenStream {
    let root = home.root();
    match ty {
        Type::String => quote!(String),
        Type::Int => quote!(i64),
        Type::Float => quote!(f64),
        Type::Bool => quote!(bool),
        Type::Json => quote!(#root::__private::Value),
        Type::Map => quote!(std::collections::BTreeMap<String, String>),
        Type::UserId => quote!(#root::UserId),
        Type::Struct(name) | Type::Enum(name) => {
            let name = type_ident(name);
            quote!(#name)
        }
        Type::List(item) => {
            let item = rust_type(item, home);
            quote!(Vec<#item>)
        }
    }
}

pub(super) fn type_ident(name: &str) -> Ident {
    Ident::new(name, Span::call_site())
}

pub(super) fn field_ident(field: &Field) -> Ident {
    match field.name.strip_prefix("r#") {
        Some(keyword) => Ident::new_raw(keyword, Span::call_site()),
        None => Ident::new(&field.name, Span::call_site()),
    }
}

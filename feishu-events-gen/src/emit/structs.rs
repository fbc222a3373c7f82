//! The module of a service: a struct a payload, a struct a nested type.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

use super::{doc_lines, text};
use crate::error::Result;
use crate::model::{Event, Field, Model, Service, Struct, Type};

/// The text of the module of `service`.
pub(super) fn service_module(service: &Service, model: &Model<'_>) -> Result<String> {
    let events: Vec<&Event<'_>> = model
        .events
        .iter()
        .filter(|event| event.service == service.name)
        .collect();
    let docs = vec![
        format!("Events of the service `{}`.", service.name),
        String::new(),
        format!("Cargo feature: `{}`.", service.name),
    ];
    let structs = service.structs.iter().map(|item| {
        let payload = item.payload_of.as_deref();
        let event = payload.and_then(|name| events.iter().find(|e| e.schema.event_type == name));
        struct_items(item, event.copied())
    });
    let items = quote! {
        use crate::record::{Record, RecordDef, Slot, View, record_traits, slot, view};
        #(#structs)*
    };
    text::file(&service.name, &docs, items)
}

fn struct_items(item: &Struct, event: Option<&Event<'_>>) -> TokenStream {
    let name = type_ident(&item.name);
    let docs = doc_lines::attributes(&match (event, &item.documented) {
        (Some(event), _) => doc_lines::payload(event),
        (None, Some(documented)) => vec![format!("The documented type `{documented}`.")],
        (None, None) => vec!["An object whose type the documentation does not name.".to_owned()],
    });
    let payload = event.map(|event| {
        let variant = type_ident(&event.variant);
        quote! {
            impl crate::event::Payload for #name {
                const EVENT_TYPE: crate::event_type::EventType =
                    crate::event_type::EventType::#variant;
            }
        }
    });
    let fields = item.fields.iter().map(|field| {
        let docs = doc_lines::attributes(&doc_lines::field(field));
        let (name, ty) = (field_ident(field), rust_type(&field.ty));
        quote!(#docs pub #name: Option<#ty>)
    });
    let record = record_impl(item, &name);
    quote! {
        #docs
        #[derive(Clone, Default, PartialEq)]
        #[non_exhaustive]
        pub struct #name { #(#fields,)* }
        #payload
        #record
        record_traits!(#name);
    }
}

fn record_impl(item: &Struct, name: &Ident) -> TokenStream {
    let rust_name = &item.name;
    let wire = item.fields.iter().map(|field| &field.wire);
    let idents: Vec<Ident> = item.fields.iter().map(field_ident).collect();
    quote! {
        impl Record for #name {
            fn def(&self) -> &'static RecordDef {
                &RecordDef { name: #rust_name, fields: &[#(#wire),*] }
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

fn rust_type(ty: &Type) -> TokenStream {
    match ty {
        Type::String => quote!(String),
        Type::Int => quote!(i64),
        Type::Float => quote!(f64),
        Type::Bool => quote!(bool),
        Type::Json => quote!(serde_json::Value),
        Type::Map => quote!(std::collections::BTreeMap<String, String>),
        Type::UserId => quote!(crate::UserId),
        Type::Struct(name) => {
            let name = type_ident(name);
            quote!(#name)
        }
        Type::List(item) => {
            let item = rust_type(item);
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

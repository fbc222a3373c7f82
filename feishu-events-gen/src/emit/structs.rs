//! The module of a service: a struct for each payload and nested type, an enum for each list of values.
//!
//! All functions are `#[inline]` in release builds: not for speed, but so that the compiler makes code
//! of them in the program that uses the type, and of no others. In debug builds they are compiled once
//! with the library, because the program is built again after each change.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::home::Home;
use super::idents::{field_ident, type_ident};
use super::{doc_lines, enums, text};
use crate::error::Result;
use crate::model::{Event, Model, Service, Struct, Type};
use crate::names;
use crate::schema::EventKind;

/// The responses of callbacks that the library has types for.
const RESPONSES: [&str; 2] = ["CardActionTriggerResponse", "UrlPreviewGetResponse"];

/// The text of the module of `service`.
pub(super) fn service_module(service: &Service, model: &Model<'_>) -> Result<String> {
    let items = module_items(service, model, Home::Ours);
    text::file(service.feature(), &docs(service), items)
}

/// What the docs of the module of `service` say.
pub(super) fn docs(service: &Service) -> Vec<String> {
    let mut docs: Vec<String> = service
        .doc
        .iter()
        .flat_map(|doc| [doc.clone(), String::new()])
        .collect();
    docs.push(format!("Cargo feature: `{}`.", service.feature()));
    docs
}

/// The items of the module of `service`.
pub(super) fn module_items(service: &Service, model: &Model<'_>, home: Home<'_>) -> TokenStream {
    let root = home.root();
    let mut fields = service.structs.iter().flat_map(|item| &item.fields);
    // Only functions and macros, whose names no type can have; types are named by their full paths.
    let mut imports = Vec::new();
    if fields.any(|field| field.is_time) {
        imports.push(quote!(instant));
    }
    if !service.enums.is_empty() {
        imports.push(quote!(open_enum));
    }
    imports.extend([quote!(record_traits), quote!(slot), quote!(view)]);
    let structs = service.structs.iter().map(|item| {
        let of = item.payload_of.as_deref();
        let event = of.and_then(|name| model.events.iter().find(|e| e.schema.event_type == name));
        struct_items(item, event, home)
    });
    // One call for all: each takes memory in an editor.
    let names = service.structs.iter().map(|item| type_ident(&item.name));
    let enums = service
        .enums
        .iter()
        .map(|item| enums::enum_items(item, home));
    quote! {
        use #root::__private::{#(#imports),*};
        #(#structs)*
        record_traits!(#(#names),*);
        #(#enums)*
    }
}

fn struct_items(item: &Struct, event: Option<&Event<'_>>, home: Home<'_>) -> TokenStream {
    let name = type_ident(&item.name);
    let docs = doc_lines::attributes(&match event {
        Some(event) => doc_lines::payload(event, home),
        None => doc_lines::nested(item),
    });
    let page = home.page();
    let payload = event.map(|event| payload_impl(event, &name, home));
    let fields = item.fields.iter().map(|field| {
        let docs = doc_lines::attributes(&doc_lines::field(field));
        let (name, ty) = (field_ident(field), rust_type(&field.ty, home));
        quote!(#docs pub #name: ::core::option::Option<#ty>)
    });
    let accessors = accessors(item, &name, home);
    let event = event.filter(|_| home.is_ours());
    let record = record_impl(item, &name, event, &home.root());
    quote! {
        #docs
        #page
        #[derive(Clone, Default, PartialEq)]
        #[non_exhaustive]
        pub struct #name { #(#fields,)* }
        #payload
        #accessors
        #record
    }
}

fn payload_impl(event: &Event<'_>, name: &Ident, home: Home<'_>) -> TokenStream {
    let event_type = &event.schema.event_type;
    let variant = type_ident(&event.variant);
    // Response types are written by hand, because no page has a table of them. A new callback is
    // answered with any JSON until it has one.
    let response = match event.schema.kind {
        EventKind::Event => quote!(()),
        EventKind::Callback => {
            let response = format!("{}Response", event.variant);
            if RESPONSES.contains(&response.as_str()) {
                let response = type_ident(&response);
                quote!(crate::callback::#response)
            } else {
                quote!(crate::callback::JsonResponse<crate::__private::Value>)
            }
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
        Home::Users(root) => quote! {
            impl #root::CustomPayload for #name {
                const EVENT_TYPE: &'static str = #event_type;
            }
        },
    }
}

/// Accessors with a more specific type for points in time and for lists that arrive in several forms.
fn accessors(item: &Struct, name: &Ident, home: Home<'_>) -> TokenStream {
    let root = home.root();
    let accessors: Vec<TokenStream> = item
        .fields
        .iter()
        .filter_map(|field| {
            let ident = field_ident(field);
            let plain = names::unraw(&field.name);
            if field.is_time {
                let accessor = type_ident(&format!("{plain}_at"));
                let doc = format!(" [`{ident}`](Self::{ident}) as a point in time.");
                Some(quote! {
                    #[doc = #doc]
                    #[cfg_attr(not(debug_assertions), inline)]
                    pub fn #accessor(&self) -> ::core::option::Option<::std::time::SystemTime> {
                        instant(&self.#ident)
                    }
                })
            } else if field.ty == Type::Mixed {
                let accessor = type_ident(&format!("{plain}_items"));
                let doc = format!(
                    " The items of [`{ident}`](Self::{ident}), which arrives as a list, as text of \
                     one, or as a single value."
                );
                Some(quote! {
                    #[doc = #doc]
                    #[cfg_attr(not(debug_assertions), inline)]
                    pub fn #accessor(&self) -> ::std::vec::Vec<#root::__private::Value> {
                        #root::__private::items(self.#ident.as_ref())
                    }
                })
            } else {
                None
            }
        })
        .collect();
    if accessors.is_empty() {
        return quote!();
    }
    quote!(impl #name { #(#accessors)* })
}

fn record_impl(
    item: &Struct,
    name: &Ident,
    event: Option<&Event<'_>>,
    root: &TokenStream,
) -> TokenStream {
    let rust_name = &item.name;
    let event = event.map_or_else(
        || quote!(::core::option::Option::None),
        |event| {
            let variant = type_ident(&event.variant);
            quote!(::core::option::Option::Some(crate::catalog::event_type::EventType::#variant))
        },
    );
    let wire = item.fields.iter().map(|field| &field.wire);
    let idents: Vec<Ident> = item.fields.iter().map(field_ident).collect();
    quote! {
        impl #root::__private::Record for #name {
            #[cfg_attr(not(debug_assertions), inline)]
            fn def(&self) -> &'static #root::__private::RecordDef {
                &#root::__private::RecordDef { name: #rust_name, event: #event, fields: &[#(#wire),*] }
            }
            #[cfg_attr(not(debug_assertions), inline)]
            fn slots(&mut self, fill: &mut dyn ::core::ops::FnMut(&mut [#root::__private::Slot<'_>])) {
                fill(&mut [#(slot(&mut self.#idents)),*]);
            }
            #[cfg_attr(not(debug_assertions), inline)]
            fn views(&self, show: &mut dyn ::core::ops::FnMut(&[#root::__private::View<'_>])) {
                show(&[#(view(&self.#idents)),*]);
            }
        }
    }
}

fn rust_type(ty: &Type, home: Home<'_>) -> TokenStream {
    let root = home.root();
    match ty {
        Type::String => quote!(::std::string::String),
        Type::Int => quote!(i64),
        Type::Float => quote!(f64),
        Type::Bool => quote!(bool),
        Type::Json | Type::Mixed => quote!(#root::__private::Value),
        Type::Map(value) => {
            let value = rust_type(value, home);
            quote!(::std::collections::BTreeMap<::std::string::String, #value>)
        }
        Type::PersonId => quote!(#root::PersonId),
        Type::UserId => quote!(#root::UserId),
        Type::Struct(name) | Type::Enum(name) => {
            let name = type_ident(name);
            quote!(#name)
        }
        Type::List(item) => {
            let item = rust_type(item, home);
            quote!(::std::vec::Vec<#item>)
        }
    }
}

//! The dispatch enum `Event`.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::idents::{any_ident, type_ident};
use super::{doc_lines, text};
use crate::error::Result;
use crate::model::{Event, Model};

/// The text of the module with the enum.
pub(super) fn event_enum(model: &Model<'_>) -> Result<String> {
    let variants = model.events.iter().map(|event| {
        let docs = doc_lines::attributes(&[summary(event)]);
        let (gate, variant, payload) = (gate(event), type_ident(&event.variant), payload(event));
        quote! { #docs #gate #variant(Box<#payload>) }
    });
    // One arm per event; a macro would hide the generated names.
    let arms = |arm: &dyn Fn(&Ident) -> TokenStream| -> Vec<TokenStream> {
        let arm = |event| {
            let (gate, arm) = (gate(event), arm(&type_ident(&event.variant)));
            quote!(#gate #arm)
        };
        model.events.iter().map(arm).collect()
    };
    let empty = arms(&|v| quote!(EventType::#v => Some(Self::#v(Box::default())),));
    let event_type = arms(&|v| quote!(Self::#v(_) => Some(EventType::#v),));
    let record = arms(&|v| quote!(Self::#v(payload) => Ok(&**payload),));
    let record_mut = arms(&|v| quote!(Self::#v(payload) => Some(&mut **payload),));
    let items = quote! {
        use crate::event::payload::UnknownEvent;
        use crate::catalog::event_type::EventType;
        use crate::json::record::Record;

        /// An event: one variant for each known event, and one for all others.
        ///
        /// Nothing that arrives is lost: what has no variant is [`Event::Unknown`].
        #[derive(Debug, Clone, PartialEq)]
        #[non_exhaustive]
        pub enum Event {
            #(#variants,)*
            /// An event that has no variant here, with its name and its raw JSON.
            Unknown(UnknownEvent),
        }

        impl Event {
            /// Which known event this is; `None` for [`Event::Unknown`].
            pub fn event_type(&self) -> Option<EventType> {
                match self {
                    #(#event_type)*
                    Self::Unknown(_) => None,
                }
            }

            /// The event with nothing in its payload; `None` if its service's feature is off.
            #[cfg_attr(not(debug_assertions), inline)]
            pub(crate) fn empty(event_type: EventType) -> Option<Self> {
                #[allow(unreachable_patterns)] // all services can be on
                match event_type {
                    #(#empty)*
                    _ => None,
                }
            }

            #[cfg_attr(not(debug_assertions), inline)]
            pub(crate) fn record(&self) -> Result<&dyn Record, &UnknownEvent> {
                match self {
                    #(#record)*
                    Self::Unknown(unknown) => Err(unknown),
                }
            }

            #[cfg_attr(not(debug_assertions), inline)]
            pub(crate) fn record_mut(&mut self) -> Option<&mut dyn Record> {
                match self {
                    #(#record_mut)*
                    Self::Unknown(_) => None,
                }
            }
        }

        // A payload is boxed so that an event costs little to move, whichever it is.
        const _: () = assert!(size_of::<Event>() <= 5 * size_of::<usize>());
    };
    text::file("event.rs", &["The dispatch enum.".to_owned()], items)
}

/// The event's name and what happened: the overlay's sentence, or else the title of its page, the
/// English one if there is one.
pub(super) fn summary(event: &Event<'_>) -> String {
    let schema = event.schema;
    let title = doc_lines::escape(schema.title_en.as_deref().unwrap_or(&schema.title));
    let title = if title.is_empty() {
        "an event that no page documents.".to_owned()
    } else {
        format!("{title}.")
    };
    let what = event.doc.clone().unwrap_or(title);
    format!("`{}`: {what}", schema.event_type)
}

fn gate(event: &Event<'_>) -> TokenStream {
    let feature = event.feature();
    quote!(#[cfg(feature = #feature)])
}

fn payload(event: &Event<'_>) -> TokenStream {
    let service = any_ident(&event.module);
    let payload = type_ident(&event.payload);
    quote!(crate::generated::services::#service::#payload)
}

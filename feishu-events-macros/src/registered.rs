//! What a handler says of itself: the events that it handles, and the type that they are read into.

use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::spanned::Spanned;

use crate::attr::Target;
use crate::event_table::{self, Event};
use crate::root::Root;

/// The members of the impl of `Registered` for the handler's own type `this`.
pub(crate) fn registered(root: &Root, target: &Target, this: &TokenStream) -> TokenStream {
    let private = root.private();
    let one = |event: &Event| {
        let variant = format_ident!("{}", event.variant);
        quote! {
            const EVENT_ID: u16 =
                #private::event_id(::core::option::Option::Some(#private::EventType::#variant));
            const EVENTS: &'static [#private::EventType] = &[#private::EventType::#variant];
        }
    };
    match target {
        Target::One(event, _) => {
            let (content, one) = (content(root, target), one(event));
            quote! {
                type DispatchKey = #content;
                const KEY_IS_EVENT: bool = true;
                #one
            }
        }
        Target::Custom(name, _) => {
            let value = &name.value;
            let members = if let Some(event) = event_table::find(&name.value) {
                one(event)
            } else {
                quote! {
                    const NAME: ::core::option::Option<&'static str> =
                        ::core::option::Option::Some(#value);
                }
            };
            quote!(type DispatchKey = #this; #members)
        }
        Target::Several(events) => {
            let variants = events
                .iter()
                .map(|event| format_ident!("{}", event.variant));
            quote! {
                type DispatchKey = #this;
                const EVENTS: &'static [#private::EventType] = &[#(#private::EventType::#variants),*];
            }
        }
        Target::Fallback => quote!(
            type DispatchKey = #this;
            const IS_FALLBACK: bool = true;
        ),
    }
}

/// The type that the event is read into.
pub(crate) fn content(root: &Root, target: &Target) -> TokenStream {
    match target {
        // The literal's span: an error about the payload's path is one about the event's name.
        Target::One(event, span) => {
            let (service, payload) = (
                event_table::ident(event.service, *span),
                event_table::ident(event.payload, *span),
            );
            let root = root.at(*span);
            quote_spanned!(*span=> #root::#service::#payload)
        }
        Target::Custom(_, payload) => {
            let private = root.private_at(payload.span());
            quote_spanned!(payload.span()=> #private::Custom<#payload>)
        }
        Target::Several(_) | Target::Fallback => {
            let root = root.at(Span::call_site());
            quote!(#root::Event)
        }
    }
}

//! What a handler says of itself: the events that it handles, and the type that they are read into.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use crate::attr::Target;
use crate::content::Content;
use crate::event_table::{self, Event};
use crate::root::Root;

/// The members of the impl of `Registered` for the handler's own type `this`.
pub(crate) fn registered(
    root: &Root,
    target: &Target,
    content: &Content,
    this: &TokenStream,
) -> TokenStream {
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
            let (content, one) = (&content.name, one(event));
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
        Target::ByType => {
            let event = &content.name;
            let event = quote!(<#event as #private::Payload>::EVENT_TYPE);
            // Not the event as the key: the compiler does not follow the way to it when it compares
            // the claims of a dispatcher.
            quote! {
                type DispatchKey = #this;
                const EVENT_ID: u16 = #private::event_id(::core::option::Option::Some(#event));
                const EVENTS: &'static [#private::EventType] = &[#event];
            }
        }
        Target::Fallback => quote!(
            type DispatchKey = #this;
            const IS_FALLBACK: bool = true;
        ),
    }
}

//! From a name to its event: a `match` on the length, on one byte, and on the name.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::idents::type_ident;
use super::text;
use crate::error::Result;
use crate::model::{Event, Model};

/// The text of the module with the names and the way to them.
pub(super) fn by_name(model: &Model<'_>) -> Result<String> {
    // A `match` on strings compares one after the other. Of one length and with one byte in the
    // place where they differ most, there are few.
    let mut by_length: BTreeMap<usize, Vec<&Event<'_>>> = BTreeMap::new();
    for event in &model.events {
        let length = event.schema.event_type.len();
        by_length.entry(length).or_default().push(event);
    }
    let lengths = by_length.iter().map(|(length, events)| {
        let at = telling_byte(*length, events);
        let mut by_byte: BTreeMap<u8, Vec<TokenStream>> = BTreeMap::new();
        for event in events {
            let (name, variant) = (&event.schema.event_type, type_ident(&event.variant));
            let arms = by_byte.entry(name.as_bytes()[at]).or_default();
            arms.push(quote!(#name => Self::#variant));
        }
        let bytes = by_byte.iter().map(|(byte, arms)| {
            let byte = Literal::byte_character(*byte);
            quote!(#byte => match name { #(#arms,)* _ => return None })
        });
        let (length, at) = (
            Literal::usize_unsuffixed(*length),
            Literal::usize_unsuffixed(at),
        );
        quote!(#length => match name.as_bytes()[#at] { #(#bytes,)* _ => return None })
    });
    let items = quote! {
        use crate::catalog::event_type::EventType;

        impl EventType {
            pub(crate) fn from_name(name: &str) -> Option<Self> {
                Some(match name.len() {
                    #(#lengths,)*
                    _ => return None,
                })
            }
        }
    };
    let docs = ["From the name of an event to the event.".to_owned()];
    text::file("by_name.rs", &docs, items)
}

/// The place where names of one length have the most different bytes.
fn telling_byte(length: usize, events: &[&Event<'_>]) -> usize {
    let different = |at: &usize| {
        let bytes = events
            .iter()
            .map(|event| event.schema.event_type.as_bytes()[*at]);
        bytes.collect::<BTreeSet<u8>>().len()
    };
    // The first of the best: the code is the same on each machine.
    let places = (0..length).rev();
    places.max_by_key(different).unwrap_or_default()
}

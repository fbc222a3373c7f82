//! The check that a handler handles the events that its entry in `dispatcher!` names.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::Path;

use super::input::{Entry, Events};
use crate::attr::named_events;
use crate::marker::spelled;
use crate::mistakes::{Mistakes, compile_error};
use crate::place::Place;
use crate::root::Root;

/// The check, for the handler with this alias; nothing if the entry names no events.
pub(super) fn check(root: &Root, alias: &proc_macro2::Ident, entry: &Entry) -> Option<TokenStream> {
    let mut mistakes = Mistakes::default();
    let (mut names, mut constants, mut is_fallback) = (Vec::new(), Vec::new(), false);
    for events in &entry.events {
        match events {
            Events::Named(name, constant) => {
                names.push(name.clone());
                constants.extend(constant);
            }
            Events::Fallback(word) if entry.events.len() > 1 => {
                let problem = "`fallback` handles every event without a handler and takes no names\n\
                               help: one entry for the fallback, another for the names";
                mistakes.add(word, problem);
            }
            Events::Fallback(_) => is_fallback = true,
        }
    }
    let first = entry.events.first()?;
    let place = match first {
        Events::Named(name, _) => Place::word(name.span()),
        Events::Fallback(word) => Place::word(word.span()),
    };
    let events = named_events(names, &mut mistakes);
    if let Err(error) = mistakes.into_result() {
        return Some(compile_error(&error));
    }
    let handler = spelled(&entry.handler);
    let problem = match events.as_slice() {
        [] => format!(
            "`{handler}` is not a fallback: its attribute is not `#[feishu_handler(fallback)]`"
        ),
        [one] => format!("`{handler}` handles another event than `{}`", one.name),
        _ => format!("`{handler}` handles other events than these"),
    };
    let variants = events
        .iter()
        .map(|event| format_ident!("{}", event.variant));
    let private = root.private();
    let check = quote! {
        #private::handles(
            <#alias as #private::Registered>::HANDLED,
            &[#(#private::EventType::#variants),*],
            #is_fallback,
        )
    };
    let check = place.put(quote!(::core::assert!(#check, #problem)));
    let used = used(&constants);
    Some(quote!(const _: () = #check; #used))
}

/// A use of the constants, so that no import of them is left over.
fn used(constants: &[&Path]) -> Option<TokenStream> {
    let count = constants.len();
    (count > 0).then(|| quote!(const _: [&str; #count] = [#(#constants),*];))
}

//! The attribute's argument: the name of an event.

use proc_macro2::{Span, TokenStream};
use syn::LitStr;

use crate::event_table::{self, Event};
use crate::nearest::nearest;

/// A documented event, and the literal that names it.
pub(crate) struct Named {
    pub(crate) literal: LitStr,
    pub(crate) event: &'static Event,
}

/// Reads the attribute's argument.
pub(crate) fn parse(attribute: TokenStream) -> syn::Result<Named> {
    let help = "help: write `#[feishu_handler(\"contact.department.updated_v3\")]`";
    if attribute.is_empty() {
        // There is no token to point at but the attribute itself, which this span is.
        let problem = format!("the name of the event is missing\n{help}");
        return Err(syn::Error::new(Span::call_site(), problem));
    }
    let literal: LitStr = syn::parse2(attribute).map_err(|error| {
        syn::Error::new(
            error.span(),
            format!("expected the name of one event\n{help}"),
        )
    })?;
    let name = literal.value();
    match event_table::find(&name) {
        Some(event) => Ok(Named { literal, event }),
        None => Err(syn::Error::new(literal.span(), unknown(&name))),
    }
}

fn unknown(name: &str) -> String {
    let near: Vec<String> = nearest(name)
        .iter()
        .map(|name| format!("`{name}`"))
        .collect();
    let help = match near.as_slice() {
        [] => "no name is near to it; `feishu_events::EventType` lists all".to_owned(),
        [one] => format!("did you mean {one}?"),
        several => format!("did you mean one of {}?", several.join(", ")),
    };
    format!("no event is named `{name}`\nhelp: {help}")
}

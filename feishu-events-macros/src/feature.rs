//! Handlers of events whose service's feature may be off.

use proc_macro2::{Span, TokenStream};
use quote::quote;

use crate::event_table::{Event, ident};
use crate::place::Place;
use crate::root::Root;

/// `code` if the feature of the event's service is on, else an error at the event's name, `at`, and
/// `without`.
///
/// The features are those of `feishu-events`, so that this is decided there, by a macro.
pub(crate) fn gated(
    root: &Root,
    event: &Event,
    at: Span,
    code: &TokenStream,
    without: &TokenStream,
) -> TokenStream {
    let (name, gate) = (event.name, ident(event.service, Span::call_site()));
    let service = event.service.trim_start_matches("r#");
    let problem = format!(
        "the feature `{service}` of `feishu-events`, which `{name}` needs, is off\n\
         help: enable it in Cargo.toml: `feishu-events = {{ …, features = [\"{service}\"] }}`"
    );
    let private = root.private();
    let problem = Place::error(at, &problem);
    quote!(#private::feature_gates::#gate! { { #code } { #problem #without } })
}

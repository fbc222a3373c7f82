//! The table of event names that the macros check against.

use quote::quote;

use super::text;
use crate::error::Result;
use crate::model::Model;

/// The text of the module with the table.
pub(super) fn event_table(model: &Model<'_>) -> Result<String> {
    let events = model.events.iter().map(|event| {
        let (name, service) = (&event.schema.event_type, &event.service);
        let (variant, payload) = (&event.variant, &event.payload);
        quote!(Event { name: #name, variant: #variant, service: #service, payload: #payload })
    });
    let items = quote! {
        use crate::event_table::Event;

        pub(crate) static EVENTS: &[Event] = &[#(#events,)*];
    };
    text::file(
        "mod.rs",
        &["All documented events, sorted by name.".to_owned()],
        items,
    )
}

//! The table of event names that the macros check against.

use quote::quote;

use super::text;
use crate::error::Result;
use crate::model::Model;
use crate::schema::EventKind;

/// The text of the module with the table.
pub(super) fn event_table(model: &Model<'_>) -> Result<String> {
    let events = model.events.iter().map(|event| {
        let (name, service) = (&event.schema.event_type, &event.module);
        let (variant, payload) = (&event.variant, &event.payload);
        let is_callback = event.schema.kind == EventKind::Callback;
        quote!(Event { name: #name, variant: #variant, service: #service, payload: #payload, is_callback: #is_callback })
    });
    let items = quote! {
        use crate::event_table::Event;

        pub(crate) static EVENTS: &[Event] = &[#(#events,)*];
    };
    text::file(
        "mod.rs",
        &["All known events, sorted by name.".to_owned()],
        items,
    )
}

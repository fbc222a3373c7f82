//! The enum `EventType`.

use proc_macro2::Ident;
use quote::quote;

use super::dispatch::summary;
use super::idents::type_ident;
use super::{doc_lines, text};
use crate::error::Result;
use crate::model::Model;

/// The text of the module with the enum.
pub(super) fn event_type_enum(model: &Model<'_>) -> Result<String> {
    let variants = model.events.iter().map(|event| {
        let docs = doc_lines::attributes(&[summary(event)]);
        let variant = type_ident(&event.variant);
        quote!(#docs #variant)
    });
    let idents: Vec<Ident> = model
        .events
        .iter()
        .map(|e| type_ident(&e.variant))
        .collect();
    let items = quote! {
        /// The name of an event that is known here, and what its documentation says.
        ///
        /// ```
        /// use feishu_events::EventType;
        ///
        /// let event_type: EventType = "contact.department.updated_v3".parse()?;
        /// assert_eq!(event_type, EventType::ContactDepartmentUpdatedV3);
        /// assert_eq!(event_type.to_string(), "contact.department.updated_v3");
        /// # Ok::<(), feishu_events::UnknownEventType>(())
        /// ```
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum EventType { #(#variants,)* }

        impl EventType {
            /// All events that are known, sorted by name.
            pub const ALL: &'static [Self] = &[#(Self::#idents,)*];
        }
    };
    text::file(
        "event_type.rs",
        &["The names of all events.".to_owned()],
        items,
    )
}

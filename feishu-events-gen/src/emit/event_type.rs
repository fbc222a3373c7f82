//! The enum `EventType` and the facts behind it.

use std::collections::BTreeMap;

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

use super::dispatch::summary;
use super::structs::type_ident;
use super::{doc_lines, text};
use crate::error::Result;
use crate::model::{Event, Model};
use crate::schema::{AppType, EventKind, Protocol};

/// The text of the module with the enum and its facts.
pub(super) fn event_type_enum(model: &Model<'_>) -> Result<String> {
    let mut scope_lists = ScopeLists::default();
    let facts: Vec<TokenStream> = model
        .events
        .iter()
        .map(|event| facts(event, &mut scope_lists))
        .collect();
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
    let scope_lists = scope_lists.items();
    let items = quote! {
        use crate::event_type::{AppType, Facts, FieldScopes, Scope};
        use crate::header::Protocol;

        /// The name of a documented event, and what its documentation says.
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
            /// All documented events, sorted by name.
            pub const ALL: &'static [Self] = &[#(Self::#idents,)*];

            pub(crate) fn facts(self) -> &'static Facts {
                &FACTS[self as usize]
            }
        }

        static FACTS: &[Facts] = &[#(#facts,)*];

        #(#scope_lists)*
    };
    text::file(
        "event_type.rs",
        &["Names and facts of all documented events.".to_owned()],
        items,
    )
}

fn facts(event: &Event<'_>, scope_lists: &mut ScopeLists) -> TokenStream {
    let schema = event.schema;
    let (name, service, title) = (&schema.event_type, &event.service, &schema.title);
    let protocol = match schema.protocol {
        Protocol::V1 => quote!(Protocol::V1),
        Protocol::V2 => quote!(Protocol::V2),
    };
    let app_types = schema.app_types.iter().map(|app_type| match app_type {
        AppType::Custom => quote!(AppType::Custom),
        AppType::Isv => quote!(AppType::Isv),
    });
    let history = &schema.history_scopes;
    let scopes = scope_lists.name(&schema.scopes, history);
    let fields = event.field_scopes.iter().map(|(path, scopes)| {
        let scopes = scope_lists.name(scopes, history);
        quote!(FieldScopes::new(#path, #scopes))
    });
    let fields: Vec<TokenStream> = fields.collect();
    let page = schema.document.as_ref();
    let document = page.map(|page| page.path.as_str()).unwrap_or_default();
    let updated = page.and_then(|page| page.updated.as_deref());
    let updated = updated.unwrap_or_default();
    let known_to = &schema.known_to;
    let is_callback = schema.kind == EventKind::Callback;
    quote! {
        Facts {
            name: #name,
            service: #service,
            title: #title,
            protocol: #protocol,
            app_types: &[#(#app_types),*],
            scopes: #scopes,
            fields: &[#(#fields),*],
            document: #document,
            updated: #updated,
            known_to: &[#(#known_to),*],
            is_callback: #is_callback,
        }
    }
}

/// The lists of scopes that occur, each written once: most fields of an event need the same.
#[derive(Default)]
struct ScopeLists(BTreeMap<Vec<(String, bool)>, Ident>);

impl ScopeLists {
    fn name(&mut self, scopes: &[String], history: &[String]) -> TokenStream {
        if scopes.is_empty() {
            return quote!(&[]);
        }
        let list = scopes
            .iter()
            .map(|scope| (scope.clone(), history.contains(scope)))
            .collect();
        let next = self.0.len();
        let new = || Ident::new(&format!("SCOPES_{next}"), Span::call_site());
        let name = self.0.entry(list).or_insert_with(new);
        quote!(#name)
    }

    fn items(self) -> Vec<TokenStream> {
        let item = |(list, name): (Vec<(String, bool)>, Ident)| {
            let scopes = list.iter().map(|(scope, history)| {
                let kind = if *history {
                    quote!(history)
                } else {
                    quote!(current)
                };
                quote!(Scope::#kind(#scope))
            });
            quote!(const #name: &[Scope] = &[#(#scopes),*];)
        };
        self.0.into_iter().map(item).collect()
    }
}

//! The metadata of the events, one table for each kind of fact.
//!
//! Programs that never ask for titles, pages or scopes do not contain them: the linker can leave out a
//! table that nothing reads, but not a member of a struct.

use proc_macro2::{Literal, TokenStream};
use quote::{format_ident, quote};

use super::scope_lists::{ScopeLists, app_types};
use super::{portals, text};
use crate::error::Result;
use crate::model::{Event, Model};
use crate::overlay;
use crate::schema::{EventKind, Protocol};

/// The text of the module with the tables.
pub(super) fn metadata(model: &Model<'_>) -> Result<String> {
    let mut scope_lists = ScopeLists::default();
    let names = model.events.iter().map(|event| &event.schema.event_type);
    let count = Literal::usize_unsuffixed(model.events.len());
    // Not a table of the program: the library makes a smaller one of it.
    let mut tables = vec![quote!(pub(crate) const NAMES: [&str; #count] = [#(#names),*];)];
    let mut table =
        |name: &str, of: TokenStream, fact: &mut dyn FnMut(&Event<'_>) -> TokenStream| {
            let name = format_ident!("{name}");
            let facts: Vec<TokenStream> = model.events.iter().map(fact).collect();
            let count = Literal::usize_unsuffixed(facts.len());
            tables.push(quote!(pub(crate) static #name: [#of; #count] = [#(#facts),*];));
        };
    table("SERVICES", quote!(&str), &mut |event| {
        let service = event.feature();
        quote!(#service)
    });
    table("PROTOCOLS", quote!(Protocol), &mut protocol);
    table("ARE_CALLBACKS", quote!(bool), &mut |event| {
        let is_callback = event.schema.kind == EventKind::Callback;
        quote!(#is_callback)
    });
    table("TITLES", quote!(&str), &mut |event| {
        let title = &event.schema.title;
        quote!(#title)
    });
    table("DOCUMENTS", quote!(&str), &mut |event| {
        let page = event.schema.document.as_ref();
        let path = page.map(|page| page.path.as_str()).unwrap_or_default();
        quote!(#path)
    });
    table("UPDATED", quote!(&str), &mut |event| {
        let page = event.schema.document.as_ref();
        let day = page.and_then(|page| page.updated.as_deref());
        let day = day.unwrap_or_default();
        quote!(#day)
    });
    table("KNOWN_TO", quote!(&[&str]), &mut |event| {
        let known_to = &event.schema.known_to;
        quote!(&[#(#known_to),*])
    });
    table("APP_TYPES", quote!(&[AppType]), &mut |event| {
        app_types(&event.schema.app_types)
    });
    table("SCOPES", quote!(&[Scope]), &mut |event| {
        scope_lists.name(&event.schema.scopes, &event.schema.history_scopes)
    });
    table("FIELD_SCOPES", quote!(&[FieldScopes]), &mut |event| {
        let history = &event.schema.history_scopes;
        let fields = event.field_scopes.iter().map(|(path, scopes)| {
            let scopes = scope_lists.name(scopes, history);
            quote!(FieldScopes::new(#path, #scopes))
        });
        quote!(&[#(#fields),*])
    });
    table("SCOPE_GROUPS", quote!(&[ScopeGroup]), &mut |event| {
        let history = &event.schema.history_scopes;
        let groups = event.access.brings.iter().map(|(brings, scopes)| {
            let scopes = scope_lists.name(scopes, history);
            quote!(ScopeGroup::new(#brings, #scopes))
        });
        quote!(&[#(#groups),*])
    });
    table(
        "SUBSCRIPTIONS",
        quote!(Option<Subscription>),
        &mut subscription,
    );
    table("IDENTITIES", quote!(&[Identity]), &mut |event| {
        let identities = event
            .access
            .identities
            .iter()
            .map(|identity| match identity {
                overlay::Identity::App => quote!(Identity::App),
                overlay::Identity::User => quote!(Identity::User),
            });
        quote!(&[#(#identities),*])
    });
    tables.extend(portals::tables(model, &mut scope_lists));
    let scope_lists = scope_lists.items();
    let items = quote! {
        use crate::catalog::access::{Identity, ScopeGroup, Subscription};
        use crate::catalog::event_type::{AppType, EventType, FieldScopes, Scope};
        use crate::catalog::protocol::Protocol;

        #(#tables)*
        #(#scope_lists)*
    };
    let docs = [
        "The metadata of all events, one table for each kind of fact, in the order of `EventType`."
            .to_owned(),
        String::new(),
        "The linker leaves out the tables that a program never reads.".to_owned(),
    ];
    text::file("metadata.rs", &docs, items)
}

fn protocol(event: &Event<'_>) -> TokenStream {
    match event.schema.protocol {
        Protocol::V1 => quote!(Protocol::V1),
        Protocol::V2 => quote!(Protocol::V2),
    }
}

fn subscription(event: &Event<'_>) -> TokenStream {
    let Some(call) = &event.access.subscription else {
        return quote!(None);
    };
    let overlay::SubscriptionCall { method, path, per } = call;
    quote!(Some(Subscription::new(#method, #path, #per)))
}

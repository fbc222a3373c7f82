//! How Lark's documentation differs from Feishu's: tables of only the events that differ.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::idents::type_ident;
use super::scope_lists::{ScopeLists, app_types};
use crate::model::{Event, Model};
use crate::schema::Lark;

/// The tables, each sorted as `EventType` is.
pub(super) fn tables(model: &Model<'_>, scope_lists: &mut ScopeLists) -> Vec<TokenStream> {
    let mut tables = Vec::new();
    let only = model.events.iter().filter(|event| is_only_on_lark(event));
    let only = only.map(|event| type_ident(&event.variant));
    tables.push(quote!(pub(crate) static ONLY_LARK: &[EventType] = &[#(EventType::#only),*];));
    let mut table =
        |name: &str,
         of: TokenStream,
         fact: &mut dyn FnMut(&Event<'_>, &Lark) -> Option<TokenStream>| {
            let name = format_ident!("{name}");
            let facts = model.events.iter().filter_map(|event| {
                let lark = event.schema.lark.as_ref().filter(|lark| !lark.only)?;
                let (variant, fact) = (type_ident(&event.variant), fact(event, lark)?);
                Some(quote!((EventType::#variant, #fact)))
            });
            let facts: Vec<TokenStream> = facts.collect();
            tables.push(quote!(pub(crate) static #name: &[(EventType, #of)] = &[#(#facts),*];));
        };
    table("LARK_DOCUMENTS", quote!(&str), &mut |event, lark| {
        let document = lark.document.as_ref().or(event.schema.document.as_ref())?;
        let path = &document.path;
        Some(quote!(#path))
    });
    table("LARK_APP_TYPES", quote!(&[AppType]), &mut |_, lark| {
        lark.app_types.as_deref().map(app_types)
    });
    table("LARK_SCOPES", quote!(&[Scope]), &mut |event, lark| {
        let scopes = lark.scopes.as_ref()?;
        Some(scope_lists.name(scopes, &event.schema.history_scopes))
    });
    table(
        "LARK_SCOPE_GROUPS",
        quote!(&[ScopeGroup]),
        &mut |event, lark| {
            let known = lark.scopes.as_ref()?;
            let groups = event.access.brings.iter().filter_map(|(brings, scopes)| {
                let scopes = scopes.iter().filter(|scope| known.contains(scope));
                let scopes: Vec<String> = scopes.cloned().collect();
                let list = scope_lists.name(&scopes, &event.schema.history_scopes);
                (!scopes.is_empty()).then(|| quote!(ScopeGroup::new(#brings, #list)))
            });
            Some(quote!(&[#(#groups),*]))
        },
    );
    table(
        "LARK_FIELD_SCOPES",
        quote!(&[FieldScopes]),
        &mut |event, lark| {
            let scopes = lark_field_scopes(event, lark)?
                .into_iter()
                .map(|(path, scopes)| {
                    let scopes = scope_lists.name(scopes, &event.schema.history_scopes);
                    quote!(FieldScopes::new(#path, #scopes))
                });
            Some(quote!(&[#(#scopes),*]))
        },
    );
    tables
}

fn is_only_on_lark(event: &Event<'_>) -> bool {
    event.schema.lark.as_ref().is_some_and(|lark| lark.only)
}

/// The fields that need scopes on Lark, if these are not the same as on Feishu.
fn lark_field_scopes<'a>(
    event: &'a Event<'_>,
    lark: &'a Lark,
) -> Option<Vec<(&'a str, &'a [String])>> {
    let ours = event.field_scopes.iter();
    let ours = ours.map(|(pointer, scopes)| (pointer.as_str(), scopes.as_slice()));
    let ours: Vec<_> = ours.collect();
    let theirs = ours.iter().filter_map(|(pointer, scopes)| {
        // `/object/leaders/-/leaderID` is `event.object.leaders.leaderID` in the table.
        let names = pointer.split('/').skip(1).filter(|name| *name != "-");
        let path: String = names.fold("event".to_owned(), |path, name| path + "." + name);
        if lark.without.contains(&path) {
            return None;
        }
        let row = lark.fields.iter().find(|row| row.path == path);
        let other = row.map(|row| row.scopes.as_slice());
        Some((
            *pointer,
            other.filter(|other| !other.is_empty()).unwrap_or(scopes),
        ))
    });
    let theirs: Vec<_> = theirs.collect();
    (theirs != ours).then_some(theirs)
}

//! Lists of scopes and of kinds of app in the tables of metadata.

use std::collections::BTreeMap;

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

use crate::schema::AppType;

pub(super) fn app_types(app_types: &[AppType]) -> TokenStream {
    let app_types = app_types.iter().map(|app_type| match app_type {
        AppType::Custom => quote!(AppType::Custom),
        AppType::Isv => quote!(AppType::Isv),
    });
    quote!(&[#(#app_types),*])
}

/// The distinct lists of scopes, each emitted once: most fields of an event need the same.
#[derive(Default)]
pub(super) struct ScopeLists(BTreeMap<Vec<(String, bool)>, Ident>);

impl ScopeLists {
    pub(super) fn name(&mut self, scopes: &[String], history: &[String]) -> TokenStream {
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

    pub(super) fn items(self) -> Vec<TokenStream> {
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

//! The types of a user's own schemas, in one file for a crate that uses the library.

use quote::quote;

use super::home::Home;
use super::{doc_lines, idents, structs, text};
use crate::error::Result;
use crate::model::Model;
use crate::names::{self, Taken};

/// The text of the file: a module a service, in it a struct for each payload and nested type.
///
/// # Errors
/// Code that does not parse, a mistake of the generator.
pub fn users_file(model: &Model<'_>) -> Result<String> {
    let mut taken = Taken::default();
    let services = model.services.iter().map(|service| {
        let doc = service.doc.clone();
        let doc = doc.unwrap_or_else(|| format!("Events of the service `{}`.", service.name));
        let docs = doc_lines::attributes(&[doc]);
        let name = idents::any_ident(&taken.take(&names::module_name(&service.name)));
        let items = structs::module_items(service, model, Home::Users);
        quote!(#docs #[allow(clippy::doc_markdown)] pub mod #name { #items })
    });
    text::file("feishu_events.rs", &[], quote!(#(#services)*))
}

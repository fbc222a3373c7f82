//! The types of a user's own schemas, in one file for a crate that uses the library.

use quote::{ToTokens, quote};

use super::home::Home;
use super::{doc_lines, idents, structs, text};
use crate::error::{Error, Result};
use crate::model::Model;
use crate::names::{self, Taken};

/// The text of the file: a module for each service, with a struct for each payload and nested type. Its
/// paths to the library begin with `crate_path`.
///
/// # Errors
/// A `crate_path` that is not a path; code that does not parse, which is a bug of the generator.
pub fn users_file(model: &Model<'_>, crate_path: &str) -> Result<String> {
    let path: syn::Path =
        syn::parse_str(crate_path).map_err(|_| Error::CratePath(crate_path.to_owned()))?;
    let root = path.to_token_stream();
    let mut taken = Taken::default();
    let services = model.services.iter().map(|service| {
        let doc = service.doc.clone();
        let doc = doc.unwrap_or_else(|| format!("Events of the service `{}`.", service.name));
        let docs = doc_lines::attributes(&[doc]);
        let name = idents::any_ident(&taken.take(&names::module_name(&service.name)));
        let items = structs::module_items(service, model, Home::Users(&root));
        quote!(#docs #[allow(clippy::doc_markdown)] pub mod #name { #items })
    });
    text::file("feishu_events.rs", &[], quote!(#(#services)*))
}

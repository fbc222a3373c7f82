//! A constant for the name of each event.

use quote::quote;

use super::dispatch::summary;
use super::idents::type_ident;
use super::{doc_lines, text};
use crate::error::Result;
use crate::model::Model;

/// The text of the module with the constants.
///
/// `#[feishu_handler]` accepts them in place of a literal, and recognizes them by this spelling.
pub(super) fn name_constants(model: &Model<'_>) -> Result<String> {
    let constants = model.events.iter().map(|event| {
        let name = &event.schema.event_type;
        let constant = type_ident(&event.constant);
        let docs = doc_lines::attributes(&[summary(event)]);
        quote!(#docs pub const #constant: &str = #name;)
    });
    let docs = [
        "The names of all known events, as constants.".to_owned(),
        String::new(),
        "`#[feishu_handler]` takes them in place of a literal, so that an editor can complete them."
            .to_owned(),
    ];
    text::file("names.rs", &docs, quote!(#(#constants)*))
}

//! Model → files: types, dispatch enum, metadata, the macros' table and cargo features, all from one
//! ordered list of events.

use std::path::Path;

use crate::error::Result;
use crate::model::Model;
use crate::output::Output;

mod dispatch;
mod doc_lines;
mod enums;
mod event_table;
mod event_type;
mod feature_gates;
mod home;
mod idents;
mod manifest;
mod metadata;
mod name_constants;
mod portals;
mod scope_lists;
mod services;
mod structs;
mod text;
pub(crate) mod users;

/// Where the generated files of a project are, below its root.
#[derive(Debug, Clone, Copy)]
pub struct Layout<'a> {
    /// The folder of types, dispatch enum and catalog; files in it that are not generated are stale.
    pub types: &'a str,
    /// The folder of the macros' event table; files in it that are not generated are stale.
    pub macros: &'a str,
    /// The manifest whose features follow from the services.
    pub manifest: &'a str,
}

/// Emits all generated files of a project.
///
/// `manifest` is the current text of the manifest; the part between its markers is replaced.
///
/// # Errors
/// A manifest without markers; code that does not parse, which is a bug of the generator.
pub fn emit(model: &Model<'_>, layout: Layout<'_>, manifest: &str) -> Result<Output> {
    let Layout { types, macros, .. } = layout;
    let mut output = Output::default();
    output.own_folder(types);
    output.own_folder(macros);
    let mut add = |folder: &str, name: &str, text: String| {
        output.insert(Path::new(folder).join(name), text);
    };
    add(types, "event.rs", dispatch::event_enum(model)?);
    add(
        types,
        "feature_gates.rs",
        feature_gates::feature_gates(model)?,
    );
    add(types, "reexports.rs", services::reexports(model)?);
    add(types, "documented.rs", services::documented(model)?);
    let event_type = event_type::event_type_enum(model)?;
    add(types, "catalog/event_type.rs", event_type);
    add(types, "catalog/metadata.rs", metadata::metadata(model)?);
    let names = name_constants::name_constants(model)?;
    add(types, "catalog/names.rs", names);
    add(types, "services/mod.rs", services::module_list(model)?);
    for service in &model.services {
        let file = format!("services/{}.rs", service.feature());
        add(types, &file, structs::service_module(service, model)?);
    }
    add(macros, "mod.rs", event_table::event_table(model)?);
    let manifest = manifest::with_features(layout.manifest, manifest, model)?;
    output.insert(layout.manifest, manifest);
    Ok(output)
}

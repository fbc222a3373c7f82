//! Model → files. One ordered list of events makes all of them: types, dispatch enum, facts, the
//! macros' table, cargo features.

use std::path::Path;

use crate::error::Result;
use crate::model::Model;
use crate::output::Output;

mod by_name;
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
mod services;
mod structs;
mod text;
pub mod users;

const TYPES: &str = "feishu-events/src/generated";
const MACROS: &str = "feishu-events-macros/src/generated";
/// The manifest whose features follow from the services, below the root of the project.
pub const MANIFEST: &str = "feishu-events/Cargo.toml";

/// Emits all generated files of this project, with paths below its root.
///
/// `manifest` is the text of [`MANIFEST`] as it is; what stands between its markers is replaced.
///
/// # Errors
/// A manifest without markers, and code that does not parse, a mistake of the generator.
pub fn emit(model: &Model<'_>, manifest: &str) -> Result<Output> {
    let mut output = Output::default();
    output.own_folder(TYPES);
    output.own_folder(MACROS);
    let mut add = |folder: &str, name: &str, text: String| {
        output.insert(Path::new(folder).join(name), text);
    };
    add(TYPES, "event.rs", dispatch::event_enum(model)?);
    add(
        TYPES,
        "feature_gates.rs",
        feature_gates::feature_gates(model)?,
    );
    add(TYPES, "reexports.rs", services::reexports(model)?);
    add(TYPES, "catalog/by_name.rs", by_name::by_name(model)?);
    let event_type = event_type::event_type_enum(model)?;
    add(TYPES, "catalog/event_type.rs", event_type);
    add(TYPES, "catalog/metadata.rs", metadata::metadata(model)?);
    let names = name_constants::name_constants(model)?;
    add(TYPES, "catalog/names.rs", names);
    add(TYPES, "services/mod.rs", services::module_list(model)?);
    for service in &model.services {
        let file = format!("services/{}.rs", service.feature());
        add(TYPES, &file, structs::service_module(service, model)?);
    }
    add(MACROS, "mod.rs", event_table::event_table(model)?);
    output.insert(MANIFEST, manifest::with_features(manifest, model)?);
    Ok(output)
}

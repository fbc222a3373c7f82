//! Generates from the project's schemas the types with derives, and a handler for each event.

use std::error::Error;

#[cfg(feature = "derived")]
#[path = "src/plain.rs"]
#[allow(unreachable_pub, reason = "it is public in the library")]
mod plain;

#[cfg(feature = "derived")]
#[allow(clippy::unnecessary_wraps, reason = "nothing is generated")]
fn main() -> Result<(), Box<dyn Error>> {
    use std::path::Path;
    use std::{env, fs};

    let schemas = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../schemas");
    println!("cargo::rerun-if-changed={}", schemas.display());
    let sources = feishu_events_gen::internals::Sources::load(&schemas)?;
    let (model, out) = (sources.model()?, env::var("OUT_DIR")?);
    fs::write(
        Path::new(&out).join("types.rs"),
        plain::plain_derives(&model),
    )?;
    fs::write(Path::new(&out).join("handlers.rs"), handlers(&model))?;
    Ok(())
}

/// A handler for each event, and a dispatcher with all of them.
#[cfg(feature = "derived")]
fn handlers(model: &feishu_events_gen::internals::model::Model<'_>) -> String {
    use feishu_events_gen::internals::schema::EventKind;

    let events = model.events.iter().map(|event| event.schema);
    let events = events.filter(|schema| schema.kind == EventKind::Event);
    let (mut functions, mut names) = (String::new(), Vec::new());
    for (number, schema) in events.enumerate() {
        let name = &schema.event_type;
        functions += &format!("#[feishu_handler({name:?})]\nfn on_event_{number}() {{}}\n\n");
        names.push(format!("on_event_{number}"));
    }
    let (count, names) = (names.len(), names.join(", "));
    format!(
        "{functions}pub(crate) const COUNT: usize = {count};\n\n\
         pub(crate) fn all() -> Dispatcher {{\n    dispatcher![{names}]\n}}\n"
    )
}

#[cfg(not(feature = "derived"))]
#[allow(clippy::unnecessary_wraps, reason = "nothing is generated")]
fn main() -> Result<(), Box<dyn Error>> {
    Ok(())
}

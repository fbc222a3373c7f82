//! Generates the types from the project's schemas.

use std::path::Path;
use std::{env, error, fs};

use feishu_events_gen::{Sources, emit};

fn main() -> Result<(), Box<dyn error::Error>> {
    let schemas = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../schemas");
    println!("cargo::rerun-if-changed={}", schemas.display());
    let sources = Sources::load(&schemas)?;
    let text = emit::plain::plain_derives(&sources.model()?)?;
    fs::write(Path::new(&env::var("OUT_DIR")?).join("types.rs"), text)?;
    Ok(())
}

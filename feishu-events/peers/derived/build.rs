//! Generates the types from the project's schemas.

use std::path::Path;
use std::{env, error, fs};

use feishu_events_gen::{Overlay, SchemaSet, emit, resolve};

fn main() -> Result<(), Box<dyn error::Error>> {
    let schemas = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../schemas");
    println!("cargo::rerun-if-changed={}", schemas.display());
    let overlay = Overlay::load(&schemas.join("overlay"))?;
    let mut schemas = SchemaSet::load(&schemas)?;
    overlay.correct(&mut schemas)?;
    let text = emit::plain::plain_derives(&resolve(&schemas, &overlay)?)?;
    fs::write(Path::new(&env::var("OUT_DIR")?).join("types.rs"), text)?;
    Ok(())
}

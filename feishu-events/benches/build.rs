//! Generates the types with derives from the project's schemas.

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
    let text = plain::plain_derives(&sources.model()?);
    fs::write(Path::new(&env::var("OUT_DIR")?).join("types.rs"), text)?;
    Ok(())
}

#[cfg(not(feature = "derived"))]
#[allow(clippy::unnecessary_wraps, reason = "nothing is generated")]
fn main() -> Result<(), Box<dyn Error>> {
    Ok(())
}

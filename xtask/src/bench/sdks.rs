//! Installs the official SDKs, for the comparisons.

use std::ffi::OsString;
use std::path::Path;
use std::process::Command;

use miette::{IntoDiagnostic, Result};

/// Installs the SDKs into `target/sdks`, if this machine has the tools for it.
///
/// # Errors
/// A folder that can't be created.
pub(super) fn install(root: &Path) -> Result<()> {
    let folder = root.join("target/sdks");
    std::fs::create_dir_all(&folder).into_diagnostic()?;
    let venv = folder.join("venv");
    let mut make = Command::new("python3");
    make.args(["-m", "venv"]).arg(&venv);
    let mut pip = Command::new(venv.join("bin/python"));
    pip.args(["-m", "pip", "install", "--quiet", "--upgrade", "lark-oapi"]);
    if !(succeeds(&mut make) && succeeds(&mut pip)) {
        eprintln!("PyPI's lark-oapi can't be installed here");
    }
    let mut npm = Command::new("npm");
    npm.args(["install", "--silent", "--prefix"]).arg(&folder);
    if !succeeds(npm.arg("@larksuiteoapi/node-sdk@latest")) {
        eprintln!("npm's @larksuiteoapi/node-sdk can't be installed here");
    }
    Ok(())
}

fn succeeds(command: &mut Command) -> bool {
    command.status().is_ok_and(|status| status.success())
}

/// The variables by which programs find the SDKs, except for those that are already set.
pub(super) fn environment(root: &Path) -> Vec<(&'static str, OsString)> {
    let folder = root.join("target/sdks");
    [
        ("PYTHON", folder.join("venv/bin/python")),
        ("NODE_PATH", folder.join("node_modules")),
    ]
    .into_iter()
    .filter(|(name, path)| std::env::var_os(name).is_none() && path.exists())
    .map(|(name, path)| (name, path.into_os_string()))
    .collect()
}

//! The real pages: they are not part of the project, and `FEISHU_DOCS` says where they lie.

#![allow(
    dead_code,
    reason = "not every test that includes this needs all of it"
)]

use std::io::Write;
use std::path::PathBuf;
use std::sync::Once;

static TELL: Once = Once::new();

/// The folder `name` of the real pages; nothing, and a line that says so, if there are none.
pub(crate) fn folder(name: &str) -> Option<PathBuf> {
    let Some(docs) = std::env::var_os("FEISHU_DOCS") else {
        TELL.call_once(|| {
            // Not by `eprintln!`: what that prints is hidden as long as the test passes.
            let line = b"SKIPPED: FEISHU_DOCS is not set, the real pages are not read\n";
            std::io::stderr().write_all(line).unwrap();
        });
        return None;
    };
    // Tests run in the folder of their crate; the variable is meant from the workspace.
    let docs = PathBuf::from(docs);
    let docs = if docs.is_relative() && !docs.exists() {
        PathBuf::from("..").join(docs)
    } else {
        docs
    };
    let folder = docs.join(name);
    assert!(folder.is_dir(), "FEISHU_DOCS has no folder `{name}`");
    Some(folder)
}

/// The pages below `folder`, sorted.
pub(crate) fn pages(folder: PathBuf) -> Vec<PathBuf> {
    let mut pages = files(folder);
    pages.retain(|page| page.extension().is_some_and(|extension| extension == "md"));
    pages
}

/// The files below `folder`, sorted.
pub(crate) fn files(folder: PathBuf) -> Vec<PathBuf> {
    let mut pages = Vec::new();
    let mut folders = vec![folder];
    while let Some(inner) = folders.pop() {
        for entry in std::fs::read_dir(inner).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                pages.push(path);
            }
        }
    }
    pages.sort();
    pages
}

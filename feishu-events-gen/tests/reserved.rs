//! Names that the library uses in its root cannot be names of services.

#![allow(clippy::unwrap_used, reason = "a test that fails may do so at once")]

use std::fs;
use std::path::Path;

use feishu_events_gen::internals::names::RESERVED_SERVICES;

#[test]
fn everything_that_the_library_has_is_reserved() {
    let library = Path::new(env!("CARGO_MANIFEST_DIR")).join("../feishu-events");
    let read = |file: &str| fs::read_to_string(library.join(file)).unwrap();
    let code = read("src/lib.rs");
    let modules = code.lines().filter_map(|line| {
        let line = line
            .trim()
            .trim_start_matches("pub ")
            .trim_start_matches("pub(crate) ");
        line.strip_prefix("mod ")?.strip_suffix(';')
    });
    let manifest = read("Cargo.toml");
    let services = manifest.split_once("# @generated").unwrap().1;
    let services = services.split_once("# end of what is generated").unwrap().0;
    let by_hand = manifest.replace(services, "");
    let keys = by_hand.lines().filter_map(|line| line.split_once(" = "));
    // The keys of the package itself are neither features nor dependencies; they do no harm.
    let keys = keys.filter(|(_, value)| value.starts_with(['{', '[']));
    let workspace = by_hand
        .lines()
        .filter_map(|line| line.strip_suffix(".workspace = true"));
    let package = [
        "version",
        "edition",
        "rust-version",
        "license",
        "repository",
        "categories",
        "keywords",
        "exclude",
        "rustdoc-args",
        "lints",
        "required-features",
    ];
    let names = modules.chain(keys.map(|(key, _)| key)).chain(workspace);
    let names = names.filter(|name| !package.contains(name));
    let names: Vec<String> = names.map(|name| name.replace('-', "_")).collect();
    assert!(names.len() > 30, "{names:?}");
    let dev_only = read("Cargo.toml");
    let dev_only = dev_only.split_once("[dev-dependencies]").unwrap().1;
    let dev_only = dev_only.split("\n[").next().unwrap().to_owned();
    let missing: Vec<&String> = names
        .iter()
        .filter(|name| !RESERVED_SERVICES.contains(&name.as_str()))
        .filter(|name| !dev_only.contains(&name.replace('_', "-")) && !dev_only.contains(*name))
        .collect();
    assert_eq!(missing, Vec::<&String>::new());
    assert!(RESERVED_SERVICES.is_sorted());
}

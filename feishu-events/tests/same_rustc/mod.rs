//! Messages of the macros stand in `.stderr` files among the compiler's own words, which change
//! from one version to the next. They are compared with those of the version that made them.

#![allow(clippy::unwrap_used, reason = "a test that fails may do so at once")]

use std::io::Write;
use std::process::Command;

/// The version whose words the files have, such as `1.95`; CI installs it.
const VERSION: &str = include_str!("version.txt");

/// Whether this is the compiler that the messages are compared with; if not, that is said.
pub(crate) fn is_here() -> bool {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = Command::new(rustc).arg("--version").output().unwrap();
    let here = String::from_utf8(output.stdout).unwrap();
    let same = is_of(&here, VERSION.trim());
    if !same {
        let here = here.trim();
        let line = format!(
            "SKIPPED: messages are compared with those of rustc {}, and this is {here}\n",
            VERSION.trim()
        );
        // Not by `eprintln!`: what that prints is hidden as long as the test passes.
        std::io::stderr().write_all(line.as_bytes()).unwrap();
    }
    same
}

/// Whether the line that a compiler says of itself is one of a stable release of that version.
fn is_of(line: &str, version: &str) -> bool {
    let number = line.split_whitespace().nth(1).unwrap_or_default();
    let patch = number
        .strip_prefix(version)
        .and_then(|it| it.strip_prefix('.'));
    patch.is_some_and(|patch| patch.bytes().all(|byte| byte.is_ascii_digit()))
}

#[test]
fn another_compiler_is_not_asked_for_the_same_words() {
    for (line, same) in [
        ("rustc 1.95.0 (59807616e 2026-04-14)\n", true),
        ("rustc 1.95.2 (aaaaaaaaa 2026-05-14)\n", true),
        ("rustc 1.95.0\n", true),
        ("rustc 1.95.0-beta.3 (aaaaaaaaa 2026-03-14)\n", false),
        ("rustc 1.95.0-nightly (aaaaaaaaa 2026-02-14)\n", false),
        ("rustc 1.96.0 (aaaaaaaaa 2026-06-14)\n", false),
        ("rustc 1.9.5 (aaaaaaaaa 2016-06-14)\n", false),
        ("", false),
    ] {
        assert_eq!(is_of(line, "1.95"), same, "{line}");
    }
}

//! What each feature makes a user compile.

#![allow(clippy::unwrap_used, reason = "a test that fails may do so at once")]

use std::collections::BTreeSet;
use std::process::Command;

/// The crates that `feishu-events` with these features is built from; with `above` those of them
/// that depend on that crate.
fn crates(features: &str, above: Option<&str>) -> BTreeSet<String> {
    let mut tree = Command::new(env!("CARGO"));
    tree.current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(["tree", "--offline", "--locked", "--edges", "normal"])
        .args(["--prefix", "none", "--package", "feishu-events"])
        .args(["--no-default-features", "--features", features]);
    if let Some(above) = above {
        tree.args(["--depth", "1", "--invert", above]);
    }
    let output = tree.output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let names = text.lines().filter_map(|line| line.split(' ').next());
    names
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
        .collect()
}

/// The crates that only a webhook needs, to decrypt and to check signatures.
const CRYPTO: [&str; 3] = ["aes", "cbc", "sha2"];

#[test]
fn layers_alone_are_two_small_crates() {
    let without = crates("contact", None);
    let with = crates("contact,tower", None);
    let added: Vec<_> = with.difference(&without).collect();
    assert_eq!(added, ["tower-layer", "tower-service"]);
}

#[test]
fn a_long_connection_with_layers_compiles_no_crypto_of_the_webhook() {
    let built = crates("long-connection,tower,contact", None);
    assert!(built.contains("tower-layer"), "{built:?}");
    for name in CRYPTO {
        assert!(!built.contains(name), "{name} is in {built:?}");
    }
    // The handshake of a WebSocket is defined with SHA-1.
    let of_sha1 = crates("long-connection,tower,contact", Some("sha1"));
    assert_eq!(
        of_sha1.iter().collect::<Vec<_>>(),
        ["sha1", "tungstenite"],
        "what needs SHA-1"
    );
}

#[test]
fn the_webhook_has_its_crypto() {
    let built = crates("webhook,contact", None);
    for name in CRYPTO {
        assert!(built.contains(name), "{name} is not in {built:?}");
    }
    assert!(!built.contains("tower-layer"));
}

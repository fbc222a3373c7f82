//! The commands of this project: `cargo xtask …`.
fn main() {}

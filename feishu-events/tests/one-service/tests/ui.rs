//! What the compiler says when the feature of an event's service is off.
//!
//! `TRYBUILD=overwrite cargo test -p feishu-events-one-service` updates the messages; read them
//! before committing. They are compared only with the compiler whose words they have.

#[path = "../../same_rustc/mod.rs"]
mod same_rustc;

#[test]
fn the_feature_is_named() {
    let cases = trybuild::TestCases::new();
    cases.pass("tests/ui/without_the_type.rs");
    if same_rustc::is_here() {
        cases.compile_fail("tests/ui/off.rs");
        cases.compile_fail("tests/ui/off_and_named.rs");
    }
}

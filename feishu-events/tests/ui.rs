//! What the compiler says about wrong handlers, and that right ones compile.
//!
//! `TRYBUILD=overwrite cargo test --test ui` writes the messages anew; read them before committing.

#[test]
fn messages_are_as_committed() {
    let cases = trybuild::TestCases::new();
    cases.pass("tests/ui/pass/*.rs");
    for kind in ["name", "argument", "signature", "duplicate"] {
        cases.compile_fail(format!("tests/ui/{kind}/*.rs"));
    }
}

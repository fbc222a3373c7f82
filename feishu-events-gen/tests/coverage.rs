//! What has been written in English stays: everything that users meet has a sentence, but for what
//! `cargo xtask regen` found in new documentation and listed in `overlay/unwritten.json`.

#![allow(clippy::unwrap_used, reason = "a test that fails may do so at once")]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use feishu_events_gen::internals::Sources;
use feishu_events_gen::internals::unwritten::{FILE, LEFTOVER, from_json, unwritten};

#[test]
fn what_has_no_sentence_is_listed() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../schemas");
    let sources = Sources::load(&folder).unwrap();
    let model = sources.model().unwrap();
    // What new documentation left over stops nothing; a slip of the pen is not in the list.
    let list = fs::read_to_string(folder.join("overlay").join(LEFTOVER)).unwrap_or_default();
    let listed: Vec<&str> = list.lines().collect();
    assert_eq!(
        sources.leftover(&model),
        listed,
        "not what {LEFTOVER} lists; `cargo xtask regen` writes it"
    );
    let lines = |all: &std::collections::BTreeMap<
        String,
        feishu_events_gen::internals::unwritten::Unwritten,
    >| {
        let services = all.iter();
        let lines = services.flat_map(|(service, missing)| missing.lines(service));
        lines.collect::<BTreeSet<String>>()
    };
    let missing = lines(&unwritten(&model));
    let list = fs::read_to_string(folder.join("overlay").join(FILE)).unwrap();
    let listed = lines(&from_json(&list).unwrap());
    let fields = model.services.iter().flat_map(|service| &service.structs);
    let fields = fields.map(|item| item.fields.len()).sum::<usize>();
    eprintln!(
        "{} without a sentence, of {fields} fields and all else",
        missing.len()
    );
    let unlisted: Vec<&String> = missing.difference(&listed).collect();
    assert!(
        unlisted.is_empty(),
        "without a sentence, and not new:\n{unlisted:#?}\n`cargo xtask regen` lists what is new"
    );
    let written: Vec<&String> = listed.difference(&missing).collect();
    assert!(
        written.is_empty(),
        "listed in {FILE}, and written by now; `cargo xtask regen` takes them out:\n{written:#?}"
    );
}

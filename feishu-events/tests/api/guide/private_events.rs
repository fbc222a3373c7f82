//! What the page about private events shows is what the generator takes.

use std::fs;
use std::path::Path;

use super::pages::{page, root};

#[test]
fn the_schema_on_the_page_becomes_a_type() {
    let blocks = page("private_events.md").blocks("json");
    let [schema] = &blocks[..] else {
        panic!("one schema is shown")
    };
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("guide_schemas");
    fs::create_dir_all(folder.join("acme")).unwrap();
    fs::write(folder.join("acme/parcel.sent_v1.json"), schema).unwrap();
    let types = feishu_events_gen::generate(&folder).unwrap();
    for part in ["pub mod acme", "pub struct ParcelSentV1", "speed"] {
        assert!(types.contains(part), "no {part} in\n{types}");
    }
}

#[test]
fn what_the_page_includes_is_what_the_example_includes() {
    let example = root().join("../feishu-events-gen/examples/own-events");
    let program = fs::read_to_string(example.join("src/lib.rs")).unwrap();
    let page = fs::read_to_string(root().join("docs/private_events.md")).unwrap();
    for line in [
        r#"include!(concat!(env!("OUT_DIR"), "/feishu_events.rs"));"#,
        r#"#[feishu_handler("acme.parcel.sent_v1", payload = acme::ParcelSentV1)]"#,
    ] {
        assert!(page.contains(line) && program.contains(line), "{line}");
    }
    let script = fs::read_to_string(example.join("build.rs")).unwrap();
    let shown = "    feishu_events_gen::build(\"schemas\")\n";
    assert!(page.contains(shown) && script.contains(shown));
}

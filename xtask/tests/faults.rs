//! Pages that were read wrongly once, one for each kind of fault. They lie with the other pages; what
//! is right was written down by hand.

#![allow(clippy::unwrap_used, reason = "a test that fails may do so at once")]

mod shared_docs;
mod shown;

/// What a page of the folder gives.
fn read(name: &str) -> Option<String> {
    let folder = shared_docs::folder("faults")?;
    Some(shown::file(&folder.join(name)))
}

const FLOWER: &str = "\
garden.flower.planted_v1 2.0 种花
scopes: garden:flower_x:readonly garden:flower
field scopes: garden:gardener_id:readonly
schema: string
header: event_header
. event_id: string
. event_type: string
event: -
. mode: string full_size=All half=Half
. user_id: string [garden:gardener_id:readonly]";

#[test]
fn escapes_of_a_converter_are_undone() {
    for page in ["m0-control.md", "m1-underscore-escaped.md"] {
        let Some(read) = read(page) else { return };
        assert_eq!(read, FLOWER, "{page}");
    }
}

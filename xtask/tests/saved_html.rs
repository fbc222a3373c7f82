//! Pages as a browser saves them: real tables whose end tags are missing, with nested tables, cells over
//! several columns and hidden parts, and tables drawn with `div` and ARIA roles.

#![allow(clippy::unwrap_used, reason = "a test that fails may do so at once")]

mod shown;

use std::path::Path;

const GROWN: &str = "\
garden.tree.grown_v1 2.0 种树
scopes: garden:tree:readonly garden:tree
schema: string
header: event_header
. event_id: string
. event_type: string
event: -
. tree: tree
. . kind: string oak=Oak elm=Elm
. user_id: string [garden:gardener_id:readonly]";

#[test]
fn both_kinds_of_tables_give_the_same_rows() {
    for page in ["missing_end_tags.html", "aria.html"] {
        let read = shown::file(&Path::new("tests/fixtures/html").join(page));
        assert_eq!(read, GROWN, "{page}");
    }
}

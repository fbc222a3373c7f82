//! Pages saved as a browser showed them, with the rows inside others folded away.

use crate::pages::dialect::FieldList;
use crate::pages::finding::{Finding, Kind};
use crate::pages::page::{Page, is_folded};

/// The names of the envelope's outermost rows.
const OUTERMOST: [&str; 7] = ["schema", "header", "event", "ts", "uuid", "token", "type"];

/// Reports each list of `lists` whose inner rows are folded away.
pub(super) fn check(page: &Page<'_>, lists: &[FieldList], findings: &mut Vec<Finding>) {
    for list in lists {
        let mut tables = page.tables();
        let table = tables.find(|table| table.span.start == list.span.start);
        let button = table.is_some_and(|table| table.columns.iter().any(|c| is_folded(c)));
        let has = |name: &str| list.rows.iter().any(|row| row.name == name);
        let outermost = |name: &str| OUTERMOST.contains(&name);
        let bare = list.rows.iter().all(|row| outermost(&row.name));
        if has("header") && has("event") && (bare || (button && !has("event_type"))) {
            let what = "the rows inside `header` and `event` are folded away";
            let span = list.span.clone();
            findings.push(Finding::new(Kind::Folded, page.source, span, what).expected(
                "the whole page: save it after a click on \u{201c}展开子列表\u{201d}, or get it with \
                 `cargo xtask fetch`",
            ));
        }
    }
}

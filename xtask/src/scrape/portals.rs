//! What Lark's portal says of an event beside Feishu's.

use std::collections::BTreeMap;

use feishu_events_gen::internals::schema::{EventSchema, Lark, LarkRow, Row};

use super::combine::paths;

/// What `lark` says otherwise than `feishu`. `complete`: what it does not say, is not so there.
pub(super) fn differences(feishu: &EventSchema, lark: &EventSchema, complete: bool) -> Lark {
    fn other<T: Clone + PartialEq>(feishu: &[T], lark: &[T], complete: bool) -> Option<Vec<T>> {
        (!same(feishu, lark) && (complete || !lark.is_empty())).then(|| lark.to_vec())
    }
    let ours: BTreeMap<String, &Row> = paths(&feishu.fields).into_iter().collect();
    let theirs: BTreeMap<String, &Row> = paths(&lark.fields).into_iter().collect();
    // Where levels are guessed, a row that is elsewhere says nothing.
    let guessed = lark
        .fields
        .iter()
        .chain(&feishu.fields)
        .any(|row| row.level_inferred);
    // The envelope is the same on both; a description that no page gave has no rows of it.
    let enveloped = feishu
        .fields
        .iter()
        .any(|row| row.level == 0 && row.name != "event");
    let says_else = |path: &str, row: &Row| match ours.get(path) {
        None => !guessed && (enveloped || row.level > 0),
        Some(own) => {
            // A sample shows no types by name.
            (complete && own.type_name != row.type_name)
                || (!row.scopes.is_empty() && other(&own.scopes, &row.scopes, true).is_some())
        }
    };
    let rows = paths(&lark.fields).into_iter();
    let rows = rows.filter(|(path, row)| says_else(path, row));
    let only_ours = paths(&feishu.fields).into_iter().map(|(path, _)| path);
    let only_ours = only_ours.filter(|path| complete && !guessed && !theirs.contains_key(path));
    Lark {
        only: false,
        document: lark
            .document
            .clone()
            .filter(|page| Some(page) != feishu.document.as_ref()),
        app_types: other(&feishu.app_types, &lark.app_types, false),
        scopes: other(&feishu.scopes, &lark.scopes, complete),
        field_scopes: other(&feishu.field_scopes, &lark.field_scopes, complete),
        without: only_ours.collect(),
        fields: rows.map(|(path, row)| LarkRow::new(path, row)).collect(),
    }
}

/// Whether two lists have the same items.
fn same<T: PartialEq>(one: &[T], other: &[T]) -> bool {
    one.len() == other.len() && other.iter().all(|item| one.contains(item))
}

/// What of `stored`, which an earlier run wrote, Lark still says otherwise than `feishu` as it is now.
pub(super) fn still_different(feishu: &EventSchema, stored: Lark) -> Lark {
    let ours: BTreeMap<String, &Row> = paths(&feishu.fields).into_iter().collect();
    let says_else = |row: &LarkRow| {
        ours.get(&row.path).is_none_or(|own| {
            // A sample calls each object so, whatever its type is called.
            let unnamed = row.type_name.trim_end_matches("[]") == "object";
            (own.type_name != row.type_name && !unnamed)
                || (!row.scopes.is_empty() && !same(&own.scopes, &row.scopes))
        })
    };
    let fields = stored.fields.into_iter().filter(says_else);
    let without = stored.without.into_iter();
    Lark {
        only: stored.only,
        document: stored
            .document
            .filter(|page| Some(page) != feishu.document.as_ref()),
        app_types: stored
            .app_types
            .filter(|apps| !same(&feishu.app_types, apps)),
        scopes: stored.scopes.filter(|scopes| !same(&feishu.scopes, scopes)),
        field_scopes: stored
            .field_scopes
            .filter(|scopes| !same(&feishu.field_scopes, scopes)),
        without: without.filter(|path| ours.contains_key(path)).collect(),
        fields: fields.collect(),
    }
}

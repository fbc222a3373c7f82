//! Edits of real pages: `diff` and the guard say exactly what happened.

#![allow(clippy::unwrap_used, reason = "a test that fails may do so at once")]

mod edits;
mod shared_docs;

use std::fs;
use std::path::Path;

use edits::{Edited, page_is_gone};
use feishu_events_gen::internals::Overlay;
use insta::assert_snapshot;

/// A page of many rows, with listed values and scopes of rows.
const PAGE: &str = "message/events/receive.md";

/// The pages of a service, scraped; nothing if the real pages are not there.
fn messages() -> Option<Edited> {
    let folder = shared_docs::folder("2026-03")?.join("im-v1");
    let pages = shared_docs::pages(folder.clone());
    let pages = pages.iter().map(|page| {
        let name = page.strip_prefix(&folder).unwrap().to_str().unwrap();
        (name, fs::read_to_string(page).unwrap())
    });
    Some(Edited::new(pages))
}

fn names() -> Overlay {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../schemas/overlay");
    Overlay::load(&folder).unwrap()
}

/// The row of the page that has this name and level, as it is written there.
fn row(pages: &Edited, level: u8, name: &str) -> String {
    let text = fs::read_to_string(pages.page(PAGE)).unwrap();
    let rows = text.split_inclusive("</md-dt-tr>");
    let rows = rows.filter_map(|part| Some(&part[part.rfind("<md-dt-tr ")?..]));
    let mut rows = rows.filter(|row| {
        row.starts_with(&format!("<md-dt-tr level=\"{level}\""))
            && row.contains(&format!("\"field-name\" >{name}</md-text>"))
    });
    rows.next().unwrap().to_owned()
}

/// Takes a field out of the page's sample, which would show it still.
fn hide(pages: &Edited, name: &str) {
    let text = fs::read_to_string(pages.page(PAGE)).unwrap();
    let key = format!("\"{name}\":");
    let mut lines = text.split_inclusive('\n');
    let line = lines
        .find(|line| line.trim_start().starts_with(&key))
        .unwrap()
        .to_owned();
    pages.replace(PAGE, &line, "");
}

#[test]
fn a_row_is_added() {
    let Some(pages) = messages() else { return };
    let last = row(&pages, 2, "user_agent");
    let more = format!("{last}\n\n{}", last.replace("user_agent", "user_mood"));
    pages.replace(PAGE, &last, &more);
    assert_snapshot!(pages.changes(&names()), @r"
    guard: silent
    step: Minor
    im.message.receive_v1 Changed: Addition
      RowAdded Addition at event.message.user_mood > string
        rust im::MessageReceiveV1 → message.user_mood
    im::EventMessage.user_mood: Addition - > String, renamed -
    ");
}

#[test]
fn a_row_is_removed() {
    let Some(pages) = messages() else { return };
    pages.replace(PAGE, &row(&pages, 2, "root_id"), "");
    hide(&pages, "root_id");
    assert_snapshot!(pages.changes(&names()), @r"
    guard: silent
    step: Major
    im.message.receive_v1 Changed: Breaking
      RowRemoved Breaking at event.message.root_id: string
        rust im::MessageReceiveV1 → message.root_id
    im::EventMessage.root_id: Breaking String > -, renamed -
    ");
}

#[test]
fn a_row_is_retyped() {
    let Some(pages) = messages() else { return };
    let old = row(&pages, 2, "thread_id");
    pages.replace(PAGE, &old, &old.replace(">string<", ">int<"));
    // The sample of the page shows it too.
    pages.replace(PAGE, "\"omt_d4be107c616\"", "17");
    assert_snapshot!(pages.changes(&names()), @r"
    guard: silent
    step: Major
    im.message.receive_v1 Changed: Breaking
      RowRetyped Breaking at event.message.thread_id: string > int
        rust im::MessageReceiveV1 → message.thread_id
        String > i64
    im::EventMessage.thread_id: Breaking String > i64, renamed -
    ");
}

#[test]
fn a_row_moves_a_level() {
    let Some(pages) = messages() else { return };
    let old = row(&pages, 2, "user_agent");
    pages.replace(PAGE, &old, &old.replace("level=\"2\"", "level=\"1\""));
    hide(&pages, "user_agent");
    assert_snapshot!(pages.changes(&names()), @r"
    guard: silent
    step: Major
    im.message.receive_v1 Changed: Breaking
      RowMoved Breaking at event.user_agent: event.message.user_agent > event.user_agent
        rust im::MessageReceiveV1 → user_agent
    im::EventMessage.user_agent: Breaking String > -, renamed -
    im::MessageReceiveV1.user_agent: Addition - > String, renamed -
    ");
}

#[test]
fn a_scope_is_dropped() {
    let Some(pages) = messages() else { return };
    let old = row(&pages, 3, "user_id");
    let scope = old
        .lines()
        .find(|line| line.starts_with("<md-perm "))
        .unwrap();
    pages.replace(PAGE, &old, &old.replace(scope, ""));
    assert_snapshot!(pages.changes(&names()), @r"
    guard: silent
    step: Patch
    im.message.receive_v1 Changed: Documentation
      RowScopes Documentation at event.sender.sender_id.user_id -contact:user.employee_id:readonly
        rust im::MessageReceiveV1 → sender.sender_id.user_id
        An app receives the field without any scope now.
    ");
}

#[test]
fn a_value_is_added() {
    let Some(pages) = messages() else { return };
    let old = row(&pages, 2, "chat_type");
    let more = old.replace("- `group`", "- `topic`：话题\n- `group`");
    pages.replace(PAGE, &old, &more);
    assert_snapshot!(pages.changes(&names()), @r"
    guard: silent
    step: Patch
    im.message.receive_v1 Changed: Documentation
      RowValues Documentation at event.message.chat_type +topic (话题)
        rust im::MessageReceiveV1 → message.chat_type
        A new value arrives as `Unknown` until it has a name in `schemas/overlay/docs`.
    ");
}

#[test]
fn a_page_is_gone() {
    let Some(pages) = messages() else { return };
    fs::remove_file(pages.page(PAGE)).unwrap();
    assert_eq!(
        pages.changes(&names()),
        page_is_gone("im.message.receive_v1")
    );
}

#[test]
fn the_header_of_a_table_is_renamed() {
    let Some(pages) = messages() else { return };
    let text = fs::read_to_string(pages.page(PAGE)).unwrap();
    let renamed = text.replace(">名称</md-dt-th>", ">条目</md-dt-th>");
    assert_ne!(renamed, text);
    fs::write(pages.page(PAGE), renamed).unwrap();
    assert_snapshot!(pages.changes(&names()), @r"
    guard: silent
    step: None
    ");
}

//! HTML as a browser saves it → headings, tables and code, in order.

use std::borrow::Cow;
use std::ops::Range;

use super::blocks::{Block, Heading};
use super::code::Code;
use super::markup::{self, Element};
use super::plain::plain;
use super::table::{self, TableKind};
use crate::pages::source::Source;

/// Whether the text is an HTML document as a whole; a browser may put a comment first that says where
/// it is from.
pub(super) fn is_document(text: &str) -> bool {
    let mut rest = text.trim_start();
    while let Some(comment) = rest.strip_prefix("<!--") {
        let Some((_, behind)) = comment.split_once("-->") else {
            return false;
        };
        rest = behind.trim_start();
    }
    let is = |start: &str| {
        let head = rest.get(..start.len());
        head.is_some_and(|head| head.eq_ignore_ascii_case(start))
    };
    // Some converters leave the declaration above their Markdown.
    let behind = rest.split_once('>').map_or("", |(_, behind)| behind);
    is("<html") || (is("<!doctype html") && behind.trim_start().starts_with('<'))
}

/// Whether a document has tables of the portal's own elements: what a browser's parser would repair
/// in them means something.
pub(super) fn has_own_tables(text: &str) -> bool {
    text.contains("<md-dt-table") || text.contains("<md-table")
}

/// What an HTML document holds.
#[derive(Default)]
pub(in crate::pages::page) struct Html<'a> {
    pub(in crate::pages::page) blocks: Vec<Block<'a>>,
    /// What the browser shows as the title of its window.
    pub(in crate::pages::page) title: Option<String>,
}

/// An element whose text is being collected.
struct Open {
    name: String,
    text: String,
    start: usize,
}

/// Reads an HTML document; one pass, however its elements nest.
pub(in crate::pages::page) fn read(source: &Source) -> Html<'_> {
    let mut html = Html::default();
    let mut open: Option<Open> = None;
    let mut at = 0;
    'tables: loop {
        for token in markup::document(source, at) {
            let Range { start, end } = token.span;
            match (&mut open, token.element) {
                (element, Element::Open { name, .. })
                    if element.as_ref().is_none_or(Open::is_line)
                        && (element.is_none() || TableKind::of_tag(&name).is_some()) =>
                {
                    // A heading without end ends where a table starts.
                    if let Some(element) = open.take() {
                        html.take(&element.name, element.text, element.start..start);
                    }
                    if let Some(kind) = TableKind::of_tag(&name) {
                        let (table, behind) = table::read(source, start, kind);
                        html.blocks.push(Block::Table(table));
                        at = behind;
                        continue 'tables;
                    }
                    if collects(&name) {
                        let text = String::new();
                        open = Some(Open {
                            name,
                            text,
                            start: end,
                        });
                    }
                }
                (Some(element), Element::Close(name)) if name == element.name => {
                    let span = element.start..start;
                    html.take(&element.name, std::mem::take(&mut element.text), span);
                    open = None;
                }
                (Some(element), Element::Text(text)) => element.text.push_str(&text),
                (Some(element), Element::Open { name, .. }) if name == "br" => {
                    element.text.push('\n');
                }
                _ => {}
            }
        }
        return html;
    }
}

impl Open {
    /// Whether the element holds one line of text and nothing else.
    fn is_line(&self) -> bool {
        self.name.starts_with('h') || self.name == "title"
    }
}

fn collects(name: &str) -> bool {
    let heading = name.len() == 2 && name.starts_with('h');
    heading || matches!(name, "pre" | "script" | "style" | "title" | "md-code-json")
}

impl Html<'_> {
    fn take(&mut self, name: &str, text: String, span: Range<usize>) {
        match name {
            // Drawings further down have titles too.
            "title" if self.title.is_none() => {
                self.title = Some(plain(&text)).filter(|title| !title.is_empty());
            }
            "script" | "style" | "title" => {}
            "pre" | "md-code-json" => self.blocks.push(Block::Code(Code {
                text: Cow::Owned(text),
                span,
            })),
            _ => self.blocks.push(Block::Heading(Heading {
                text: Cow::Owned(plain(&text)),
                bold: false,
                span,
            })),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_are_recognised() {
        for (text, expected) in [
            ("<!DOCTYPE html><html>", true),
            (
                "<!-- saved from url=(0021)https://example.org/ -->\n<html lang=\"zh\">",
                true,
            ),
            ("<!-- title: x -->\n# X", false),
            ("<!DOCTYPE html>\n# X\n\n| a | b |\n", false),
            ("<md-table>", false),
        ] {
            assert_eq!(is_document(text), expected, "{text}");
        }
    }

    #[test]
    fn blocks_stand_in_order() {
        let source = Source::new(
            "p.html",
            "<html><title>T</title><script>a<b</script><h2>A <b>b</b></h2><table><tr><th>N</th></tr>\
             <tr data-level=\"1\"><td>x</td></tr></table><pre><code>{\n&quot;a&quot;: 1}</code></pre>",
        );
        let html = read(&source);
        let shown = html.blocks.iter().map(|block| match block {
            Block::Heading(heading) => format!("heading {}", heading.text),
            Block::Table(table) => format!("{:?} {:?}", table.columns, table.rows[0].level),
            Block::Code(code) => code.text.to_string(),
        });
        assert_eq!(
            shown.collect::<Vec<_>>(),
            ["heading A b", "[\"N\"] Some(\"1\")", "{\n\"a\": 1}"]
        );
        assert_eq!(html.title.as_deref(), Some("T"));
    }
}

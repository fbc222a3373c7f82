//! Text → tags and the text between them.
//!
//! The portal's pages are Markdown with elements of its own, not HTML: what an HTML parser
//! would repair (a `tr` outside a `table`) means something here, and `<` in a sentence is
//! text. So only the tokenizer of an HTML parser is used, and only known tags are tags.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::ops::Range;

use html5gum::emitters::default::{DefaultEmitter, Token};
use html5gum::{HtmlString, Tokenizer};

use crate::pages::source::Source;

/// Tags of HTML that occur in pages, besides the portal's own (`md-…`).
const HTML_TAGS: &[&str] = &[
    "a", "b", "br", "code", "div", "em", "i", "img", "li", "ol", "p", "pre", "span", "strong",
    "table", "tbody", "td", "th", "thead", "tr", "ul",
];

/// A tag or a piece of text.
#[derive(Debug, Clone)]
pub(crate) struct Markup {
    pub(crate) element: Element,
    pub(crate) span: Range<usize>,
}

impl Markup {
    /// Whether this is only space between tags.
    pub(in crate::pages::page) fn is_space(&self) -> bool {
        matches!(&self.element, Element::Text(text) if text.trim().is_empty())
    }
}

#[derive(Debug, Clone)]
pub(crate) enum Element {
    Open {
        name: String,
        attributes: BTreeMap<String, String>,
    },
    Close(String),
    /// Text with its character references resolved.
    Text(String),
}

/// The tags and texts of `source` from the offset `start` on.
pub(in crate::pages::page) fn tokens(
    source: &Source,
    start: usize,
) -> impl Iterator<Item = Markup> {
    within(source, start..source.text().len())
}

/// The tags and texts in `span` of `source`.
pub(in crate::pages::page) fn within(
    source: &Source,
    span: Range<usize>,
) -> impl Iterator<Item = Markup> {
    read(source, span, DefaultEmitter::new_with_span(), is_tag)
}

/// The tags and texts of an HTML document from the offset `start` on: all tags are tags, and
/// what scripts hold is text.
pub(in crate::pages::page) fn document(
    source: &Source,
    start: usize,
) -> impl Iterator<Item = Markup> {
    let mut emitter = DefaultEmitter::new_with_span();
    emitter.naively_switch_states(true);
    read(source, start..source.text().len(), emitter, |_| true)
}

fn read(
    source: &Source,
    span: Range<usize>,
    emitter: DefaultEmitter<usize>,
    is_tag: fn(&str) -> bool,
) -> impl Iterator<Item = Markup> {
    let start = span.start;
    let rest = source.slice(span);
    Tokenizer::new_with_emitter(rest, emitter).filter_map(move |token| {
        let Ok(token): Result<_, Infallible> = token;
        let span = |span: html5gum::Span<usize>| start + span.start..start + span.end;
        let (element, span) = match token {
            Token::StartTag(tag) => {
                let name = owned(&tag.name);
                let attributes = tag.attributes.iter();
                let attributes = attributes.map(|(key, value)| (owned(key), owned(value)));
                let open = Element::Open {
                    attributes: attributes.collect(),
                    name,
                };
                (open, span(tag.span))
            }
            Token::EndTag(tag) => (Element::Close(owned(&tag.name)), span(tag.span)),
            Token::String(text) => (Element::Text(owned(&text)), span(text.span)),
            Token::Comment(_) | Token::Doctype(_) | Token::Error(_) => return None,
        };
        let element = match element {
            Element::Open { name, .. } | Element::Close(name) if !is_tag(&name) => {
                Element::Text(source.slice(span.clone()).to_owned())
            }
            element => element,
        };
        Some(Markup { element, span })
    })
}

fn is_tag(name: &str) -> bool {
    name.starts_with("md-") || HTML_TAGS.contains(&name)
}

fn owned(text: &HtmlString) -> String {
    String::from_utf8_lossy(text).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Vec<String> {
        let source = Source::new("p.md", text);
        let show = |markup: Markup| match markup.element {
            Element::Open { name, attributes } => format!("<{name} {attributes:?}>"),
            Element::Close(name) => format!("</{name}>"),
            Element::Text(text) => text,
        };
        tokens(&source, 0).map(show).collect()
    }

    #[test]
    fn only_known_tags_are_tags() {
        let tokens =
            shown("<md-td>a<->b map<string, int> &lt;b&gt; <飞书></md-td><script>x</script>");
        assert_eq!(tokens.first().map(String::as_str), Some("<md-td {}>"));
        let text: String = tokens[1..tokens.len()].concat();
        assert_eq!(
            text,
            "a<->b map<string, int> <b> <飞书></md-td><script>x</script>"
        );
    }

    #[test]
    fn spans_are_those_of_the_source() {
        let source = Source::new("p.md", "权限<md-perm name=\"a:b\" desc='x>y'>权</md-perm>");
        let slices: Vec<&str> = tokens(&source, "权限".len())
            .map(|markup| source.slice(markup.span))
            .collect();
        assert_eq!(
            slices,
            ["<md-perm name=\"a:b\" desc='x>y'>", "权", "</md-perm>"]
        );
    }
}

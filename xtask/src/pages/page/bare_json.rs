//! JSON that stands in the text without a fence around it.

use super::code::{self, Code};
use crate::pages::finding::Finding;
use crate::pages::source::{Line, Source};

/// Whether `line` can be the first of an object.
pub(in crate::pages::page) fn starts(line: &str) -> bool {
    let Some(rest) = line.trim_start().strip_prefix('{') else {
        return false;
    };
    let rest = rest.trim_start();
    rest.is_empty() || rest.starts_with(['"', '\'', '“', '}', '{']) || rest.starts_with("//")
}

/// Reads the object that starts in the line `open`; gives also the offset at which the line ends
/// in which it does. One without end goes on to where the page's own markup starts again.
pub(in crate::pages::page) fn read<'a>(
    source: &'a Source,
    open: Line<'a>,
    findings: &mut Vec<Finding>,
) -> (Code<'a>, usize) {
    let mut depth = 0_usize;
    let mut end = open.end();
    for line in source.lines_from(open.start) {
        let text = line.text.trim_start();
        if line.start > open.start && (text.starts_with(":::") || text.starts_with("<md-")) {
            break;
        }
        if let Some(length) = closes(line.text, &mut depth) {
            let span = open.start..line.start + length;
            return (code::code(source, span), line.end());
        }
        end = line.end();
    }
    findings.push(code::unclosed(source, open.start..open.end()));
    (code::code(source, open.start..end), end)
}

/// Counts the brackets of a line that stand neither in strings nor in comments; gives the offset
/// behind the bracket that closes the first one.
fn closes(line: &str, depth: &mut usize) -> Option<usize> {
    let mut chars = line.char_indices().peekable();
    let mut quoted = false;
    while let Some((at, c)) = chars.next() {
        match c {
            '\\' if quoted => drop(chars.next()),
            '"' => quoted = !quoted,
            '/' if !quoted && chars.peek().is_some_and(|(_, next)| *next == '/') => return None,
            '{' if !quoted => *depth += 1,
            '}' if !quoted => {
                *depth = depth.saturating_sub(1);
                if *depth == 0 {
                    return Some(at + 1);
                }
            }
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_ends_with_its_bracket() {
        let text = "{\n\"a\": \"}\", // }\n\"b\": {}\n}text\n";
        let source = Source::new("p.md", text);
        let mut findings = Vec::new();
        let (code, behind) = read(&source, source.lines().next().unwrap(), &mut findings);
        assert_eq!(code.text, "{\n\"a\": \"}\", // }\n\"b\": {}\n}");
        assert_eq!((&text[behind..], findings.len()), ("\n", 0));
    }

    #[test]
    fn an_object_without_end_does_not_swallow_tables() {
        let source = Source::new("p.md", "{\n\"a\": 1\n<md-table>");
        let mut findings = Vec::new();
        let (code, _) = read(&source, source.lines().next().unwrap(), &mut findings);
        assert_eq!((&*code.text, findings.len()), ("{\n\"a\": 1", 1));
    }

    #[test]
    fn not_every_bracket_opens_an_object() {
        for (line, expected) in [
            ("{", true),
            (" { \"a\": 1", true),
            ("{示例}(url=/x)", false),
        ] {
            assert_eq!(starts(line), expected, "{line}");
        }
    }
}

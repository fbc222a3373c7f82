//! JSON with comments, full-width punctuation and bare words → tokens.

use std::ops::Range;

use super::Repair;
use super::notes::Comment;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::pages::sample) enum Token {
    /// One of `{}[]:,`.
    Punctuation(char),
    String(String),
    /// What is neither quoted nor punctuation: a number, `true`, or words of a person.
    Word(String),
}

#[derive(Debug, Clone)]
pub(in crate::pages::sample) struct Spanned {
    pub(in crate::pages::sample) token: Token,
    pub(in crate::pages::sample) span: Range<usize>,
}

/// Reads the tokens of `text`; `offset` is where it stands in its page.
pub(in crate::pages::sample) fn tokens(
    text: &str,
    offset: usize,
    repairs: &mut Vec<Repair>,
    comments: &mut Vec<Comment>,
) -> Vec<Spanned> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let start = offset + text.len() - rest.len();
        let mut repair = |length: usize, what: &str| {
            repairs.push(Repair {
                span: start..start + length,
                what: what.to_owned(),
            });
        };
        let (token, length) = match first {
            '/' if rest.starts_with("//") => {
                let length = rest.find('\n').unwrap_or(rest.len());
                let text = rest[2..length].trim().to_owned();
                comments.push(Comment { start, text });
                (None, length)
            }
            '/' if rest.starts_with("/*") => (None, block_comment(rest)),
            '#' | '/' => {
                let length = rest.find('\n').unwrap_or(rest.len());
                repair(length, "a comment that does not start with `//`");
                let text = rest[..length].trim_start_matches(['#', '/']).trim();
                let text = text.to_owned();
                comments.push(Comment { start, text });
                (None, length)
            }
            '{' | '}' | '[' | ']' | ':' | ',' => (Some(Token::Punctuation(first)), 1),
            '，' | '：' => {
                repair(first.len_utf8(), "full-width punctuation");
                let ascii = if first == '，' { ',' } else { ':' };
                (Some(Token::Punctuation(ascii)), first.len_utf8())
            }
            '"' | '\'' | '“' | '”' => {
                let quoted = string(rest, first);
                if first != '"' || quoted.end == End::OtherQuote {
                    repair(quoted.length, "a string in quotes that are not JSON's");
                }
                if quoted.end == End::Line {
                    repair(quoted.length, "a string without its closing quote");
                }
                (Some(Token::String(quoted.text)), quoted.length)
            }
            _ => {
                let word = word(rest);
                (Some(Token::Word(word.trim_end().to_owned())), word.len())
            }
        };
        if let Some(token) = token {
            let span = start..start + length;
            tokens.push(Spanned { token, span });
        }
        rest = rest[length..].trim_start();
    }
    tokens
}

fn block_comment(text: &str) -> usize {
    text[2..].find("*/").map_or(text.len(), |length| length + 4)
}

/// A word ends where punctuation, a line or a comment starts; it has at least one character.
fn word(text: &str) -> &str {
    let end = text.char_indices().skip(1).find(|(at, c)| {
        let behind_space = text[..*at].ends_with([' ', '\t']);
        let comment = match c {
            '/' => behind_space || text[at + 1..].starts_with(['/', '*']),
            '#' => behind_space,
            _ => false,
        };
        comment
            || matches!(
                c,
                '\n' | ',' | '，' | ':' | '：' | '{' | '}' | '[' | ']' | '"'
            )
    });
    &text[..end.map_or(text.len(), |(at, _)| at)]
}

/// What ends a string.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Quote,
    /// A quote of another kind than the one that opened it.
    OtherQuote,
    /// No quote: the end of its line, so that a lost quote costs one value.
    Line,
}

/// A string, and how many bytes it takes with its quotes.
struct Quoted {
    text: String,
    length: usize,
    end: End,
}

/// The string at the start of `source`, which the quote `open` opens.
fn string(source: &str, open: char) -> Quoted {
    let mut text = String::new();
    let mut chars = source.char_indices().skip(1);
    while let Some((at, c)) = chars.next() {
        if let Some(end) = end(source, at, c, open) {
            let length = at + c.len_utf8();
            return Quoted { text, length, end };
        }
        let line = |text, length| Quoted {
            text,
            length,
            end: End::Line,
        };
        match c {
            '\n' => return line(text, at),
            '\\' => match chars.next() {
                Some((_, 'u')) => {
                    let code = source.get(at + 2..at + 6);
                    let code = code.and_then(|digits| u32::from_str_radix(digits, 16).ok());
                    if code.is_some() {
                        chars.nth(3);
                    }
                    let c = code.and_then(char::from_u32);
                    text.push(c.unwrap_or(char::REPLACEMENT_CHARACTER));
                }
                Some((at, '\n')) => return line(text, at),
                Some((_, c)) => text.push(match c {
                    'n' => '\n',
                    't' => '\t',
                    'r' => '\r',
                    'b' => '\u{8}',
                    'f' => '\u{c}',
                    c => c,
                }),
                None => {}
            },
            c => text.push(c),
        }
    }
    Quoted {
        text,
        length: source.len(),
        end: End::Line,
    }
}

/// How the character `c` at `at` ends a string that `open` opened, if it does. An editor makes
/// `“` and `”` of single quotes here and there; within a text they are part of it.
fn end(source: &str, at: usize, c: char, open: char) -> Option<End> {
    if c == open && open != '“' {
        return Some(End::Quote);
    }
    let smart = matches!(open, '“' | '”');
    match c {
        '”' if smart => Some(End::Quote),
        '"' if smart => Some(End::OtherQuote),
        '”' | '“' if open == '"' => {
            let behind = source[at + c.len_utf8()..].trim_start_matches([' ', '\t']);
            let value = behind.strip_prefix([':', '：'])?.trim_start();
            let starts = |c: char| "\"“”{['".contains(c) || c.is_ascii_digit();
            value.starts_with(starts).then_some(End::OtherQuote)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> (String, usize) {
        let mut repairs = Vec::new();
        let tokens = tokens(text, 0, &mut repairs, &mut Vec::new());
        let show = |spanned: &Spanned| match &spanned.token {
            Token::Punctuation(c) => c.to_string(),
            Token::String(text) => format!("{text:?}"),
            Token::Word(word) => format!("<{word}>"),
        };
        let shown: Vec<String> = tokens.iter().map(show).collect();
        (shown.join(" "), repairs.len())
    }

    #[test]
    fn tokens_are_found_among_comments() {
        let (tokens, repairs) = shown("{ // a\n\"b\": 1.5, /* c\n */ \"d\":null // e");
        assert_eq!(
            (&tokens[..], repairs),
            ("{ \"b\" : <1.5> , \"d\" : <null>", 0)
        );
    }

    #[test]
    fn what_people_type_is_mended() {
        let (tokens, repairs) = shown("\"a\"：某个 时间，\"b\": \"lost\n}");
        assert_eq!(
            (&tokens[..], repairs),
            ("\"a\" : <某个 时间> , \"b\" : \"lost\" }", 3)
        );
    }

    #[test]
    fn comments_of_other_languages_are_comments() {
        for (text, expected) in [
            ("{ ## a\n\"b\": 1 # c\n}", "{ \"b\" : <1> }"),
            (
                "{\"a\": \"b\" / c, d\n\"e\": x / y\n}",
                "{ \"a\" : \"b\" \"e\" : <x> }",
            ),
        ] {
            let (tokens, repairs) = shown(text);
            assert_eq!((&tokens[..], repairs), (expected, 2));
        }
    }

    #[test]
    fn quotes_of_editors_and_of_other_languages_are_quotes() {
        for (text, expected) in [
            ("{“a\": \"b\"}", "{ \"a\" : \"b\" }"),
            ("{\"a”: \"b\"}", "{ \"a\" : \"b\" }"),
            ("{“a”: “b”}", "{ \"a\" : \"b\" }"),
            ("{'a': 'b \"c\"'}", "{ \"a\" : \"b \\\"c\\\"\" }"),
        ] {
            let (tokens, repairs) = shown(text);
            assert_eq!((&tokens[..], repairs > 0), (expected, true));
        }
        let (tokens, repairs) = shown("\"it is “so” and 'so': yes\"");
        assert_eq!((&tokens[..], repairs), ("\"it is “so” and 'so': yes\"", 0));
    }

    #[test]
    fn escapes_are_resolved() {
        let (tokens, _) = shown(r#""\u4f60\n\"\ud83d" "\u12" "\"#);
        assert_eq!(tokens, "\"你\\n\\\"\u{fffd}\" \"\u{fffd}12\" \"\"");
    }
}

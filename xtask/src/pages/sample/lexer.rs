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
            '{' | '}' | '[' | ']' | ':' | ',' => (Some(Token::Punctuation(first)), 1),
            '，' | '：' => {
                repair(first.len_utf8(), "full-width punctuation");
                let ascii = if first == '，' { ',' } else { ':' };
                (Some(Token::Punctuation(ascii)), first.len_utf8())
            }
            '"' => {
                let (string, length, closed) = string(rest);
                if !closed {
                    repair(length, "a string without its closing quote");
                }
                (Some(Token::String(string)), length)
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
        let comment = *c == '/' && text[at + 1..].starts_with(['/', '*']);
        comment
            || matches!(
                c,
                '\n' | ',' | '，' | ':' | '：' | '{' | '}' | '[' | ']' | '"'
            )
    });
    &text[..end.map_or(text.len(), |(at, _)| at)]
}

/// The string at the start of `text`, how many bytes it takes, and whether it is closed. It
/// ends with its line at the latest, so that a lost quote costs one value.
fn string(text: &str) -> (String, usize, bool) {
    let mut string = String::new();
    let mut chars = text.char_indices().skip(1);
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return (string, at + 1, true),
            '\n' => return (string, at, false),
            '\\' => match chars.next() {
                Some((_, 'u')) => {
                    let code = text.get(at + 2..at + 6);
                    let code = code.and_then(|digits| u32::from_str_radix(digits, 16).ok());
                    if code.is_some() {
                        chars.nth(3);
                    }
                    let c = code.and_then(char::from_u32);
                    string.push(c.unwrap_or(char::REPLACEMENT_CHARACTER));
                }
                Some((at, '\n')) => return (string, at, false),
                Some((_, c)) => string.push(match c {
                    'n' => '\n',
                    't' => '\t',
                    'r' => '\r',
                    'b' => '\u{8}',
                    'f' => '\u{c}',
                    c => c,
                }),
                None => {}
            },
            c => string.push(c),
        }
    }
    (string, text.len(), false)
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
    fn escapes_are_resolved() {
        let (tokens, _) = shown(r#""\u4f60\n\"\ud83d" "\u12" "\"#);
        assert_eq!(tokens, "\"你\\n\\\"\u{fffd}\" \"\u{fffd}12\" \"\"");
    }
}

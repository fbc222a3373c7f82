//! Markdown of one line → the text a reader sees.

use std::borrow::Cow;

/// Takes escapes, backticks, bold marks and surplus space away.
///
/// Not left to a Markdown parser: a cell that holds `-` means a hyphen, not a list.
pub(crate) fn plain(markdown: &str) -> String {
    let mut text = String::with_capacity(markdown.len());
    let mut chars = markdown.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' if chars.peek().is_some_and(char::is_ascii_punctuation) => {
                text.extend(chars.next());
            }
            '*' if chars.peek() == Some(&'*') => {
                chars.next();
            }
            // Names hold zero-width characters, which nobody sees or means.
            '`' | '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}' => {}
            c if c.is_whitespace() => {
                if !text.ends_with(' ') {
                    text.push(' ');
                }
            }
            c => text.push(c),
        }
    }
    text.trim().to_owned()
}

/// Takes the backslash from each escape: converters write `\_` for every `_`, also where Markdown
/// would not need it, inside of backticks too.
pub(crate) fn unescaped(markdown: &str) -> Cow<'_, str> {
    if !markdown.contains('\\') {
        return Cow::Borrowed(markdown);
    }
    let mut text = String::with_capacity(markdown.len());
    let mut chars = markdown.chars().peekable();
    while let Some(c) = chars.next() {
        match chars.peek() {
            Some(next) if c == '\\' && next.is_ascii_punctuation() => text.extend(chars.next()),
            _ => text.push(c),
        }
    }
    Cow::Owned(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_undone_and_nothing_else() {
        for (markdown, text) in [
            (r"garden:a\_b:readonly", "garden:a_b:readonly"),
            (r"`full\_size` \- \[x\]", "`full_size` - [x]"),
            (r"C:\temp \n \\", r"C:\temp \n \"),
            ("end\\", "end\\"),
        ] {
            assert_eq!(unescaped(markdown), text);
        }
    }

    #[test]
    fn marks_go_and_text_stays() {
        for (markdown, text) in [
            ("string\\[\\]", "string[]"),
            ("\\-", "-"),
            ("-", "-"),
            ("/-", "/-"),
            (" **`user_id`**\n", "user_id"),
            ("a \n\t b\u{200b}", "a b"),
            ("map<string, string>", "map<string, string>"),
            ("end\\", "end\\"),
        ] {
            assert_eq!(plain(markdown), text);
        }
    }
}

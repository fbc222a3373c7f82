//! Markdown of one line → the text a reader sees.

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

#[cfg(test)]
mod tests {
    use super::*;

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

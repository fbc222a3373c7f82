//! Untrusted text, made safe for logs.

use std::fmt::{self, Write as _};

/// How many characters are shown.
const SHOWN: usize = 200;

/// Untrusted text, shown on one line and truncated.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct OneLine<'a>(pub(crate) &'a str);

impl fmt::Display for OneLine<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = self.0.trim().chars().take(SHOWN);
        shown
            .map(|c| if is_plain(c) { c } else { ' ' })
            .try_for_each(|c| f.write_char(c))
    }
}

/// Whether a character neither ends the line nor changes how the rest of it is displayed.
fn is_plain(c: char) -> bool {
    let separates = matches!(c, '\u{2028}' | '\u{2029}');
    let sets_direction = matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    !(c.is_control() || separates || sets_direction)
}

impl fmt::Debug for OneLine<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.to_string(), f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn untrusted_text_becomes_one_short_line() {
        let text = OneLine(" one\ntwo\u{1b}[31m\r\n");
        assert_eq!(text.to_string(), "one two [31m");
        let directions = OneLine("a\u{2028}b\u{2029}c\u{202e}d\u{2066}e\u{200f}f");
        assert_eq!(directions.to_string(), "a b c d e\u{200f}f");
        assert_eq!(format!("{text:?}"), "\"one two [31m\"");
        assert_eq!(OneLine(&"é".repeat(1000)).to_string(), "é".repeat(200));
    }
}

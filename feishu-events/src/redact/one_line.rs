//! Untrusted text, made safe for logs.

use std::fmt::{self, Write as _};

/// How many characters are shown.
const SHOWN: usize = 200;

/// Untrusted text: shown in one line, and shortened.
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

/// Whether a character neither ends the line nor makes what follows look like something else.
fn is_plain(c: char) -> bool {
    let separates = matches!(c, '\u{2028}' | '\u{2029}');
    let turns_the_text = matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    !(c.is_control() || separates || turns_the_text)
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
    fn a_stranger_writes_one_line_and_not_a_long_one() {
        let words = OneLine(" one\ntwo\u{1b}[31m\r\n");
        assert_eq!(words.to_string(), "one two [31m");
        let turned = OneLine("a\u{2028}b\u{2029}c\u{202e}d\u{2066}e\u{200f}f");
        assert_eq!(turned.to_string(), "a b c d e\u{200f}f");
        assert_eq!(format!("{words:?}"), "\"one two [31m\"");
        assert_eq!(OneLine(&"é".repeat(1000)).to_string(), "é".repeat(200));
    }
}

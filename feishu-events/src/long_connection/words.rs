//! Words of the other side, made fit for a log.

use std::fmt::{self, Write as _};

/// How many characters are shown.
const SHOWN: usize = 200;

/// A text that the other side chose: shown in one line, and not too long.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Words<'a>(pub(crate) &'a str);

impl fmt::Display for Words<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = self.0.trim().chars().take(SHOWN);
        shown
            .map(|c| if c.is_control() { ' ' } else { c })
            .try_for_each(|c| f.write_char(c))
    }
}

impl fmt::Debug for Words<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.to_string(), f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stranger_writes_one_line_and_not_a_long_one() {
        let words = Words(" one\ntwo\u{1b}[31m\r\n");
        assert_eq!(words.to_string(), "one two [31m");
        assert_eq!(format!("{words:?}"), "\"one two [31m\"");
        assert_eq!(Words(&"é".repeat(1000)).to_string(), "é".repeat(200));
    }
}

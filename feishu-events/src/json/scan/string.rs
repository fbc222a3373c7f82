//! Strings.

use std::borrow::Cow;

use super::{Scanner, Unusual};

const ONES: u64 = u64::MAX / 255;
const HIGHEST: u64 = ONES << 7;

/// The highest bit of each of eight bytes that may end a run of plain text: a quote, a backslash, a
/// control character, or one that is not ASCII. The lowest is right, those above it need not be.
#[inline]
fn ends(word: u64) -> u64 {
    // With this bit changed, a quote comes right behind the control characters, and space does not.
    let quote_or_control = (word ^ (ONES * 2)).wrapping_sub(ONES * 0x21);
    let backslash = (word ^ (ONES * u64::from(b'\\'))).wrapping_sub(ONES);
    (quote_or_control | backslash) & HIGHEST
}

/// What is left of `rest` behind the plain text that it begins with.
#[inline]
pub(super) fn plain_rest(mut rest: &[u8]) -> &[u8] {
    while let Some((eight, behind)) = rest.split_first_chunk() {
        let word = u64::from_le_bytes(*eight);
        let found = ends(word);
        if found != 0 {
            let found = found & !word;
            if found != 0 {
                let plain = found.trailing_zeros() as usize / 8;
                return rest.get(plain..).unwrap_or_default();
            }
        }
        rest = behind;
    }
    plain_rest_of_few(rest)
}

/// The same of the last few bytes of a text.
#[cold]
#[inline(never)]
fn plain_rest_of_few(rest: &[u8]) -> &[u8] {
    let mut all = rest.iter();
    let end = all.position(|byte| matches!(byte, b'"' | b'\\' | 0..0x20));
    end.and_then(|end| rest.get(end..)).unwrap_or_default()
}

impl<'a> Scanner<'a> {
    /// The string that comes; copied only if it has escapes.
    #[inline]
    pub(crate) fn string(&mut self) -> Result<Cow<'a, str>, Unusual> {
        if let Some(text) = self.plain_string()? {
            return Ok(Cow::Borrowed(text));
        }
        let mut string = String::new();
        self.escaped_string(&mut string)?;
        Ok(Cow::Owned(string))
    }

    /// The string of the member that comes, and whether one more member follows, if the member begins
    /// with `start`, which ends with the quote of a string without escapes.
    // The comparison with a text that is known is a few instructions only where it stands.
    #[allow(clippy::inline_always)]
    #[inline(always)]
    pub(crate) fn string_member(&mut self, start: &'static str) -> Option<(&'a str, bool)> {
        let bytes = self.text.as_bytes();
        let text = bytes.get(self.at..)?.strip_prefix(start.as_bytes())?;
        let end = plain_rest(text);
        let has_more = match end {
            [b'"', b',', ..] => true,
            [b'"', b'}', ..] => false,
            _ => return None,
        };
        let (begin, end) = (bytes.len() - text.len(), bytes.len() - end.len());
        let text = self.text.get(begin..end)?;
        self.at = end + 2;
        self.depth -= u32::from(!has_more);
        Some((text, has_more))
    }

    /// The string that comes, unless it has escapes: then the scan still stands before it.
    // As a function of its own it adds nearly 1 % to the instructions of reading an event.
    #[allow(clippy::inline_always)]
    #[inline(always)]
    pub(crate) fn plain_string(&mut self) -> Result<Option<&'a str>, Unusual> {
        if self.peek()? != b'"' {
            return Err(Unusual);
        }
        let begin = self.at + 1;
        let (end, byte) = self.plain_end(begin);
        match byte {
            Some(b'"') => {
                self.at = end + 1;
                self.text.get(begin..end).map(Some).ok_or(Unusual)
            }
            Some(b'\\') => Ok(None),
            _ => Err(Unusual),
        }
    }

    /// Where plain text that begins at `at` ends, and the byte that ends it.
    #[inline]
    fn plain_end(&self, at: usize) -> (usize, Option<u8>) {
        let bytes = self.text.as_bytes();
        let rest = bytes.get(at..).map_or(&[][..], plain_rest);
        (bytes.len() - rest.len(), rest.first().copied())
    }

    /// Adds the string that comes, as it is meant.
    #[cold]
    pub(super) fn escaped_string(&mut self, string: &mut String) -> Result<(), Unusual> {
        self.at += 1;
        loop {
            let (end, byte) = self.plain_end(self.at);
            *string += self.text.get(self.at..end).ok_or(Unusual)?;
            self.at = end + 1;
            match byte {
                Some(b'"') => return Ok(()),
                Some(b'\\') => string.push(self.escape()?),
                _ => return Err(Unusual),
            }
        }
    }

    /// The character that an escape stands for, of which the backslash has been taken.
    fn escape(&mut self) -> Result<char, Unusual> {
        let byte = self.text.as_bytes().get(self.at).ok_or(Unusual)?;
        self.at += 1;
        Ok(match byte {
            b'"' => '"',
            b'\\' => '\\',
            b'/' => '/',
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                let first = self.code_unit()?;
                let units = if matches!(first, 0xd800..0xdc00) {
                    self.word(r"\u", ())?;
                    [first, self.code_unit()?]
                } else {
                    [first, 0]
                };
                // Half of a pair is replaced elsewhere.
                let mut characters = char::decode_utf16(units);
                characters.next().and_then(Result::ok).ok_or(Unusual)?
            }
            _ => return Err(Unusual),
        })
    }

    /// Four hexadecimal digits.
    fn code_unit(&mut self) -> Result<u16, Unusual> {
        let digits = self.text.get(self.at..self.at + 4).ok_or(Unusual)?;
        if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(Unusual);
        }
        self.at += 4;
        u16::from_str_radix(digits, 16).map_err(|_| Unusual)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_text_ends_where_it_ends_byte_by_byte() {
        let bytes: Vec<u8> = (0..=255).chain(0..=255).collect();
        let is_end = |byte: &u8| matches!(byte, b'"' | b'\\' | 0..0x20);
        for at in 0..bytes.len() {
            for length in 0..40 {
                let text = &bytes[..(at + length).min(bytes.len())];
                let end = text[at..].iter().position(is_end);
                let expected = at + end.unwrap_or(text.len() - at);
                let rest = plain_rest(&text[at..]);
                assert_eq!(text.len() - rest.len(), expected, "{at}, {length}");
            }
        }
    }
}

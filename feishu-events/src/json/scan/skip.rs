//! Stepping over values that nobody reads.

use super::string::plain_end;
use super::{DEEPEST, Scanner, Unusual, behind_space, number_end};

impl<'a> Scanner<'a> {
    /// Steps over the value that comes, of any kind, and gives its text.
    pub(crate) fn skip(&mut self) -> Result<&'a str, Unusual> {
        self.peek()?;
        let end = value_end(self.text.as_bytes(), self.at, self.depth)?;
        let value = self.text.get(self.at..end).ok_or(Unusual);
        self.at = end;
        value
    }
}

/// Where the value ends that begins at `at`, inside so many objects and lists. One loop for all that
/// is in it, so that where it stands stays in registers.
fn value_end(bytes: &[u8], mut at: usize, mut depth: u32) -> Result<usize, Unusual> {
    // A bit for each object or list that has been entered here, the last one lowest: 1 for an object.
    // Above them stands one more 1.
    let mut entered: u64 = 1;
    let mut is_name = false;
    'next: loop {
        let byte = byte_at(bytes, &mut at)?;
        if byte == b'"' {
            at = string_end(bytes, at + 1)?;
            if is_name {
                if byte_at(bytes, &mut at)? != b':' {
                    return Err(Unusual);
                }
                at += 1;
                is_name = false;
                continue;
            }
        } else if is_name {
            return Err(Unusual);
        } else if let Some(close) = closing(byte) {
            at += 1;
            if byte_at(bytes, &mut at)? == close {
                at += 1;
            } else {
                depth += 1;
                if depth > DEEPEST {
                    return Err(Unusual);
                }
                is_name = byte == b'{';
                entered = entered << 1 | u64::from(is_name);
                continue;
            }
        } else {
            at = scalar_end(bytes, at, byte)?;
        }
        while entered != 1 {
            let byte = byte_at(bytes, &mut at)?;
            at += 1;
            let is_object = entered & 1 == 1;
            if byte == b',' {
                is_name = is_object;
                continue 'next;
            }
            if byte != if is_object { b'}' } else { b']' } {
                return Err(Unusual);
            }
            entered >>= 1;
            depth -= 1;
        }
        return Ok(at);
    }
}

/// What closes what this byte opens.
#[inline]
fn closing(byte: u8) -> Option<u8> {
    match byte {
        b'{' => Some(b'}'),
        b'[' => Some(b']'),
        _ => None,
    }
}

/// The first byte from `at` on that is not white space, where `at` then stands.
#[inline]
fn byte_at(bytes: &[u8], at: &mut usize) -> Result<u8, Unusual> {
    match bytes.get(*at) {
        Some(byte) if *byte > b' ' => Ok(*byte),
        _ => {
            *at = behind_space(bytes, *at);
            bytes.get(*at).copied().ok_or(Unusual)
        }
    }
}

/// Where a literal or a number ends.
fn scalar_end(bytes: &[u8], at: usize, first: u8) -> Result<usize, Unusual> {
    let word: &[u8] = match first {
        b't' => b"true",
        b'f' => b"false",
        b'n' => b"null",
        _ => return number_end(bytes, at).map(|(end, _)| end),
    };
    let end = at + word.len();
    (bytes.get(at..end) == Some(word))
        .then_some(end)
        .ok_or(Unusual)
}

/// Behind a string of which the text begins at `at`, whatever it stands for.
#[inline]
fn string_end(bytes: &[u8], at: usize) -> Result<usize, Unusual> {
    let end = plain_end(bytes, at);
    match bytes.get(end) {
        Some(b'"') => Ok(end + 1),
        _ => escaped_end(bytes, end),
    }
}

/// The same, of which the plain text before `at` has been passed.
#[cold]
fn escaped_end(bytes: &[u8], mut at: usize) -> Result<usize, Unusual> {
    loop {
        match bytes.get(at) {
            Some(b'"') => return Ok(at + 1),
            Some(b'\\') => {}
            _ => return Err(Unusual),
        }
        at += match bytes.get(at + 1) {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => 2,
            // Also half of a pair: nobody reads it.
            Some(b'u') => {
                let digits = bytes.get(at + 2..at + 6).ok_or(Unusual)?;
                if !digits.iter().all(u8::is_ascii_hexdigit) {
                    return Err(Unusual);
                }
                6
            }
            _ => return Err(Unusual),
        };
        at = plain_end(bytes, at);
    }
}

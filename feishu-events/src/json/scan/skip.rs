//! Stepping over values that nobody reads.

use super::string::plain_rest;
use super::{DEEPEST, Scanner, Unusual, behind_space, number_end};

impl<'a> Scanner<'a> {
    /// Steps over the value that comes, of any kind, and gives its text.
    pub(crate) fn skip(&mut self) -> Result<&'a str, Unusual> {
        self.peek()?;
        let bytes = self.text.as_bytes();
        let rest = bytes.get(self.at..).ok_or(Unusual)?;
        let end = bytes.len() - behind_value(rest, self.depth)?.len();
        let value = self.text.get(self.at..end).ok_or(Unusual);
        self.at = end;
        value
    }
}

/// What stands behind the value that `rest` begins with, inside so many objects and lists. One loop for
/// all that is in it, so that where it stands stays in registers.
fn behind_value(mut rest: &[u8], mut depth: u32) -> Result<&[u8], Unusual> {
    // A bit for each object or list that has been entered here, the last one lowest: 1 for an object.
    // Above them stands one more 1.
    let mut entered: u64 = 1;
    loop {
        let is_inside_object = 'value: {
            rest = trimmed(rest)?;
            rest = if let [b'"', text @ ..] = rest {
                behind_string(plain_rest(text))?
            } else if let [open @ (b'{' | b'['), inside @ ..] = rest {
                let is_object = *open == b'{';
                rest = trimmed(inside)?;
                match rest {
                    [close, behind @ ..] if *close == closing(is_object) => behind,
                    _ => {
                        depth += 1;
                        if depth > DEEPEST {
                            return Err(Unusual);
                        }
                        entered = entered << 1 | u64::from(is_object);
                        break 'value is_object;
                    }
                }
            } else {
                behind_scalar(rest)?
            };
            loop {
                if entered == 1 {
                    return Ok(rest);
                }
                let is_object = entered & 1 == 1;
                let (byte, behind) = trimmed(rest)?.split_first().ok_or(Unusual)?;
                rest = behind;
                if *byte == b',' {
                    break is_object;
                }
                if *byte != closing(is_object) {
                    return Err(Unusual);
                }
                entered >>= 1;
                depth -= 1;
            }
        };
        if is_inside_object {
            rest = behind_name(rest)?;
        }
    }
}

/// What stands behind the name of a member and its colon.
#[inline]
fn behind_name(rest: &[u8]) -> Result<&[u8], Unusual> {
    let [b'"', name @ ..] = trimmed(rest)? else {
        return Err(Unusual);
    };
    match plain_rest(name) {
        [b'"', b':', value @ ..] => Ok(value),
        end => match trimmed(behind_string(end)?)? {
            [b':', value @ ..] => Ok(value),
            _ => Err(Unusual),
        },
    }
}

/// What closes an object, or a list.
#[inline]
fn closing(is_object: bool) -> u8 {
    if is_object { b'}' } else { b']' }
}

/// What is left behind white space: at least one byte.
#[inline]
fn trimmed(rest: &[u8]) -> Result<&[u8], Unusual> {
    match rest {
        [b'!'..=u8::MAX, ..] => Ok(rest),
        _ => trimmed_of_space(rest),
    }
}

#[cold]
#[inline(never)]
fn trimmed_of_space(rest: &[u8]) -> Result<&[u8], Unusual> {
    let rest = rest.get(behind_space(rest, 0)..).unwrap_or_default();
    if rest.is_empty() {
        return Err(Unusual);
    }
    Ok(rest)
}

/// What stands behind a literal or a number.
#[inline(never)]
fn behind_scalar(scalar: &[u8]) -> Result<&[u8], Unusual> {
    let word: &[u8] = match scalar.first() {
        Some(b't') => b"true",
        Some(b'f') => b"false",
        Some(b'n') => b"null",
        _ => {
            let (end, _) = number_end(scalar, 0)?;
            return scalar.get(end..).ok_or(Unusual);
        }
    };
    scalar.strip_prefix(word).ok_or(Unusual)
}

/// What stands behind a string, of which the plain text before `rest` has been passed.
#[inline]
fn behind_string(rest: &[u8]) -> Result<&[u8], Unusual> {
    match rest {
        [b'"', behind @ ..] => Ok(behind),
        _ => behind_escapes(rest),
    }
}

#[cold]
#[inline(never)]
fn behind_escapes(mut rest: &[u8]) -> Result<&[u8], Unusual> {
    loop {
        rest = match rest {
            [b'"', behind @ ..] => return Ok(behind),
            [
                b'\\',
                b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't',
                behind @ ..,
            ] => plain_rest(behind),
            // Also half of a pair: nobody reads it.
            [b'\\', b'u', behind @ ..] => {
                let (digits, behind) = behind.split_first_chunk::<4>().ok_or(Unusual)?;
                if !digits.iter().all(u8::is_ascii_hexdigit) {
                    return Err(Unusual);
                }
                plain_rest(behind)
            }
            _ => return Err(Unusual),
        };
    }
}

//! JSON text of the usual form, token by token and without copies.
//!
//! What is wrong or out of the ordinary ends the scan with [`Unusual`]: `serde_json` then reads the
//! same text, and its answer counts. So nothing here decides what an error says, and all that is
//! accepted here must be what `serde_json` accepts, with the same value.

use std::borrow::Cow;

mod skip;
mod string;

use string::plain_rest;

/// Deeper text is left to `serde_json`, which knows how deep is too deep.
const DEEPEST: u32 = 60;

/// The text is wrong, or rare: `serde_json` is to read it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Unusual;

/// Where the scan of a text stands.
#[derive(Debug)]
pub(crate) struct Scanner<'a> {
    text: &'a str,
    at: usize,
    /// How many objects and lists are open.
    depth: u32,
}

/// A number as a field can have it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Number {
    Int(i64),
    Float(f64),
    /// A whole number that only an unsigned one can be.
    Large,
}

impl<'a> Scanner<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        Self {
            text,
            at: 0,
            depth: 0,
        }
    }

    /// The first byte of what comes, behind white space.
    #[inline]
    pub(crate) fn peek(&mut self) -> Result<u8, Unusual> {
        match self.text.as_bytes().get(self.at) {
            Some(byte) if *byte > b' ' => Ok(*byte),
            _ => self.peek_behind_space(),
        }
    }

    #[cold]
    fn peek_behind_space(&mut self) -> Result<u8, Unusual> {
        self.at = behind_space(self.text.as_bytes(), self.at);
        let byte = self.text.as_bytes().get(self.at);
        byte.copied().ok_or(Unusual)
    }

    /// Takes the byte that must come.
    #[inline]
    fn take(&mut self, byte: u8) -> Result<(), Unusual> {
        if self.peek()? != byte {
            return Err(Unusual);
        }
        self.at += 1;
        Ok(())
    }

    /// Takes the byte if it comes.
    #[inline]
    fn has(&mut self, byte: u8) -> Result<bool, Unusual> {
        let is_there = self.peek()? == byte;
        self.at += usize::from(is_there);
        Ok(is_there)
    }

    /// Only white space is left.
    pub(crate) fn end(mut self) -> Result<(), Unusual> {
        self.peek().map_or(Ok(()), |_| Err(Unusual))
    }

    /// Steps into the object that comes; whether it has members.
    #[inline]
    pub(crate) fn enter_object(&mut self) -> Result<bool, Unusual> {
        self.enter(b'{', b'}')
    }

    /// Steps into the object that comes, if it begins with this text: behind that.
    #[inline]
    pub(crate) fn enter_object_with(&mut self, start: &'static str) -> bool {
        let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
        let is_there = rest.starts_with(start.as_bytes());
        if is_there {
            self.at += start.len();
            self.depth += 1;
        }
        is_there
    }

    /// Steps into the list that comes; whether it has items.
    #[inline]
    pub(crate) fn enter_list(&mut self) -> Result<bool, Unusual> {
        self.enter(b'[', b']')
    }

    #[inline]
    fn enter(&mut self, open: u8, close: u8) -> Result<bool, Unusual> {
        self.take(open)?;
        if self.has(close)? {
            return Ok(false);
        }
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(Unusual);
        }
        Ok(true)
    }

    /// Behind a member: whether there is one more. If not, the object has been left.
    #[inline]
    pub(crate) fn more_members(&mut self) -> Result<bool, Unusual> {
        self.more(b'}')
    }

    /// Behind an item: whether there is one more. If not, the list has been left.
    #[inline]
    pub(crate) fn more_items(&mut self) -> Result<bool, Unusual> {
        self.more(b']')
    }

    #[inline]
    fn more(&mut self, close: u8) -> Result<bool, Unusual> {
        let byte = self.peek()?;
        self.at += 1;
        if byte == b',' {
            return Ok(true);
        }
        self.depth -= 1;
        if byte == close {
            Ok(false)
        } else {
            Err(Unusual)
        }
    }

    /// Steps over the name of a member, if it is this one and no white space is around it.
    #[inline]
    pub(crate) fn has_name(&mut self, name: &str) -> bool {
        let behind = self.at + name.len() + 3;
        let is_there = match self.text.as_bytes().get(self.at..behind) {
            Some([b'"', text @ .., b'"', b':']) => text == name.as_bytes(),
            _ => false,
        };
        if is_there {
            self.at = behind;
        }
        is_there
    }

    /// The name of the member that comes.
    #[inline]
    pub(crate) fn name(&mut self) -> Result<Cow<'a, str>, Unusual> {
        match self.plain_name() {
            Some(name) => Ok(Cow::Borrowed(name)),
            None => self.any_name(),
        }
    }

    /// The name of the member that comes, if it has no escapes and no white space is around it.
    #[inline]
    fn plain_name(&mut self) -> Option<&'a str> {
        let bytes = self.text.as_bytes();
        let [b'"', name @ ..] = bytes.get(self.at..)? else {
            return None;
        };
        let [b'"', b':', value @ ..] = plain_rest(name) else {
            return None;
        };
        let begin = self.at + 1;
        self.at = bytes.len() - value.len();
        self.text.get(begin..self.at - 2)
    }

    /// The name of the member that comes; one with escapes is put into `memory`, so that many of them
    /// take no memory each.
    pub(crate) fn name_in<'b>(&mut self, memory: &'b mut String) -> Result<&'b str, Unusual>
    where
        'a: 'b,
    {
        if let Some(name) = self.plain_name() {
            return Ok(name);
        }
        let name = if let Some(name) = self.plain_string()? {
            name
        } else {
            memory.clear();
            self.escaped_string(memory)?;
            memory
        };
        self.take(b':')?;
        Ok(name)
    }

    #[inline(never)]
    fn any_name(&mut self) -> Result<Cow<'a, str>, Unusual> {
        let name = self.string()?;
        self.take(b':')?;
        Ok(name)
    }

    /// Takes `word` and what it stands for.
    pub(crate) fn word<T>(&mut self, word: &str, value: T) -> Result<T, Unusual> {
        let text = self.text.as_bytes().get(self.at..).unwrap_or_default();
        if !text.starts_with(word.as_bytes()) {
            return Err(Unusual);
        }
        self.at += word.len();
        Ok(value)
    }

    /// The boolean that comes.
    pub(crate) fn boolean(&mut self) -> Result<bool, Unusual> {
        if self.peek()? == b't' {
            self.word("true", true)
        } else {
            self.word("false", false)
        }
    }

    /// The number that comes, and its text.
    pub(crate) fn number(&mut self) -> Result<(Number, &'a str), Unusual> {
        let (text, is_whole) = self.number_text()?;
        let number = match text.parse() {
            // Zero with a sign is a float.
            Ok(int) if is_whole && text != "-0" => Number::Int(int),
            _ if is_whole && text.parse::<u64>().is_ok() => Number::Large,
            _ => {
                let float: f64 = text.parse().map_err(|_| Unusual)?;
                // No type can hold it: it is replaced.
                if !float.is_finite() {
                    return Err(Unusual);
                }
                Number::Float(float)
            }
        };
        Ok((number, text))
    }

    /// The text of the number that comes, and whether it is a whole number by its form.
    fn number_text(&mut self) -> Result<(&'a str, bool), Unusual> {
        let (end, is_whole) = number_end(self.text.as_bytes(), self.at)?;
        let text = self.text.get(self.at..end).ok_or(Unusual)?;
        self.at = end;
        Ok((text, is_whole))
    }
}

/// The string that `json` is, if it is one that a type can hold.
pub(crate) fn whole_string(json: &str) -> Option<String> {
    let mut scan = Scanner::new(json);
    let text = scan.string().ok()?;
    scan.end().ok()?;
    Some(text.into_owned())
}

/// The same of a string with escapes, in `memory`.
pub(crate) fn escaped_string_in<'a>(json: &str, memory: &'a mut String) -> Option<&'a str> {
    memory.clear();
    let mut scan = Scanner::new(json);
    scan.escaped_string(memory).ok()?;
    scan.end().ok()?;
    Some(memory)
}

/// Where white space that begins at `at` ends.
#[cold]
fn behind_space(bytes: &[u8], at: usize) -> usize {
    let rest = bytes.get(at..).unwrap_or_default();
    let is_space = |byte: &&u8| matches!(byte, b' ' | b'\n' | b'\r' | b'\t');
    at + rest.iter().take_while(is_space).count()
}

/// Where the number ends that begins at `at`, and whether it is a whole number by its form.
fn number_end(bytes: &[u8], at: usize) -> Result<(usize, bool), Unusual> {
    let byte = |at: usize| bytes.get(at).copied().unwrap_or_default();
    let digits = |mut at: usize| {
        let begin = at;
        while byte(at).is_ascii_digit() {
            at += 1;
        }
        if at == begin { Err(Unusual) } else { Ok(at) }
    };
    let begin = at + usize::from(byte(at) == b'-');
    if byte(begin) == b'0' && byte(begin + 1).is_ascii_digit() {
        return Err(Unusual);
    }
    let mut at = digits(begin)?;
    let mut is_whole = true;
    if byte(at) == b'.' {
        is_whole = false;
        at = digits(at + 1)?;
    }
    if matches!(byte(at), b'e' | b'E') {
        is_whole = false;
        at = digits(at + 1 + usize::from(matches!(byte(at + 1), b'+' | b'-')))?;
    }
    Ok((at, is_whole))
}

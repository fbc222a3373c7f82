//! JSON text of the usual form, token by token and without copies.
//!
//! What is wrong or out of the ordinary ends the scan with [`Unusual`]: serde_json then reads the
//! same text, and its answer counts. So nothing here decides what an error says, and all that is
//! accepted here must be what serde_json accepts, with the same value.

use std::borrow::Cow;

mod string;

/// Deeper text is left to serde_json, which knows how deep is too deep.
const DEEPEST: u32 = 60;

/// The text is wrong, or rare: serde_json is to read it.
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
        let bytes = self.text.as_bytes();
        while let Some(byte) = bytes.get(self.at) {
            match byte {
                b' ' | b'\n' | b'\r' | b'\t' => self.at += 1,
                byte => return Ok(*byte),
            }
        }
        Err(Unusual)
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
        let begin = self.at;
        let bytes = self.text.as_bytes();
        let byte = |at: usize| bytes.get(at).copied().unwrap_or_default();
        let digits = |mut at: usize| {
            let begin = at;
            while byte(at).is_ascii_digit() {
                at += 1;
            }
            if at == begin { Err(Unusual) } else { Ok(at) }
        };
        let mut at = begin + usize::from(byte(begin) == b'-');
        at = match byte(at) {
            b'0' if byte(at + 1).is_ascii_digit() => return Err(Unusual),
            _ => digits(at)?,
        };
        let mut is_whole = true;
        if byte(at) == b'.' {
            is_whole = false;
            at = digits(at + 1)?;
        }
        if matches!(byte(at), b'e' | b'E') {
            is_whole = false;
            at = digits(at + 1 + usize::from(matches!(byte(at + 1), b'+' | b'-')))?;
        }
        self.at = at;
        self.text
            .get(begin..at)
            .map(|text| (text, is_whole))
            .ok_or(Unusual)
    }

    /// Steps over the value that comes, of any kind, and gives its text.
    pub(crate) fn skip(&mut self) -> Result<&'a str, Unusual> {
        self.peek()?;
        let begin = self.at;
        // A bit for each object or list that has been entered here, the last one lowest: 1 for an
        // object. Above them stands one more 1.
        let mut entered: u64 = 1;
        loop {
            let is_behind = match self.peek()? {
                b'"' => self.skip_string().map(|()| true)?,
                b'{' if self.enter_object()? => {
                    entered = entered << 1 | 1;
                    self.skip_name()?;
                    false
                }
                b'[' if self.enter_list()? => {
                    entered <<= 1;
                    false
                }
                b'{' | b'[' => true,
                b't' => self.word("true", true)?,
                b'f' => self.word("false", true)?,
                b'n' => self.word("null", true)?,
                _ => self.number_text().map(|_| true)?,
            };
            while is_behind {
                if entered == 1 {
                    return self.text.get(begin..self.at).ok_or(Unusual);
                }
                let is_object = entered & 1 == 1;
                if self.more(if is_object { b'}' } else { b']' })? {
                    if is_object {
                        self.skip_name()?;
                    }
                    break;
                }
                entered >>= 1;
            }
        }
    }

    #[inline]
    fn skip_name(&mut self) -> Result<(), Unusual> {
        if self.peek()? != b'"' {
            return Err(Unusual);
        }
        self.skip_string()?;
        self.take(b':')
    }
}

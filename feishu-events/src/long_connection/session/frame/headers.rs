//! The headers of a frame, in one piece of memory.

use std::fmt;

use prost::encoding::{decode_varint, encode_varint, encoded_len_varint};

/// What stands before a header, before its key and before its value: the tags 5, 1 and 2, each with
/// the type of what has a length.
pub(in crate::long_connection::session::frame) const HEADER: u8 = 0x2a;
pub(in crate::long_connection::session::frame) const KEY: u8 = 0x0a;
pub(in crate::long_connection::session::frame) const VALUE: u8 = 0x12;

/// What the header that an answer adds takes.
const ONE_MORE: usize = 24;

/// The headers of a frame, as they are written: an answer repeats them all, and only few are read. A
/// key may come more than once.
#[derive(Clone, PartialEq, Eq, Default)]
pub(crate) struct Headers {
    written: Vec<u8>,
}

impl Headers {
    /// Headers that are written like this already. A copy, because what they are a part of may have
    /// a large payload.
    pub(in crate::long_connection::session::frame) fn copied(written: &str) -> Self {
        let mut copy = Vec::with_capacity(written.len() + ONE_MORE);
        copy.extend_from_slice(written.as_bytes());
        Self { written: copy }
    }

    pub(in crate::long_connection::session::frame) fn as_written(&self) -> &[u8] {
        &self.written
    }

    pub(crate) fn push(&mut self, key: &str, value: &str) {
        let written = &mut self.written;
        let length = 2 + length_of(key) + length_of(value);
        written.push(HEADER);
        encode_varint(length as u64, written);
        for (tag, text) in [(KEY, key), (VALUE, value)] {
            written.push(tag);
            encode_varint(text.len() as u64, written);
            written.extend_from_slice(text.as_bytes());
        }
    }

    /// The value of a header; of a repeated one the first.
    pub(crate) fn get(&self, key: &str) -> Option<&str> {
        let mut headers = self.raw();
        let mut found = headers.find_map(|mut header| {
            (field(&mut header, KEY)? == key.as_bytes()).then_some(header)
        })?;
        std::str::from_utf8(field(&mut found, VALUE)?).ok()
    }

    /// Keys and values, in their order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.raw().map(|mut header| {
            let mut text = |tag| std::str::from_utf8(field(&mut header, tag)?).ok();
            // It was text when it was put in.
            (
                text(KEY).unwrap_or_default(),
                text(VALUE).unwrap_or_default(),
            )
        })
    }

    fn raw(&self) -> impl Iterator<Item = &[u8]> {
        let mut rest = &self.written[..];
        std::iter::from_fn(move || field(&mut rest, HEADER))
    }
}

/// What a text takes with its length.
fn length_of(text: &str) -> usize {
    encoded_len_varint(text.len() as u64) + text.len()
}

/// The next field, if it is this one.
fn field<'a>(rest: &mut &'a [u8], tag: u8) -> Option<&'a [u8]> {
    let mut after = rest.strip_prefix(&[tag])?;
    let length = usize::try_from(decode_varint(&mut after).ok()?).ok()?;
    let (field, after) = after.split_at_checked(length)?;
    *rest = after;
    Some(field)
}

impl<K: AsRef<str>, V: AsRef<str>> Extend<(K, V)> for Headers {
    fn extend<T: IntoIterator<Item = (K, V)>>(&mut self, headers: T) {
        for (key, value) in headers {
            self.push(key.as_ref(), value.as_ref());
        }
    }
}

impl<K: AsRef<str>, V: AsRef<str>> FromIterator<(K, V)> for Headers {
    fn from_iter<T: IntoIterator<Item = (K, V)>>(headers: T) -> Self {
        let mut all = Self::default();
        all.extend(headers);
        all
    }
}

impl<K: AsRef<str>, V: AsRef<str>, const N: usize> From<[(K, V); N]> for Headers {
    fn from(headers: [(K, V); N]) -> Self {
        headers.into_iter().collect()
    }
}

impl fmt::Debug for Headers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

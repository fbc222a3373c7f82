//! Text of the length that ids have, without memory of its own.

use std::fmt;

/// Room for an app's id, a message's id and an event's id.
const ROOM: usize = 96;

#[derive(Clone)]
pub(super) enum ShortText {
    /// The bytes behind the text are 0.
    Inside { bytes: [u8; ROOM], length: usize },
    /// It is longer.
    Outside(String),
}

impl ShortText {
    /// The parts, one after the other.
    pub(super) fn of(parts: &[&str]) -> Self {
        let mut bytes = [0; ROOM];
        let mut length = 0;
        for part in parts {
            let end = length + part.len();
            match bytes.get_mut(length..end) {
                Some(place) => place.copy_from_slice(part.as_bytes()),
                None => return Self::Outside(parts.concat()),
            }
            length = end;
        }
        Self::Inside { bytes, length }
    }

    pub(super) fn as_bytes(&self) -> &[u8] {
        match self {
            Self::Inside { bytes, length } => bytes.get(..*length).unwrap_or_default(),
            Self::Outside(text) => text.as_bytes(),
        }
    }

    pub(super) fn as_str(&self) -> &str {
        match self {
            // It consists of whole texts.
            Self::Inside { .. } => std::str::from_utf8(self.as_bytes()).unwrap_or_default(),
            Self::Outside(text) => text,
        }
    }
}

impl Default for ShortText {
    fn default() -> Self {
        Self::of(&[])
    }
}

impl PartialEq for ShortText {
    fn eq(&self, other: &Self) -> bool {
        self.as_bytes() == other.as_bytes()
    }
}

impl fmt::Debug for ShortText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_str().fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_of_any_length_is_what_it_was_made_of() {
        for length in 0..2 * ROOM {
            let (first, second) = ("\u{e9}".repeat(length / 2), "x".repeat(length % 7));
            let text = ShortText::of(&[&first, "/", &second]);
            assert_eq!(text.as_str(), [&*first, "/", &second].concat());
            assert_eq!(text.as_bytes(), text.as_str().as_bytes());
        }
        assert_eq!(ShortText::default().as_str(), "");
    }
}

//! The names of all events in one text. In a table of `&str`, each would cost every program 40 bytes
//! more: addresses in it are only known when the program is loaded.

use crate::generated::catalog::metadata::NAMES;

/// Where each name begins in [`TEXT`], and where the last one ends.
static BEGINNINGS: [u16; NAMES.len() + 1] = beginnings();

const LENGTH: usize = beginnings()[NAMES.len()] as usize;

const BYTES: [u8; LENGTH] = bytes();

static TEXT: &str = match std::str::from_utf8(&BYTES) {
    Ok(text) => text,
    Err(_) => panic!("names are text"),
};

const fn beginnings() -> [u16; NAMES.len() + 1] {
    let mut beginnings = [0; NAMES.len() + 1];
    let (mut number, mut length) = (0, 0);
    while number < NAMES.len() {
        length += NAMES[number].len();
        assert!(length <= u16::MAX as usize, "names are longer than thought");
        number += 1;
        #[allow(clippy::cast_possible_truncation)] // just asserted
        let end = length as u16;
        beginnings[number] = end;
    }
    beginnings
}

const fn bytes() -> [u8; LENGTH] {
    let mut bytes = [0; LENGTH];
    let (mut number, mut at) = (0, 0);
    while number < NAMES.len() {
        let name = NAMES[number].as_bytes();
        let mut index = 0;
        while index < name.len() {
            bytes[at] = name[index];
            at += 1;
            index += 1;
        }
        number += 1;
    }
    bytes
}

/// The name of the event with this number.
#[inline]
pub(super) fn name(number: usize) -> Option<&'static str> {
    let begin = *BEGINNINGS.get(number)?;
    let end = *BEGINNINGS.get(number + 1)?;
    TEXT.get(usize::from(begin)..usize::from(end))
}

/// Whether `name` is the name of the event with this number, or `None` if the number is out of range.
#[inline]
pub(super) fn is_name(number: usize, name: &str) -> Option<bool> {
    let begin = *BEGINNINGS.get(number)?;
    let end = *BEGINNINGS.get(number + 1)?;
    let text = TEXT.as_bytes().get(usize::from(begin)..usize::from(end))?;
    Some(text == name.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_the_table() {
        let names: Vec<_> = (0..NAMES.len()).filter_map(name).collect();
        assert_eq!(names, NAMES);
        assert_eq!(name(NAMES.len()), None);
        assert_eq!(name(usize::from(u16::MAX)), None);
    }
}

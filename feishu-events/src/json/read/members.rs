//! The members of an object: looked up by name, read into the record's fields.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, Visitor};

use super::{Reader, Segment, SlotSeed};
use crate::json::record::{Record, Slot};
use crate::json::report::ReportKind;

/// The index of `key`, looked for first where document order expects it.
fn position(names: &[&str], key: &str, expected: usize) -> Option<usize> {
    if names.get(expected) == Some(&key) {
        return Some(expected);
    }
    names.iter().position(|name| *name == key)
}

pub(crate) struct RecordSeed<'a> {
    record: &'a mut dyn Record,
    reader: &'a mut Reader,
}

impl<'a> RecordSeed<'a> {
    pub(crate) fn new(record: &'a mut dyn Record, reader: &'a mut Reader) -> Self {
        Self { record, reader }
    }
}

impl<'de> DeserializeSeed<'de> for RecordSeed<'_> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for RecordSeed<'_> {
    type Value = ();
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }
    fn visit_map<A: MapAccess<'de>>(self, access: A) -> Result<(), A::Error> {
        let names = self.record.def().fields;
        let (mut access, reader) = (access, self.reader);
        let mut result = Ok(());
        self.record
            .slots(&mut |slots| result = read_members(names, slots, &mut access, reader));
        result
    }
}

enum Key {
    Documented(usize),
    Undocumented(String),
}

fn read_members<'de, A: MapAccess<'de>>(
    names: &'static [&'static str],
    slots: &mut [Slot<'_>],
    access: &mut A,
    reader: &mut Reader,
) -> Result<(), A::Error> {
    let mut expected = 0;
    while let Some(key) = access.next_key_seed(KeySeed { names, expected })? {
        match key {
            Key::Documented(index) => {
                reader.path.push(Segment::Name(names[index]));
                let slot = &mut slots[index];
                access.next_value_seed(SlotSeed { slot, reader })?;
                reader.path.pop();
                expected = index + 1;
            }
            Key::Undocumented(name) => {
                let value = access.next_value()?;
                if !reader.is_of_envelope(&name) {
                    reader.report(ReportKind::Undocumented, value, Some(&name));
                }
            }
        }
    }
    Ok(())
}

struct KeySeed<'a> {
    names: &'a [&'a str],
    expected: usize,
}

impl<'de> DeserializeSeed<'de> for KeySeed<'_> {
    type Value = Key;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Key, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for KeySeed<'_> {
    type Value = Key;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a member's name")
    }
    fn visit_str<E>(self, key: &str) -> Result<Key, E> {
        Ok(match position(self.names, key, self.expected) {
            Some(index) => Key::Documented(index),
            None => Key::Undocumented(key.to_owned()),
        })
    }
}

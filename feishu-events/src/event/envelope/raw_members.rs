//! The members of an object as they came. `serde_json` finds them with generic code, which compiles
//! its parser of numbers in this crate again.

use serde::de::Error as _;
use serde_json::Error;
use serde_json::value::RawValue;

use crate::json::report::kind_of;
use crate::json::scan::{Scanner, Unusual, escaped_string_in};

/// Calls `found` with the name and the value of each member of the object that `text` is; after an
/// error, what was found does not count.
///
/// # Errors
/// Text that is not an object.
pub(super) fn each_member<'a>(
    text: &'a str,
    found: &mut dyn FnMut(&str, &'a str),
) -> Result<(), Error> {
    if usual_members(text, found).is_err() {
        walk(object_in(text)?, found);
    }
    Ok(())
}

fn usual_members<'a>(text: &'a str, found: &mut dyn FnMut(&str, &'a str)) -> Result<(), Unusual> {
    let mut scan = Scanner::new(text);
    let mut memory = String::new();
    let mut has_more = scan.enter_object()?;
    while has_more {
        let name = scan.name_in(&mut memory)?;
        scan.peek()?;
        found(name, scan.skip()?);
        has_more = scan.more_members()?;
    }
    scan.end()
}

/// The text of an object, without white space around it.
#[cold]
fn object_in(text: &str) -> Result<&str, Error> {
    let json: &RawValue = serde_json::from_str(text)?;
    if json.get().starts_with('{') {
        Ok(json.get())
    } else {
        let kind = kind_of(&json.get().parse()?);
        let message = format!("invalid type: {kind}, expected an object");
        Err(Error::custom(message))
    }
}

/// As [`each_member`], of an object that is well-formed.
fn walk<'a>(object: &'a str, found: &mut dyn FnMut(&str, &'a str)) {
    let mut rest = object.strip_prefix('{').unwrap_or_default();
    let mut memory = String::new();
    loop {
        rest = rest.trim_start_matches([' ', '\n', '\r', '\t', ',', ':']);
        let Some((name, value)) = rest.starts_with('"').then(|| split(rest)) else {
            return;
        };
        let (value, behind) = split(value.trim_start_matches([' ', '\n', '\r', '\t', ':']));
        let inner = name.get(1..name.len().saturating_sub(1));
        if name.contains('\\') {
            // What cannot be read is the name of no member that is looked for.
            let name = escaped_string_in(name, &mut memory);
            found(name.unwrap_or_default(), value);
        } else {
            found(inner.unwrap_or_default(), value);
        }
        rest = behind;
    }
}

/// The value that the text begins with, and what comes behind it.
fn split(text: &str) -> (&str, &str) {
    text.split_at_checked(value_end(text.as_bytes()))
        .unwrap_or((text, ""))
}

fn value_end(bytes: &[u8]) -> usize {
    let (mut at, mut depth) = (0, 0_usize);
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => {
                at = string_end(bytes, at);
                if depth == 0 {
                    return at;
                }
                continue;
            }
            b'{' | b'[' => depth += 1,
            b'}' | b']' if depth > 1 => depth -= 1,
            b'}' | b']' => return at + depth,
            b',' | b' ' | b'\n' | b'\r' | b'\t' if depth == 0 => return at,
            _ => {}
        }
        at += 1;
    }
    at
}

/// The end of the string that begins at `at`.
fn string_end(bytes: &[u8], mut at: usize) -> usize {
    loop {
        at += 1;
        match bytes.get(at) {
            Some(b'\\') => at += 1,
            Some(b'"') => return at + 1,
            Some(_) => {}
            None => return bytes.len(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_found_as_they_came() {
        let json = "{ \"a\" : {\"x\":[1,{\"}\":\"\\\"]\"}]} ,\"b\\u0063\":-1.5e3,\n\"\\ud800\":true,\"d\":[],\"e\":\"{\\\\\" , \"f\": null\t}";
        let mut members = Vec::new();
        each_member(json, &mut |name, value| {
            members.push((name.to_owned(), value));
        })
        .unwrap();
        // The lone surrogate in a name is left to the second attempt.
        let mut members = members.split_off(2);
        let expected = [
            ("a", r#"{"x":[1,{"}":"\"]"}]}"#),
            ("bc", "-1.5e3"),
            ("", "true"),
            ("d", "[]"),
            ("e", r#""{\\""#),
            ("f", "null"),
        ];
        assert_eq!(
            members,
            expected.map(|(name, value)| (name.to_owned(), value))
        );
        members.clear();
        walk("{}", &mut |name, value| {
            members.push((name.to_owned(), value));
        });
        assert_eq!(members, []);
        assert!(object_in("[]").is_err() && object_in("{} 1").is_err());
    }
}

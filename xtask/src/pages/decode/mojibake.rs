//! UTF-8 that somebody decoded as a Western character set, and what can be had back of it.

use encoding_rs::{Encoding, WINDOWS_1252, WINDOWS_1254};

/// Sets that such text has been seen in.
const SETS: [&Encoding; 2] = [WINDOWS_1252, WINDOWS_1254];

/// Text that was repaired.
pub(in crate::pages::decode) struct Repaired {
    pub(in crate::pages::decode) text: String,
    /// How many places stay lost; `U+FFFD` stands there.
    pub(in crate::pages::decode) lost: usize,
}

/// Repairs the text if it is UTF-8 in disguise; nothing if it is what it should be.
pub(in crate::pages::decode) fn repaired(text: &str) -> Option<Repaired> {
    if !is_suspicious(text) {
        return None;
    }
    let repairs = SETS.iter().map(|set| with(text, set));
    let best = repairs.min_by_key(|repaired| repaired.lost)?;
    // The repair must have brought back more than it has lost.
    let han = best.text.chars().filter(|c| is_han(*c)).count();
    (han > best.lost).then_some(best)
}

/// No page in Chinese is without Chinese characters but full of Western accents.
fn is_suspicious(text: &str) -> bool {
    let han = text.chars().filter(|c| is_han(*c)).count();
    let leads = text.chars().filter(|c| ('\u{e4}'..='\u{e9}').contains(c));
    leads.count() > 16 + 4 * han
}

fn is_han(c: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&c)
}

fn with(text: &str, set: &'static Encoding) -> Repaired {
    let mut bytes = Vec::with_capacity(text.len());
    let mut one = [0; 4];
    for c in text.chars() {
        let (encoded, _, failed) = set.encode(c.encode_utf8(&mut one));
        if failed {
            // What is not of the set was never in disguise.
            bytes.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
        } else {
            bytes.extend_from_slice(&encoded);
        }
    }
    let mut repaired = Repaired {
        text: String::with_capacity(bytes.len()),
        lost: 0,
    };
    for chunk in bytes.utf8_chunks() {
        repaired.text.push_str(chunk.valid());
        if !chunk.invalid().is_empty() && !ends_lost(&repaired.text, chunk.valid()) {
            repaired.text.push(char::REPLACEMENT_CHARACTER);
            repaired.lost += 1;
        }
    }
    repaired
}

/// Whether what was lost directly goes on: the bytes of one character are one loss.
fn ends_lost(text: &str, valid: &str) -> bool {
    valid.is_empty() && text.ends_with(char::REPLACEMENT_CHARACTER)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "名称、类型、描述、事件、字段、部门、用户、日程、会议、审批、权限、应用";

    #[test]
    fn disguised_text_is_had_back() {
        // A decoder that drops what its set lacks, as it is done.
        let (disguised, _) = WINDOWS_1252.decode_without_bom_handling(TEXT.as_bytes());
        let dropped: String = disguised
            .chars()
            .filter(|c| *c >= '\u{a0}' || c.is_ascii())
            .collect();
        for (text, least) in [(disguised.into_owned(), 0), (dropped, 1)] {
            let repaired = repaired(&text).unwrap();
            assert!(repaired.text.contains("部门"), "{}", repaired.text);
            assert!(repaired.lost >= least, "{}", repaired.text);
            assert_eq!(repaired.text.matches('\u{fffd}').count(), repaired.lost);
        }
    }

    #[test]
    fn other_text_stays() {
        for text in [
            TEXT,
            "plain",
            "äöüß éèê æøå ç ñ: été à Zürich, naïve, façade, cœur",
        ] {
            assert!(repaired(text).is_none(), "{text}");
        }
    }
}

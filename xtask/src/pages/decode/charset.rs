//! Which character set bytes are in, and the text they are.

use encoding_rs::{Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE};

/// Words of which every page in Chinese has one: what makes these of bytes is the right set.
const WORDS: [&str; 5] = ["事件", "字段", "名称", "类型", "描述"];

/// The text of `bytes`, or how many of them are text.
pub(in crate::pages::decode) fn text(bytes: &[u8]) -> Result<String, usize> {
    if let Some((encoding, length)) = Encoding::for_bom(bytes) {
        return strictly(encoding, &bytes[length..]).ok_or(length);
    }
    if let Some(encoding) = utf_16(bytes) {
        return strictly(encoding, bytes).ok_or(0);
    }
    let Err(error) = std::str::from_utf8(bytes) else {
        return strictly(UTF_8, bytes).ok_or(0);
    };
    // Nearly all bytes are something in GB18030; words show whether it makes sense.
    strictly(GB18030, bytes)
        .filter(|text| WORDS.iter().any(|word| text.contains(word)))
        .ok_or(error.valid_up_to())
}

fn strictly(encoding: &'static Encoding, bytes: &[u8]) -> Option<String> {
    let text = encoding.decode_without_bom_handling_and_without_replacement(bytes)?;
    Some(text.into_owned())
}

/// UTF-16 without a byte order mark: the markup of a page is ASCII, so many bytes are zero, and
/// all of them on one side.
fn utf_16(bytes: &[u8]) -> Option<&'static Encoding> {
    let pairs = || bytes.chunks_exact(2);
    let low = pairs().filter(|pair| pair[1] == 0).count();
    let high = pairs().filter(|pair| pair[0] == 0).count();
    let many = bytes.len() / 8;
    if low > many && high == 0 {
        Some(UTF_16LE)
    } else if high > many && low == 0 {
        Some(UTF_16BE)
    } else {
        None
    }
}

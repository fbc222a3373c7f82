//! Bytes of a file → text.

use crate::finding::{Finding, Kind};
use crate::source::Source;

/// Pages are some ten kilobytes; what is a hundred times larger is no page.
pub(crate) const MOST_BYTES: usize = 2 * 1024 * 1024;

/// Reads a file's bytes as text, with line feeds only and no byte order mark.
///
/// # Errors
/// Bytes that are no UTF-8, or far more of them than a page has.
pub fn decode(name: &str, bytes: Vec<u8>) -> Result<Source, Box<Finding>> {
    if bytes.len() > MOST_BYTES {
        let what = format!("the file has more than {MOST_BYTES} bytes");
        let finding = Finding::of_page(Kind::NotText, name, what);
        return Err(finding.expected("a page").into());
    }
    let text = String::from_utf8(bytes).map_err(|error| {
        let valid = error
            .as_bytes()
            .utf8_chunks()
            .next()
            .map_or("", |chunk| chunk.valid());
        let line = 1 + valid.matches('\n').count();
        let what = format!("line {line} holds bytes that are no text");
        Finding::of_page(Kind::NotText, name, what).expected("a page in UTF-8")
    })?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    if text.contains('\r') {
        let text = text.replace("\r\n", "\n").replace('\r', "\n");
        return Ok(Source::new(name, text));
    }
    Ok(Source::new(name, text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_ends_and_byte_order_mark_are_evened_out() {
        let source = decode("p", b"\xef\xbb\xbfa\r\nb\rc\n".to_vec()).unwrap();
        assert_eq!(source.text(), "a\nb\nc\n");
    }

    #[test]
    fn bytes_that_are_no_text_are_named_with_their_line() {
        let finding = decode("p.md", b"a\nb\xff\n".to_vec()).unwrap_err();
        insta::assert_snapshot!(finding, @"p.md: error[not-text]: line 2 holds bytes that are no text; expected a page in UTF-8");
    }
}

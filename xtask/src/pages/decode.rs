//! Bytes of a file → text.

use crate::pages::finding::{Finding, Kind};
use crate::pages::source::Source;

mod answer;
mod charset;
mod mojibake;

/// Pages have some ten kilobytes; anything a hundred times larger is something else.
pub(crate) const MOST_BYTES: usize = 2 * 1024 * 1024;

/// Reads a file's bytes as a page's text, with line feeds only and no byte order mark. The
/// bytes may be UTF-8, UTF-16 or GB18030, the file an answer of the portal's API with the page in
/// it; text that was decoded wrongly before is repaired as far as it can be.
///
/// # Errors
/// Bytes that are not text, far more of them than a page has, or an answer without a page.
pub fn decode(name: &str, bytes: &[u8]) -> Result<Source, Box<Finding>> {
    if bytes.len() > MOST_BYTES {
        let what = format!("the file has more than {MOST_BYTES} bytes");
        let finding = Finding::of_page(Kind::NotText, name, what);
        return Err(finding.expected("a page").into());
    }
    let text = charset::text(bytes).map_err(|valid| {
        let lines = bytes[..valid].iter().filter(|byte| **byte == b'\n');
        let line = 1 + lines.count();
        let what = format!("line {line} has bytes that are not text");
        let finding = Finding::of_page(Kind::NotText, name, what);
        finding.expected("a page in UTF-8, UTF-16 or GB18030")
    })?;
    let text = match answer::page(&text) {
        Some(Ok(page)) => page,
        Some(Err(what)) => {
            let finding = Finding::of_page(Kind::NoPage, name, what);
            return Err(finding
                .expected("`\"code\": 0` and a page as `content`")
                .into());
        }
        None => text,
    };
    let text = even_lines(text);
    let Some(repaired) = mojibake::repaired(&text) else {
        return Ok(Source::new(name, text));
    };
    let what = format!(
        "the text was decoded with a wrong character set; {} places stay lost",
        repaired.lost
    );
    let source = Source::new(name, repaired.text);
    let first = source.text().find(char::REPLACEMENT_CHARACTER).unwrap_or(0);
    let finding = Finding::new(Kind::LostText, &source, first..first, what);
    let finding = finding.expected("the page in UTF-8, as it is");
    Ok(source.with_findings(vec![finding]))
}

fn even_lines(text: String) -> String {
    let text = match text.strip_prefix('\u{feff}') {
        Some(rest) => rest.to_owned(),
        None => text,
    };
    if text.contains('\r') {
        return text.replace("\r\n", "\n").replace('\r', "\n");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_ends_and_byte_order_mark_are_evened_out() {
        let source = decode("p", b"\xef\xbb\xbfa\r\nb\rc\n").unwrap();
        assert_eq!(source.text(), "a\nb\nc\n");
    }

    #[test]
    fn character_sets_are_recognised() {
        let page = "# 事件类型\r\n| 名称 | 类型 |\r\n";
        let (gb18030, _, _) = encoding_rs::GB18030.encode(page);
        let utf_16 = |bytes: fn(u16) -> [u8; 2], mark: &str| {
            let text = format!("{mark}{page}");
            text.encode_utf16().flat_map(bytes).collect::<Vec<u8>>()
        };
        for bytes in [
            page.as_bytes().to_vec(),
            gb18030.into_owned(),
            utf_16(u16::to_le_bytes, "\u{feff}"),
            utf_16(u16::to_be_bytes, "\u{feff}"),
            utf_16(u16::to_le_bytes, ""),
            utf_16(u16::to_be_bytes, ""),
        ] {
            let source = decode("p", &bytes).unwrap();
            assert_eq!(source.text(), "# 事件类型\n| 名称 | 类型 |\n", "{bytes:?}");
        }
    }

    #[test]
    fn bytes_that_are_no_text_are_named_with_their_line() {
        let finding = decode("p.md", b"a\nb\xff\n").unwrap_err();
        insta::assert_snapshot!(finding, @"p.md: error[not-text]: line 2 has bytes that are not text; expected a page in UTF-8, UTF-16 or GB18030");
    }
}

//! The file of a page: its name, head and text.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::answer::Answer;
use crate::directory::Listed;
use crate::fault::{Fault, shown};

/// The line above and below the head of a file.
const RULE: &str = "---";

/// Heads have a few hundred bytes; a longer one was not written by `fetch`.
const LONGEST_HEAD: u64 = 64 * 1024;

/// File systems allow names of 255 bytes, including the suffix and the prefix of incomplete files.
const LONGEST_NAME: usize = 200;

/// The lowest limit of common systems is about a thousand bytes.
const LONGEST_PATH: usize = 800;

/// The origin of a file, according to its head.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Origin {
    /// The page's address.
    pub(crate) url: String,
    /// The language in which it was asked for.
    pub(crate) language: String,
    /// The folders of the directory in which the page is.
    pub(crate) under: String,
    /// The time of the last change according to the directory when the page was fetched.
    pub(crate) listed: Option<String>,
}

/// The path of a page's file in the folder of all.
///
/// For any path, the file is inside the folder, different pages have different files, and no file has
/// the name of a folder that another page needs: characters other than ASCII letters, digits, `-` and
/// `_` are escaped as bytes.
pub(crate) fn path_of(page: &str) -> Result<PathBuf, Fault> {
    let unusable = |what: &str| {
        let page = shown(page);
        Fault::NoFile {
            what: format!("`{page}` can't be the name of a file: {what}"),
        }
    };
    let Some(page) = page.strip_prefix('/') else {
        return Err(unusable("it doesn't start with `/`"));
    };
    let names: Vec<String> = page.split('/').map(escaped).collect();
    let total: usize = names.iter().map(|name| name.len() + 1).sum();
    if total > LONGEST_PATH || names.iter().any(|name| name.len() > LONGEST_NAME) {
        return Err(unusable("it is too long"));
    }
    Ok(PathBuf::from(names.join("/") + ".md"))
}

fn escaped(name: &str) -> String {
    if name.is_empty() {
        // Some paths contain `//`. No other name is escaped to this.
        return "%".to_owned();
    }
    let mut escaped = String::with_capacity(name.len());
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_') {
            escaped.push(char::from(byte));
        } else {
            escaped.push_str(&format!("%{byte:02X}"));
        }
    }
    escaped
}

/// The text of the file: the head with the page's metadata, then its text as received, with one line
/// feed at the end.
pub(crate) fn compose(listed: &Listed, answer: &Answer, origin: &Origin) -> String {
    let title = match answer.title.as_str() {
        "" => &listed.name,
        title => title,
    };
    let updated = answer.updated.as_ref().or(listed.updated.as_ref());
    let mut text = format!("{RULE}\n");
    for (key, value) in [
        ("title", Some(title)),
        (
            "fullPath",
            answer
                .path
                .as_ref()
                .or(Some(&listed.path))
                .map(String::as_str),
        ),
        ("updateTime", updated.map(String::as_str)),
        ("url", Some(&*origin.url)),
        ("language", Some(&*origin.language)),
        ("listedUnder", Some(&*origin.under)),
        ("listedTime", origin.listed.as_deref()),
    ] {
        if let Some(value) = value {
            text += &format!("{key}: {}\n", Value::from(value));
        }
    }
    let content = answer.content.trim_end_matches('\n');
    text += &format!("length: {}\n{RULE}\n\n{content}\n", content.len() + 1);
    text
}

/// The file of a page that moved in the directory, with the same text.
pub(crate) fn moved(text: &str, from: &Origin, to: &Origin) -> String {
    let line = |origin: &Origin| format!("\nlistedUnder: {}\n", Value::from(&*origin.under));
    text.replacen(&line(from), &line(to), 1)
}

/// The origin of a file; `None` if `fetch` did not write it or it is incomplete.
pub(crate) fn origin(file: &Path) -> io::Result<Option<Origin>> {
    let mut head = Vec::new();
    let file = File::open(file)?;
    let length = file.metadata()?.len();
    file.take(LONGEST_HEAD).read_to_end(&mut head)?;
    Ok(read_origin(&String::from_utf8_lossy(&head), length))
}

/// Reads the head of a file of `length` bytes.
fn read_origin(text: &str, length: u64) -> Option<Origin> {
    let (head, _) = text.strip_prefix("---\n")?.split_once("\n---\n\n")?;
    let value = |key: &str| -> Option<Value> {
        let mut lines = head.lines();
        let line = lines.find_map(|line| line.strip_prefix(key)?.strip_prefix(": "))?;
        serde_json::from_str(line).ok()
    };
    let text = |key: &str| value(key)?.as_str().map(str::to_owned);
    let expected = value("length")?.as_u64()?;
    let found = length.checked_sub((head.len() + 2 * RULE.len() + 4) as u64)?;
    (found == expected).then_some(())?;
    Some(Origin {
        url: text("url")?,
        language: text("language")?,
        under: text("listedUnder")?,
        listed: text("listedTime"),
    })
}

#[cfg(test)]
mod tests {
    use std::path::Component;

    use super::*;

    #[test]
    fn every_path_stays_in_the_folder() {
        for (page, file) in [
            ("/a/b_c-d/E1", "a/b_c-d/E1.md"),
            ("/a//event/x", "a/%/event/x.md"),
            ("/../../etc/passwd", "%2E%2E/%2E%2E/etc/passwd.md"),
            ("//etc/passwd", "%/etc/passwd.md"),
            ("/C:\\x\\..", "C%3A%5Cx%5C%2E%2E.md"),
            ("/a.md/b", "a%2Emd/b.md"),
            ("/.", "%2E.md"),
            ("/", "%.md"),
            ("/a\u{0}b\u{200b}", "a%00b%E2%80%8B.md"),
        ] {
            let path = path_of(page).unwrap();
            assert_eq!(path.to_str(), Some(file), "{page}");
            let mut parts = path.components();
            assert!(
                parts.all(|part| matches!(part, Component::Normal(_))),
                "{page}"
            );
        }
        for page in [
            "",
            "a/b",
            "../a",
            &format!("/{}", "a".repeat(201)),
            &"/a".repeat(500),
        ] {
            assert!(path_of(page).is_err(), "{page}");
        }
    }

    #[test]
    fn a_head_has_the_origin_of_its_file() {
        let listed = Listed {
            path: "/a".to_owned(),
            name: "Name".to_owned(),
            under: "/tree".to_owned(),
            updated: Some("6".to_owned()),
            event: true,
        };
        let answer = Answer {
            title: "A \"title\"\n---\nurl: \"evil\"".to_owned(),
            path: Some("/b".to_owned()),
            updated: Some("5".to_owned()),
            content: "---\ntext\n\n".to_owned(),
        };
        let from = Origin {
            url: "https://portal/document/a".to_owned(),
            language: "zh-CN".to_owned(),
            under: "/tree".to_owned(),
            listed: Some("6".to_owned()),
        };
        let text = compose(&listed, &answer, &from);
        assert_eq!(
            text,
            "---\ntitle: \"A \\\"title\\\"\\n---\\nurl: \\\"evil\\\"\"\nfullPath: \"/b\"\n\
             updateTime: \"5\"\nurl: \"https://portal/document/a\"\nlanguage: \"zh-CN\"\n\
             listedUnder: \"/tree\"\nlistedTime: \"6\"\nlength: 9\n---\n\n---\ntext\n"
        );
        let read = |text: &str| read_origin(text, text.len() as u64);
        assert_eq!(read(&text).as_ref(), Some(&from));
        for cut in 0..text.len() {
            let part = text.get(..cut).unwrap();
            assert_eq!(read(part), None, "{part}");
        }
        let to = Origin {
            under: "/wood/tree".to_owned(),
            ..from.clone()
        };
        assert_eq!(read(&moved(&text, &from, &to)), Some(to));
        assert_eq!(read("# A page of somebody else\n---\n"), None);
    }
}

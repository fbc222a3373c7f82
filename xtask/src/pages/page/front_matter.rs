//! What stands above the page's text: title, path on the portal, last change.
//!
//! Between `---`, in a comment, or, for the date alone, in a line of its own.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::pages::finding::{Finding, Kind};
use crate::pages::source::{Line, Source};

/// Where the portal's pages have their paths, on any of its hosts.
const DOCUMENT: &str = "/document/";

/// What stands before the day of the last change.
const CHANGED: [&str; 3] = ["最后更新于", "修改于", "Last updated"];

/// What the front matter tells about a page.
#[derive(Debug, Default)]
pub(crate) struct FrontMatter {
    pub(crate) title: Option<String>,
    pub(crate) path: Option<String>,
    pub(crate) updated: Option<Timestamp>,
    /// The folders of the portal's directory in which the page is listed.
    pub(crate) listed_under: Option<String>,
    /// Whether the page is one of Lark's portal.
    pub(crate) lark: bool,
    /// What a mirror calls the folders in which the page lies, the innermost last.
    pub(crate) sections: Vec<String>,
}

/// The host of Lark's portal.
const LARK: &str = "larksuite.com/";

/// Reads the front matter; gives also the offset at which the page's text starts.
pub(in crate::pages::page) fn read(
    source: &Source,
    findings: &mut Vec<Finding>,
) -> (FrontMatter, usize) {
    let (mut front_matter, body) = read_block(source, findings).unwrap_or_default();
    if front_matter.path.is_none()
        && let Some(address) = saved_from(source)
    {
        front_matter.lark = address.contains(LARK);
        front_matter.path = path_of(address);
    }
    if front_matter.updated.is_none() {
        let mut lines = source.lines_from(body);
        front_matter.updated = lines.find_map(|line| changed(line.text));
    }
    (front_matter, body)
}

fn read_block(source: &Source, findings: &mut Vec<Finding>) -> Option<(FrontMatter, usize)> {
    let declares = |line: &Line<'_>| line.text.to_ascii_lowercase().starts_with("<!doctype");
    let mut lines = source.lines().skip_while(declares);
    let end = match lines.next()?.text.trim_end() {
        "---" => "---",
        "<!--" => "-->",
        _ => return None,
    };
    let mut front_matter = FrontMatter::default();
    let mut address = None;
    let mut bad_dates = Vec::new();
    let mut in_breadcrumb = false;
    for line in lines {
        let item = line
            .text
            .trim()
            .strip_prefix("- ")
            .filter(|_| in_breadcrumb);
        if let Some(item) = item {
            front_matter.sections.push(unquoted(item));
            continue;
        }
        if line.text.trim_end() == end {
            findings.append(&mut bad_dates);
            front_matter.path = front_matter.path.or(address);
            return Some((front_matter, line.end()));
        }
        let Some((key, value)) = line.text.split_once(':') else {
            continue;
        };
        in_breadcrumb = key.trim() == "breadcrumb";
        let value = unquoted(value.trim());
        if value.is_empty() {
            continue;
        }
        match key.trim() {
            "title" => front_matter.title = Some(value),
            "fullPath" | "full_path" => front_matter.path = Some(value),
            "listedUnder" => front_matter.listed_under = Some(value),
            "section" | "service" => front_matter.sections.push(value),
            "url" | "source" | "source_url" => {
                front_matter.lark = value.contains(LARK);
                address = path_of(&value);
            }
            "updateTime"
            | "updatedAt"
            | "updated"
            | "updated_at"
            | "last_remote_update_timestamp" => match timestamp(&value) {
                Some(time) => front_matter.updated = Some(time),
                None => bad_dates.push(bad_date(source, line, key.trim(), &value)),
            },
            _ => {}
        }
    }
    // Without an end there is no front matter, only a page that starts with a rule.
    None
}

fn unquoted(value: &str) -> String {
    serde_json::from_str(value).unwrap_or_else(|_| value.trim_matches(['"', '\'']).to_owned())
}

/// The path on the portal that an address means.
fn path_of(address: &str) -> Option<String> {
    let at = address.find(DOCUMENT)? + DOCUMENT.len() - 1;
    let path = address[at..].split(['?', '#', ' ', '"']).next()?;
    (path.len() > 1).then(|| path.to_owned())
}

/// The address that a browser notes above a page that it saves.
fn saved_from(source: &Source) -> Option<&str> {
    let mut lines = source.lines().take(8);
    let (_, address) = lines.find_map(|line| line.text.split_once("saved from url="))?;
    Some(address)
}

/// Milliseconds since 1970, or a time as ISO 8601 writes it.
fn timestamp(text: &str) -> Option<Timestamp> {
    match text.parse() {
        Ok(millis) => Timestamp::from_millisecond(millis).ok(),
        Err(_) => text.parse().ok(),
    }
}

fn changed(line: &str) -> Option<Timestamp> {
    let mut behind = CHANGED.iter().filter_map(|label| line.split_once(label));
    let (_, rest) = behind.next()?;
    let day: Date = rest.trim_start().get(..10)?.parse().ok()?;
    Some(day.to_zoned(TimeZone::UTC).ok()?.timestamp())
}

fn bad_date(source: &Source, line: Line<'_>, key: &str, value: &str) -> Finding {
    let what = format!("`{key}` is `{value}`");
    Finding::new(Kind::BadDate, source, line.start..line.end(), what)
        .expected("milliseconds since 1970")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_text(text: &str) -> (FrontMatter, usize, Vec<String>) {
        let mut findings = Vec::new();
        let (front_matter, body) = read(&Source::new("p.md", text), &mut findings);
        let findings = findings.iter().map(ToString::to_string).collect();
        (front_matter, body, findings)
    }

    #[test]
    fn numbers_and_quoted_digits_are_times() {
        for time in ["1730257117000", "\"1730257117000\"", "2024-10-30T02:58:37Z"] {
            let text =
                format!("---\ntitle: \"a \\\"b\\\"\"\nfullPath: /x\nupdateTime: {time}\n---\n");
            let (front_matter, body, findings) = read_text(&text);
            assert_eq!(front_matter.title.as_deref(), Some("a \"b\""));
            assert_eq!(front_matter.path.as_deref(), Some("/x"));
            assert_eq!(
                front_matter.updated.unwrap().as_millisecond(),
                1_730_257_117_000
            );
            assert_eq!(body, text.len() - 1);
            assert_eq!(findings, Vec::<String>::new());
        }
    }

    #[test]
    fn other_converters_write_it_otherwise() {
        for text in [
            "<!--\nfullPath: /x/y\nupdatedAt: 1643587200000\n-->\n# T",
            "---\nsource_url: https://a.example/document/x/y\n---\n最后更新于 2022-01-31\n",
            "<!-- saved from url=(0033)https://a.example/document/x/y?lang=zh -->\n<html>\n修改于 2022-01-31 03:04:05",
        ] {
            let (front_matter, _, _) = read_text(text);
            assert_eq!(front_matter.path.as_deref(), Some("/x/y"), "{text}");
            let day = front_matter
                .updated
                .map(|time| time.strftime("%F").to_string());
            assert_eq!(day.as_deref(), Some("2022-01-31"), "{text}");
        }
    }

    #[test]
    fn a_fetched_page_tells_where_the_portal_lists_it() {
        let head = "---\nfullPath: \"/x/y\"\nurl: \"https://a.example/document/z\"\nlistedUnder: \"/a/b\"\nlistedTime: \"1\"\n---\n";
        let (front_matter, _, findings) = read_text(head);
        assert_eq!(front_matter.path.as_deref(), Some("/x/y"));
        assert_eq!(front_matter.listed_under.as_deref(), Some("/a/b"));
        assert_eq!((front_matter.updated, findings), (None, Vec::new()));
    }

    #[test]
    fn a_strange_time_is_reported() {
        let (front_matter, _, findings) = read_text("---\nupdateTime: \"soon\"\n---\n");
        assert_eq!(front_matter.updated, None);
        insta::assert_snapshot!(findings.join("\n"), @"p.md:2: warning[bad-date]: `updateTime` is `soon`; expected milliseconds since 1970");
    }

    #[test]
    fn a_front_matter_without_end_is_text() {
        let (front_matter, body, _) = read_text("---\ntitle: x\n");
        assert_eq!((front_matter.title, body), (None, 0));
    }
}

//! The lines between `---` at the top: title, path on the portal, last change.

use jiff::Timestamp;

use crate::finding::{Finding, Kind};
use crate::source::{Line, Source};

/// What the front matter tells about a page.
#[derive(Debug, Default)]
pub(crate) struct FrontMatter {
    pub(crate) title: Option<String>,
    pub(crate) path: Option<String>,
    pub(crate) updated: Option<Timestamp>,
}

/// Reads the front matter; gives also the offset at which the page's text starts.
pub(super) fn read(source: &Source, findings: &mut Vec<Finding>) -> (FrontMatter, usize) {
    let mut lines = source.lines();
    let mut front_matter = FrontMatter::default();
    if lines
        .next()
        .is_none_or(|line| line.text.trim_end() != "---")
    {
        return (front_matter, 0);
    }
    for line in lines {
        if line.text.trim_end() == "---" {
            return (front_matter, line.end());
        }
        let Some((key, value)) = line.text.split_once(':') else {
            continue;
        };
        let value = unquoted(value.trim());
        match key.trim() {
            "title" => front_matter.title = Some(value).filter(|title| !title.is_empty()),
            "fullPath" => front_matter.path = Some(value).filter(|path| !path.is_empty()),
            "updateTime" => {
                front_matter.updated = timestamp(&value);
                if front_matter.updated.is_none() {
                    findings.push(bad_date(source, line, &value));
                }
            }
            _ => {}
        }
    }
    // Without an end there is no front matter, only a page that starts with a rule.
    (FrontMatter::default(), 0)
}

fn unquoted(value: &str) -> String {
    serde_json::from_str(value).unwrap_or_else(|_| value.trim_matches('"').to_owned())
}

fn timestamp(millis: &str) -> Option<Timestamp> {
    Timestamp::from_millisecond(millis.parse().ok()?).ok()
}

fn bad_date(source: &Source, line: Line<'_>, value: &str) -> Finding {
    let what = format!("`updateTime` is `{value}`");
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
        for time in ["1730257117000", "\"1730257117000\""] {
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

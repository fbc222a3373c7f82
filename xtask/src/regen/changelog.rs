//! The entry of the changelog.
//!
//! The entry is between two comments; the first names the state of `schemas/` that it is compared with.
//! A second run from the same state replaces the entry. After a commit the state is another one, so the
//! next change gets a new entry.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use feishu_events_gen::internals::output::write_if_changed;
use miette::{Context, IntoDiagnostic, Result};

/// The file, below the root of the project.
pub(super) const FILE: &str = "CHANGELOG.md";

const HEAD: &str = "# Changelog

The form is that of [Keep a Changelog](https://keepachangelog.com/en/1.1.0/); versions follow
[Semantic Versioning](https://semver.org/).

## [Unreleased]
";

const END: &str = "<!-- /regen -->\n";

/// Writes the entry for what changed since the state `base`, or removes it if `entry` is empty. Returns
/// whether the file changed.
///
/// # Errors
/// A file that can't be read or written.
pub(super) fn update(root: &Path, base: &str, entry: &str) -> Result<bool> {
    let file = root.join(FILE);
    let failed = |what| format!("cannot {what} `{}`", file.display());
    let old = match fs::read_to_string(&file) {
        Ok(text) => Some(text),
        Err(error) if error.kind() == ErrorKind::NotFound => None,
        Err(error) => return Err(error).into_diagnostic().wrap_err(failed("read")),
    };
    let new = if old.is_none() && entry.is_empty() {
        None
    } else {
        Some(with_entry(old.as_deref().unwrap_or(HEAD), base, entry))
    };
    if new == old {
        return Ok(false);
    }
    write_if_changed(&file, &new.unwrap_or_default())
        .into_diagnostic()
        .wrap_err(failed("write"))
}

/// The text with the entry at the end of the section of unreleased changes.
fn with_entry(text: &str, base: &str, entry: &str) -> String {
    let start = format!("<!-- regen {} -->\n", base.get(..12).unwrap_or(base));
    let (before, section, behind) = unreleased(text);
    let mut section = section.to_owned();
    let block = if entry.is_empty() {
        String::new()
    } else {
        format!("{start}### Changed in the platform's documentation\n\n{entry}{END}")
    };
    let known = section.find(&start).and_then(|at| {
        let end = section[at..].find(END)?;
        Some(at..at + end + END.len())
    });
    match known {
        // Including the blank line before it.
        Some(place) if block.is_empty() => {
            let front = section[..place.start].trim_end_matches('\n').len();
            section.replace_range(front + 1..place.end, "");
        }
        Some(place) => section.replace_range(place, &block),
        None if block.is_empty() => {}
        None => {
            let end = section.trim_end_matches('\n').len();
            let rest = section.split_off(end);
            section += &format!("\n\n{block}");
            // The text between this section and the next one.
            section += rest.strip_prefix('\n').unwrap_or(&rest);
        }
    }
    format!("{before}{section}{behind}")
}

/// The text before the section of unreleased changes, the section, and the text after it.
fn unreleased(text: &str) -> (String, &str, &str) {
    let heading = |line: &str| line.starts_with("## ");
    let mut at = 0;
    let mut found = None;
    for line in text.split_inclusive('\n') {
        match found {
            None if heading(line) && line.to_lowercase().contains("unreleased") => found = Some(at),
            // The links at the end of the file are not part of a section.
            Some(start)
                if heading(line)
                    || line.starts_with("[unreleased]: ")
                    || line.starts_with("[Unreleased]: ") =>
            {
                return (text[..start].to_owned(), &text[start..at], &text[at..]);
            }
            _ => {}
        }
        at += line.len();
    }
    if let Some(start) = found {
        return (text[..start].to_owned(), &text[start..], "");
    }
    let next = text.find("\n## ").map_or(text.len(), |at| at + 1);
    let mut before = text[..next].to_owned();
    if !before.ends_with('\n') {
        before.push('\n');
    }
    (before + "\n## [Unreleased]\n", "\n", &text[next..])
}

#[cfg(test)]
mod tests {
    use super::*;

    const BASE: &str = "1234567890abcdef";
    const BLOCK: &str = "<!-- regen 1234567890ab -->
### Changed in the platform's documentation

- one
<!-- /regen -->
";

    #[test]
    fn the_entry_is_at_the_end_of_the_unreleased_section() {
        for (text, expected) in [
            (HEAD, format!("{HEAD}\n{BLOCK}")),
            (
                "# C\n\n## [Unreleased]\n\n### Added\n\n- x\n\n## 0.1.0\n\n- y\n",
                format!("# C\n\n## [Unreleased]\n\n### Added\n\n- x\n\n{BLOCK}\n## 0.1.0\n\n- y\n"),
            ),
            (
                "# C\n\n## Unreleased\n\n[Unreleased]: https://example.org\n",
                format!("# C\n\n## Unreleased\n\n{BLOCK}\n[Unreleased]: https://example.org\n"),
            ),
        ] {
            let written = with_entry(text, BASE, "- one\n");
            assert_eq!(written, expected);
            assert_eq!(
                with_entry(&written, BASE, "- one\n"),
                written,
                "a second run changes nothing"
            );
            assert_eq!(
                with_entry(&written, BASE, ""),
                text,
                "an empty entry removes it"
            );
        }
    }

    #[test]
    fn a_changelog_without_such_a_section_gets_one() {
        let written = with_entry("# C\n\n## 0.1.0\n\n- y\n", BASE, "- one\n");
        let place = |text: &str| written.find(text).unwrap();
        assert!(place("## [Unreleased]") < place("- one") && place("- one") < place("## 0.1.0"));
        assert_eq!(with_entry(&written, BASE, "- one\n"), written);
    }

    #[test]
    fn another_state_gets_another_entry() {
        let first = with_entry(HEAD, BASE, "- one\n");
        let second = with_entry(&first, "fedcba9876543210", "- two\n");
        assert!(second.contains("- one\n") && second.contains("- two\n"));
        let changed = with_entry(&second, "fedcba9876543210", "- three\n");
        assert!(changed.contains("- one\n") && changed.contains("- three\n"));
        assert!(!changed.contains("- two\n"));
    }

    #[test]
    fn an_empty_entry_creates_no_file() {
        let root = tempfile::tempdir().unwrap();
        assert!(!update(root.path(), BASE, "").unwrap());
        assert!(!root.path().join(FILE).exists());
        assert!(update(root.path(), BASE, "- one\n").unwrap());
        assert!(!update(root.path(), BASE, "- one\n").unwrap());
    }
}

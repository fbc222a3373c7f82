//! A file with credentials: lines `NAME=value`.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::notice;
use crate::problem::{Code, Problem, Result};

/// The names that a file can have; others are refused, because they are probably misspelt.
const NAMES: [&str; 4] = [
    "FEISHU_APP_ID",
    "FEISHU_APP_SECRET",
    "FEISHU_ENCRYPT_KEY",
    "FEISHU_VERIFICATION_TOKEN",
];

/// The values of a file.
///
/// # Errors
/// A file that cannot be read, or a line that is none; the error names it and does not quote it.
pub(crate) fn read(path: &Path) -> Result<BTreeMap<String, String>> {
    let shown = path.display();
    let text = fs::read_to_string(path)
        .map_err(|error| Problem::new(Code::Credentials, format!("{shown}: {error}")))?;
    if is_open_to_others(path) {
        notice::warn(&format!(
            "other users can read {shown}: `chmod 600 {shown}` prevents it"
        ));
    }
    parse(&text).map_err(|(line, problem)| {
        Problem::new(
            Code::Credentials,
            format!("{shown}, line {line}: {problem}"),
        )
    })
}

/// The values, or the number of the first line that is wrong, and what is wrong with it.
fn parse(text: &str) -> std::result::Result<BTreeMap<String, String>, (usize, String)> {
    let mut values = BTreeMap::new();
    for (number, line) in (1..).zip(text.lines()) {
        let line = line.trim().trim_start_matches('\u{feff}');
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let wrong = |problem: &str| (number, problem.to_owned());
        let line = line.strip_prefix("export ").unwrap_or(line);
        let (name, value) = line
            .split_once('=')
            .ok_or_else(|| wrong("expected `NAME=value`"))?;
        let name = name.trim();
        if !NAMES.contains(&name) {
            let known = NAMES.join(", ");
            return Err((number, format!("the names are {known}")));
        }
        let value = unquoted(value.trim()).ok_or_else(|| wrong("a quote is not closed"))?;
        values.insert(name.to_owned(), value.to_owned());
    }
    Ok(values)
}

/// The value without quotes, if it has them; `None` if only one is there.
fn unquoted(value: &str) -> Option<&str> {
    for quote in ['"', '\''] {
        if let Some(rest) = value.strip_prefix(quote) {
            return rest.strip_suffix(quote);
        }
    }
    Some(value)
}

#[cfg(unix)]
fn is_open_to_others(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    fs::metadata(path).is_ok_and(|it| it.is_file() && it.permissions().mode() & 0o077 != 0)
}

#[cfg(not(unix))]
fn is_open_to_others(_: &Path) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_shells_are_read() {
        let text = "# the app\n\nFEISHU_APP_ID=cli_1\nexport FEISHU_APP_SECRET=\"a=b #c\"\n\
                    FEISHU_ENCRYPT_KEY = 'k'\n";
        let values = parse(text).unwrap();
        assert_eq!(values["FEISHU_APP_ID"], "cli_1");
        assert_eq!(values["FEISHU_APP_SECRET"], "a=b #c");
        assert_eq!(values["FEISHU_ENCRYPT_KEY"], "k");
    }

    #[test]
    fn a_wrong_line_is_named_and_not_quoted() {
        for (text, line) in [
            ("FEISHU_APP_ID=1\nhunter2", 2),
            ("FEISHU_APP_SECRT=hunter2", 1),
            ("FEISHU_APP_SECRET=\"hunter2", 1),
        ] {
            let (number, problem) = parse(text).unwrap_err();
            assert_eq!(number, line, "{text}");
            assert!(!problem.contains("hunter2"), "{problem}");
        }
    }
}

//! Phrases that are not plain English, and paths outside the repository.

use regex::Regex;

use super::{Problem, TextFile};

/// Phrases to avoid, as regular expressions, and what to write instead.
const PHRASES: [(&str, &str); 9] = [
    (
        r"\btold\b",
        "say who learns it and how: \"reported\", \"logged\", \"passed to\"",
    ),
    (
        r"\b(?:a|one|each) (?:file|row|page|line|key|test|feature) an? [a-z]",
        "write \"one … per …\"",
    ),
    (
        r"\b(?:is|are|was|were) no [A-Za-z`]",
        "write \"is not a …\", \"are not …\" or \"there is no …\"",
    ),
    (r"\bwhoever\b", "name who it is"),
    (r"\banew\b", "write \"again\""),
    (r"\bfor ever\b", "write \"forever\" or \"without limit\""),
    (r"\bbelongs into\b", "write \"belongs in\""),
    (r"^(?:<<<<<<<|>>>>>>>) ", "resolve the conflict"),
    (
        r"\.\./shared\b",
        "read it through `FEISHU_DOCS`: a clone has nothing beside it",
    ),
];

/// Where a phrase is allowed: the file and a part of the line.
const ALLOWED: [(&str, &str); 4] = [
    ("xtask/src/tidy/phrases.rs", ""),
    ("xtask/tests/tidy.rs", "anew"),
    (".ci/run", "../shared"),
    ("CONTRIBUTING.md", "../shared"),
];

/// Whether the phrase at `start` is plain English: "there is no event", "is no longer".
fn is_plain(line: &str, start: usize) -> bool {
    let (before, phrase) = line.split_at(start);
    let Some((_, what)) = phrase
        .split_once(" no ")
        .filter(|(verb, _)| !verb.contains(' '))
    else {
        return false;
    };
    before.to_ascii_lowercase().ends_with("there ") || what.starts_with("longer")
}

/// The places of all phrases to avoid.
pub(super) fn check(files: &[TextFile]) -> Vec<Problem> {
    let phrases = PHRASES.map(|(pattern, advice)| {
        let regex =
            Regex::new(pattern).expect("the patterns are constants, and a test uses them all");
        (regex, advice)
    });
    let mut problems = Vec::new();
    for file in files {
        for (index, line) in file.text.lines().enumerate() {
            let found = phrases.iter().find_map(|(regex, advice)| {
                let mut places = regex.find_iter(line);
                let found = places.find(|found| !is_plain(line, found.start()))?;
                Some((found.as_str(), *advice))
            });
            let Some((found, advice)) = found else {
                continue;
            };
            let allowed = ALLOWED
                .iter()
                .any(|(path, part)| file.path == *path && line.contains(part));
            if !allowed {
                problems.push(Problem {
                    file: file.path.clone(),
                    line: index + 1,
                    what: if found.starts_with(['<', '>']) {
                        "a conflict marker of git".to_owned()
                    } else {
                        format!("\"{found}\" does not read as plain technical English here")
                    },
                    advice: advice.to_owned(),
                });
            }
        }
    }
    problems
}

//! The length of files, as a sign that a file does more than one thing.

use super::{Problem, TextFile};

/// The most lines of a source file.
const MOST_LINES: usize = 400;

/// The source files that are too long.
pub(super) fn check(files: &[TextFile]) -> impl Iterator<Item = Problem> {
    let sources = files.iter().filter(|file| file.is_rust());
    sources.filter_map(|file| {
        let lines = file.text.lines().count();
        (lines > MOST_LINES).then(|| Problem {
            file: file.path.clone(),
            line: 0,
            what: format!("{lines} lines, at most {MOST_LINES} are allowed"),
            advice: "move the second job that it does into a file of its own".to_owned(),
        })
    })
}

//! Comments → the members that they are about.

use std::collections::BTreeMap;

use super::Value;

/// A comment and the offset at which it starts.
#[derive(Debug)]
pub(in crate::pages::sample) struct Comment {
    pub(in crate::pages::sample) start: usize,
    pub(in crate::pages::sample) text: String,
}

/// Gives each comment to the last member that starts before it in its line. `lines` are the
/// offsets at which lines start.
pub(in crate::pages::sample) fn attach(value: &mut Value, comments: Vec<Comment>, lines: &[usize]) {
    if comments.is_empty() {
        return;
    }
    let line = |at: usize| lines.partition_point(|start| *start <= at);
    let mut by_line: BTreeMap<usize, Comment> = BTreeMap::new();
    for comment in comments {
        by_line.entry(line(comment.start)).or_insert(comment);
    }
    let mut last: BTreeMap<usize, (&mut Option<String>, usize)> = BTreeMap::new();
    value.visit_notes(&mut |note, start| {
        last.insert(line(start), (note, start));
    });
    for (line, (note, start)) in last {
        if let Some(comment) = by_line
            .remove(&line)
            .filter(|comment| comment.start > start)
        {
            *note = Some(comment.text).filter(|text| !text.is_empty());
        }
    }
}

//! A change of a file as a diff for `git apply`.

use std::fmt::Write;

/// How many unchanged lines are shown before and after a change.
const AROUND: usize = 3;

/// The diff from `old` to `new`, which differ in one place.
pub(super) fn insertion(name: &str, old: Option<&str>, new: &str) -> String {
    let before: Vec<&str> = old.unwrap_or_default().lines().collect();
    let after: Vec<&str> = new.lines().collect();
    let same = before
        .iter()
        .zip(&after)
        .take_while(|(one, other)| one == other)
        .count();
    let rest = before.len().min(after.len()) - same;
    let ends = before.iter().rev().zip(after.iter().rev());
    let same_end = ends
        .take(rest)
        .take_while(|(one, other)| one == other)
        .count();
    let start = same.saturating_sub(AROUND);
    let tail = same_end.min(AROUND);
    let (old_end, new_end) = (before.len() - same_end, after.len() - same_end);
    let range = |end: usize| {
        let length = end + tail - start;
        let first = if length == 0 { start } else { start + 1 };
        format!("{first},{length}")
    };
    let from = if old.is_some() {
        format!("a/{name}")
    } else {
        "/dev/null".to_owned()
    };
    let mut text = format!(
        "--- {from}\n+++ b/{name}\n@@ -{} +{} @@\n",
        range(old_end),
        range(new_end)
    );
    let lines = [
        (' ', &before[start..same]),
        ('-', &before[same..old_end]),
        ('+', &after[same..new_end]),
        (' ', &after[new_end..new_end + tail]),
    ];
    for (mark, lines) in lines {
        for line in lines {
            // Writing to a `String` never fails.
            let _ = writeln!(text, "{mark}{line}");
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_diff_has_the_new_lines_and_their_context() {
        let old = "1\n2\n3\n4\n5\n6\n7\n8\n";
        let new = old.replace("5\n", "5,\nnew\n");
        let expected = "--- a/x\n+++ b/x\n@@ -2,7 +2,8 @@\n 2\n 3\n 4\n-5\n+5,\n+new\n 6\n 7\n 8\n";
        assert_eq!(insertion("x", Some(old), &new), expected);
        let created = "--- /dev/null\n+++ b/x\n@@ -0,0 +1,2 @@\n+1\n+2\n";
        assert_eq!(insertion("x", None, "1\n2\n"), created);
    }
}

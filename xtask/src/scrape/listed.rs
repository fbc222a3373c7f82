//! Listed values that the page at hand still has in its text, though not in a form that says so.

use feishu_events_gen::internals::schema::{Row, row_paths};

/// Gives the rows without listed values those that lie there, in `stored`, where the page names each
/// of them in `said`, its own words for each row: another form of the page showed that they are a list.
pub(super) fn keep(rows: &mut [Row], said: &[String], stored: &[Row]) {
    let listed: Vec<(Vec<&str>, &Row)> = row_paths(stored)
        .filter(|path| !path.row.values.is_empty())
        .map(|path| (path.names().collect(), path.row))
        .collect();
    let found: Vec<Option<&Row>> = row_paths(rows)
        .map(|path| {
            let names: Vec<&str> = path.names().collect();
            let same = listed.iter().find(|(other, _)| *other == names);
            same.map(|(_, row)| *row)
        })
        .collect();
    for ((row, stored), said) in rows.iter_mut().zip(found).zip(said) {
        let Some(stored) = stored.filter(|_| row.values.is_empty()) else {
            continue;
        };
        let mut values = stored.values.0.iter();
        let named = values.all(|(value, _)| !value.is_empty() && has_word(said, value));
        if named && row.type_name == stored.type_name {
            row.values.clone_from(&stored.values);
        }
    }
}

/// Whether `word` stands in `text`, and not within a longer one.
fn has_word(text: &str, word: &str) -> bool {
    let part = |c: char| c.is_ascii_alphanumeric() || c == '_';
    text.match_indices(word).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let behind = text[at + word.len()..].chars().next();
        !before.is_some_and(part) && !behind.is_some_and(part)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_a_word_of_its_own() {
        for (text, word, expected) in [
            ("- zh_cn：中文", "zh_cn", true),
            ("12：两", "1", false),
            ("code_1", "code", false),
            ("状态:2.", "2", true),
        ] {
            assert_eq!(has_word(text, word), expected, "{text}");
        }
    }
}

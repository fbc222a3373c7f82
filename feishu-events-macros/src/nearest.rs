//! The event names that someone may have meant.

use crate::event_table::names;

/// Up to three names that are near to `typed`, the nearest first.
pub(crate) fn nearest(typed: &str) -> Vec<&'static str> {
    let typed = typed.trim().to_lowercase();
    let limit = typed.chars().count() * 2 / 5;
    let mut near: Vec<(usize, usize, &'static str)> = names()
        .map(|name| {
            let letters = edit_distance(&typed, &name.to_lowercase());
            (letters.min(word_distance(&typed, name)), letters, name)
        })
        .filter(|(distance, _, _)| *distance <= limit)
        .collect();
    near.sort_unstable();
    // What is much farther off than the best would only distract from it.
    let best = near.first().map_or(0, |(distance, _, _)| *distance);
    near.into_iter()
        .take_while(|(distance, _, _)| *distance <= best + 2)
        .take(3)
        .map(|(_, _, name)| name)
        .collect()
}

/// The pattern nearest to `typed` that events' names are of; of those that end in `.*`.
pub(crate) fn nearest_group(typed: &str) -> Option<String> {
    let typed = typed.trim().to_lowercase();
    let start = typed.strip_suffix('*')?.trim_end_matches(['.', '_']);
    let starts = names().flat_map(|name| name.match_indices('.').map(|(at, _)| &name[..at]));
    let near = starts
        .map(|known| (edit_distance(start, known), known))
        .min()
        .filter(|(distance, _)| *distance <= start.chars().count() * 2 / 5);
    near.map(|(_, known)| format!("{known}.*"))
}

/// How many letters must be inserted, removed or replaced.
fn edit_distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, to) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(from != *to);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}

/// As [`edit_distance`], word by word in whatever order: a forgotten version counts one, swapped
/// words and other separators count nothing.
fn word_distance(typed: &str, name: &str) -> usize {
    let mut left: Vec<&str> = words(name).collect();
    let mut distance = 0;
    for word in words(typed) {
        let best = left
            .iter()
            .enumerate()
            .map(|(index, candidate)| (edit_distance(word, candidate), index))
            .min();
        match best {
            Some((letters, index)) if letters < word.len() => {
                distance += letters;
                left.swap_remove(index);
            }
            _ => distance += word.len(),
        }
    }
    let is_version = |word: &str| word.len() <= 3 && word.starts_with('v');
    distance
        + left
            .into_iter()
            .map(|word| if is_version(word) { 1 } else { word.len() })
            .sum::<usize>()
}

fn words(name: &str) -> impl Iterator<Item = &str> {
    name.split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_people_mean() {
        let meant = "contact.department.updated_v3";
        for typed in [
            "contact.department.update_v3",
            "contact.department.updated",
            "contact.department.updated_v4",
            "contact.departmant.updated_v3",
            "contact_department_updated_v3",
            "department.contact.updated_v3",
            "Contact.Department.Updated_V3",
            "contact.department.updated-v3",
            " contact.department.updated_v3",
        ] {
            assert_eq!(nearest(typed).first(), Some(&meant), "{typed}");
        }
        assert!(nearest("completely.unrelated.thing_v1").is_empty());
        assert!(nearest("").is_empty());
    }

    #[test]
    fn finds_the_group_that_people_mean() {
        for typed in ["contact.departments.*", "Contact.Department.*"] {
            let near = nearest_group(typed);
            assert!(
                near.is_some_and(|near| near.starts_with("contact.dep")),
                "{typed}"
            );
        }
        assert_eq!(nearest_group("contacts.*").as_deref(), Some("contact.*"));
        assert_eq!(nearest_group("something.else.entirely.*"), None);
        assert_eq!(nearest_group("*ed_v9"), None);
    }

    #[test]
    fn a_missing_letter_is_always_found() {
        // One position a name, another one for each name, keeps the quadratic search short.
        for (index, name) in names().enumerate() {
            let mut typed = name.to_owned();
            typed.remove(index % name.len());
            if names().all(|other| other != typed) {
                let near = nearest(&typed);
                assert!(near.contains(&name), "{typed}: {near:?}");
                // Before it stand only names that are as near: `…updated_v` has two.
                assert_eq!(edit_distance(&typed, near[0]), 1, "{typed}: {near:?}");
            }
        }
    }
}

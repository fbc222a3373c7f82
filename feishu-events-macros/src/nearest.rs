//! The event names that someone may have meant.

use crate::event_table::names;

/// Up to three names that are near to `typed`, the nearest first.
pub(crate) fn nearest(typed: &str) -> Vec<&'static str> {
    let typed_words = typed_words(typed);
    let typed = typed.trim().to_lowercase();
    let limit = typed.chars().count() * 2 / 5;
    let mut near: Vec<(usize, usize, &'static str)> = names()
        .map(|name| {
            let letters = edit_distance(&typed, &name.to_lowercase());
            let words = word_distance(&typed_words, name);
            (letters.min(words), letters, name)
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

/// How far a name is from what was typed, word by word in any order.
///
/// Words in common count more than letters in common: a word that is typed twice, or left out, is a
/// smaller slip than another word in its place, however many letters the two share. Separators,
/// order and a missing version count (almost) nothing.
fn word_distance(typed: &[String], name: &str) -> usize {
    let all: Vec<&str> = words(name).collect();
    let mut left = all.clone();
    let mut odd: Vec<&str> = Vec::new();
    for word in typed {
        match left.iter().position(|candidate| candidate == word) {
            Some(index) => drop(left.swap_remove(index)),
            None => odd.push(word),
        }
    }
    let mut distance = 0;
    for word in odd {
        let near = left.iter().enumerate();
        let near = near.filter_map(|(index, candidate)| Some((slip(word, candidate)?, index)));
        if let Some((letters, index)) = near.min() {
            distance += letters;
            left.swap_remove(index);
        } else if all.contains(&word) {
            distance += 1;
        } else {
            distance += word.len();
        }
    }
    let missing = left.into_iter().map(|word| {
        let is_version = word.len() <= 3 && word.starts_with('v');
        let is_repeated = typed.iter().any(|other| other == word);
        if is_version || is_repeated {
            1
        } else {
            word.len().min(3)
        }
    });
    distance + missing.sum::<usize>()
}

/// What the platform calls differently from one event to the next.
const SYNONYMS: &[&[&str]] = &[
    &["created", "create", "added", "add", "new"],
    &["deleted", "delete", "removed", "remove"],
    &[
        "updated", "update", "changed", "change", "modified", "edited",
    ],
    &["receive", "received", "recieve", "recieved"],
];

/// How far two words are from each other, if one is a slip of the other.
fn slip(typed: &str, word: &str) -> Option<usize> {
    let letters = edit_distance(typed, word);
    if letters <= (typed.len().min(word.len()) / 3).max(1) {
        return Some(letters);
    }
    let mean_the_same = |group: &&[&str]| group.contains(&typed) && group.contains(&word);
    SYNONYMS.iter().any(mean_the_same).then_some(2)
}

/// The words of what was typed; a name may be spelled as its Rust type.
fn typed_words(typed: &str) -> Vec<String> {
    let mut spaced = String::with_capacity(typed.len() + 8);
    let mut before = ' ';
    for c in typed.chars() {
        if c.is_uppercase() && !before.is_uppercase() {
            spaced.push(' ');
        }
        spaced.extend(c.to_lowercase());
        before = c;
    }
    words(&spaced).map(str::to_owned).collect()
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
    fn words_in_common_count_more_than_letters() {
        for (typed, meant) in [
            ("im.message.message_receive_v1", "im.message.receive_v1"),
            ("im.message.receive_message_v1", "im.message.receive_v1"),
            ("im.message.message_received_v1", "im.message.receive_v1"),
            ("message.receive_v1", "im.message.receive_v1"),
            ("im.v1.message.receive", "im.message.receive_v1"),
            ("ImMessageReceiveV1", "im.message.receive_v1"),
            ("P2ImMessageReceiveV1", "im.message.receive_v1"),
            ("im.message.read_v1", "im.message.message_read_v1"),
            ("im.reaction.created_v1", "im.message.reaction.created_v1"),
            ("im.chat.member.bot.add_v1", "im.chat.member.bot.added_v1"),
            ("im.chat.bot.added_v1", "im.chat.member.bot.added_v1"),
            ("user.created_v3", "contact.user.created_v3"),
            ("contact.user.added_v3", "contact.user.created_v3"),
            ("contact.user.removed_v3", "contact.user.deleted_v3"),
            (
                "contact.department.changed_v3",
                "contact.department.updated_v3",
            ),
            ("card.action.triggered", "card.action.trigger"),
            ("drive.file.edited_v1", "drive.file.edit_v1"),
            (
                "calendar.event.changed_v4",
                "calendar.calendar.event.changed_v4",
            ),
        ] {
            assert_eq!(
                nearest(typed).first(),
                Some(&meant),
                "{typed}: {:?}",
                nearest(typed)
            );
        }
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

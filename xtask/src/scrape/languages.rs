//! Titles and labels in Chinese and in English, each from the newest page in its language.

use feishu_events_gen::internals::schema::{EventSchema, ListedValues, Row};

use super::combine::{Description, paths};

/// A description's words in one language.
struct Words<'a> {
    english: bool,
    title: &'a str,
    /// The labels of each row that lists values, by its path.
    labels: Vec<(String, &'a ListedValues)>,
}

/// Puts the words of both languages into `schema`; `descriptions` in the order in which they are
/// believed.
pub(super) fn settle(schema: &mut EventSchema, descriptions: &[Description<'_>]) {
    let words: Vec<Words<'_>> = descriptions.iter().flat_map(words).collect();
    let title = |english: bool| {
        let mut titles = words.iter().filter(|words| words.english == english);
        titles
            .find(|words| is_whole(words.title))
            .map(|words| words.title.to_owned())
    };
    match (title(false), title(true)) {
        (Some(chinese), english) => {
            schema.title = chinese;
            schema.title_en = english.filter(|english| *english != schema.title);
        }
        (None, Some(english)) => (schema.title, schema.title_en) = (english, None),
        (None, None) => {}
    }
    let paths: Vec<String> = paths(&schema.fields)
        .into_iter()
        .map(|(path, _)| path)
        .collect();
    for (path, row) in paths.iter().zip(&mut schema.fields) {
        let labels = |english: bool| {
            let words = words.iter().filter(|words| words.english == english);
            let mut rows = words.flat_map(|words| &words.labels);
            rows.find(|(other, _)| other == path)
                .map(|(_, labels)| *labels)
        };
        label(row, labels(false), labels(true));
    }
}

fn words<'a>(description: &Description<'a>) -> Vec<Words<'a>> {
    let schema = description.schema;
    let labels = |values: fn(&Row) -> &ListedValues| {
        let rows = paths(&schema.fields).into_iter();
        let lists = rows.map(|(path, row)| (path, values(row)));
        lists
            .filter(|(_, list)| list.0.iter().any(|(_, label)| !label.is_empty()))
            .collect()
    };
    let mut words = vec![Words {
        english: description.english,
        title: &schema.title,
        labels: labels(|row| &row.values),
    }];
    // A schema that lies there may have both.
    if !description.english {
        words.push(Words {
            english: true,
            title: schema.title_en.as_deref().unwrap_or_default(),
            labels: labels(|row| &row.values_en),
        });
    }
    words
}

/// The labels of a row's values in both languages.
fn label(row: &mut Row, chinese: Option<&ListedValues>, english: Option<&ListedValues>) {
    let (Some(first), second) = (chinese.or(english), english.filter(|_| chinese.is_some())) else {
        return;
    };
    let of = |list: &ListedValues, value: &str| {
        let found = list.0.iter().find(|(other, _)| other == value);
        found.map(|(_, label)| label.clone()).unwrap_or_default()
    };
    for (value, label) in &mut row.values.0 {
        *label = of(first, value);
    }
    row.values_en = ListedValues::default();
    if let Some(second) = second {
        let values = row
            .values
            .0
            .iter()
            .map(|(value, _)| (value.clone(), of(second, value)));
        let values = ListedValues(values.filter(|(_, label)| !label.is_empty()).collect());
        if values != row.values {
            row.values_en = values;
        }
    }
}

fn is_whole(title: &str) -> bool {
    !title.is_empty() && !title.contains(char::REPLACEMENT_CHARACTER)
}

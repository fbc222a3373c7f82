//! Rows → which row stands inside which.

use crate::pages::dialect::{FieldRow, Level};
use crate::pages::finding::{Finding, Kind};
use crate::pages::sample::Value;
use crate::pages::source::Source;

mod infer;
mod shape;
mod type_names;

use shape::Shape;
pub use type_names::TypeNames;
pub(crate) use type_names::is_scalar;

/// Gives the rows their levels where the page doesn't: those that the sample and the types show.
/// Reports the rows of which nothing shows it.
pub(crate) fn settle(
    source: &Source,
    rows: &mut [FieldRow],
    sample: Option<&Value>,
    types: &TypeNames,
    findings: &mut Vec<Finding>,
) {
    settle_rows(source, rows, (sample, true), types, findings);
}

/// The same for rows that stand in `event`, of which `sample` is what the sample has there.
pub(crate) fn settle_inside(
    source: &Source,
    rows: &mut [FieldRow],
    sample: Option<&Value>,
    types: &TypeNames,
    findings: &mut Vec<Finding>,
) {
    settle_rows(source, rows, (sample, false), types, findings);
}

fn settle_rows(
    source: &Source,
    rows: &mut [FieldRow],
    (sample, whole): (Option<&Value>, bool),
    types: &TypeNames,
    findings: &mut Vec<Finding>,
) {
    if rows.iter().all(|row| matches!(row.level, Level::At(_))) {
        return;
    }
    if let Some(row) = rows.get(infer::MOST_ROWS) {
        let what = format!("more than {} rows without a level", infer::MOST_ROWS);
        findings.push(Finding::new(Kind::BadRow, source, row.span.clone(), what));
        return;
    }
    let shape = sample.map(|sample| Shape::of(&[sample]));
    let inferred = infer::infer(&infer::Evidence {
        rows,
        sample: shape.as_ref(),
        whole,
        types,
        alike: infer::alike(rows),
        names: rows.iter().map(|row| row.name.as_str()).collect(),
    });
    for (row, inferred) in rows.iter_mut().zip(inferred) {
        row.level_inferred = inferred.guessed;
        row.level = Level::At(inferred.level);
    }
    let nesting = Nesting::of(source, rows, &mut Vec::new());
    for (at, row) in rows
        .iter()
        .enumerate()
        .filter(|(_, row)| row.level_inferred)
    {
        let what = match nesting.parents[at] {
            Some(parent) => format!("taken to stand inside `{}`", rows[parent].name),
            None => "taken to stand outermost".to_owned(),
        };
        let finding = Finding::new(Kind::LevelInferred, source, row.span.clone(), what);
        findings.push(
            finding
                .at(nesting.path(rows, at))
                .expected("a level, or the field in the sample"),
        );
    }
}

/// How the rows of a list nest. Rows go by their position in the list.
#[derive(Debug)]
pub(crate) struct Nesting {
    parents: Vec<Option<usize>>,
    children: Vec<Vec<usize>>,
    outermost: Vec<usize>,
}

impl Nesting {
    /// Nests the rows by their levels; reports levels that skip one.
    pub(crate) fn of(source: &Source, rows: &[FieldRow], findings: &mut Vec<Finding>) -> Self {
        let mut nesting = Self {
            parents: Vec::with_capacity(rows.len()),
            children: vec![Vec::new(); rows.len()],
            outermost: Vec::new(),
        };
        let mut open: Vec<usize> = Vec::new();
        for (at, row) in rows.iter().enumerate() {
            while open
                .last()
                .is_some_and(|last| rows[*last].level() >= row.level())
            {
                open.pop();
            }
            let parent = open.last().copied();
            let deepest = parent.map_or(0, |parent| rows[parent].level() + 1);
            nesting.parents.push(parent);
            match parent {
                Some(parent) => nesting.children[parent].push(at),
                None => nesting.outermost.push(at),
            }
            if row.level() > deepest {
                let what = format!("the level is {}", row.level());
                findings.push(
                    Finding::new(Kind::LevelJump, source, row.span.clone(), what)
                        .at(nesting.path(rows, at))
                        .expected(format!("at most {deepest} at this place")),
                );
            }
            open.push(at);
        }
        nesting
    }

    /// The rows that stand in no other.
    pub(crate) fn outermost(&self) -> &[usize] {
        &self.outermost
    }

    /// The rows that stand inside the row `at`.
    pub(crate) fn inside(&self, at: usize) -> &[usize] {
        &self.children[at]
    }

    /// The names from the outermost row to the row `at`.
    pub(crate) fn path(&self, rows: &[FieldRow], at: usize) -> String {
        let ancestors = std::iter::successors(Some(at), |at| self.parents[*at]);
        let mut names: Vec<&str> = ancestors.map(|at| rows[at].name.as_str()).collect();
        names.reverse();
        names.join(".")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(level: u8, name: &str) -> FieldRow {
        FieldRow {
            level: Level::At(level),
            name: name.to_owned(),
            ..FieldRow::default()
        }
    }

    #[test]
    fn rows_nest_by_level() {
        let rows = [
            row(0, "a"),
            row(1, "b"),
            row(2, "c"),
            row(1, "d"),
            row(0, "e"),
            row(2, "f"),
        ];
        let mut findings = Vec::new();
        let nesting = Nesting::of(&Source::new("p.md", ""), &rows, &mut findings);
        assert_eq!(nesting.outermost(), [0, 4]);
        assert_eq!(nesting.inside(0), [1, 3]);
        assert_eq!(nesting.path(&rows, 2), "a.b.c");
        let findings: Vec<String> = findings.iter().map(ToString::to_string).collect();
        insta::assert_snapshot!(findings.join("\n"), @"p.md:1: warning[level-jump]: `e.f`: the level is 2; expected at most 1 at this place");
    }

    /// The levels of rows that state none, as `name: type`.
    fn levels_of(rows: &[&str], sample: &str) -> Vec<(String, u8, bool)> {
        let mut rows: Vec<FieldRow> = rows
            .iter()
            .filter_map(|row| row.split_once(": "))
            .map(|(name, type_name)| FieldRow {
                level: Level::Open,
                name: name.to_owned(),
                type_name: type_name.to_owned(),
                ..FieldRow::default()
            })
            .collect();
        let sample = crate::pages::sample::parse(sample, 0);
        let sample = sample.as_ref().map(|sample| &sample.value);
        let source = Source::new("p.md", "");
        let types = TypeNames::default();
        settle_inside(&source, &mut rows, sample, &types, &mut Vec::new());
        let level = |row: FieldRow| (row.name.clone(), row.level(), row.level_inferred);
        rows.into_iter().map(level).collect()
    }

    const ENUMS: [&str; 7] = [
        "old_enum: enum_info",
        "id: string",
        "name: string",
        "new_enum: enum_info",
        "id: string",
        "name: string",
        "reason: string",
    ];

    #[test]
    fn members_of_one_type_with_the_same_members_are_siblings() {
        let levels = levels_of(&ENUMS, "");
        let levels: Vec<u8> = levels.into_iter().map(|(_, level, _)| level).collect();
        assert_eq!(levels[..6], [0, 1, 1, 0, 1, 1]);
    }

    #[test]
    fn a_sample_that_is_cut_off_counts_as_far_as_it_goes() {
        let whole = r#"{"old_enum": {"id": "1", "name": "a"}, "new_enum": {"id": "2", "name": "b"}, "reason": "r"}"#;
        let levels = levels_of(&ENUMS, whole);
        for cut in [
            "{\"old_enum\": {\"id\": \"1\", \"name\": \"a\"}, \"new_enum\": {\"id\"",
            &whole[..70],
        ] {
            let cut_off = levels_of(&ENUMS, cut);
            assert_eq!(cut_off[..5], levels[..5], "{cut}");
            // What lies behind the cut is a guess, and the right one.
            assert_eq!(cut_off[5].1, levels[5].1, "{cut}");
        }
    }
}

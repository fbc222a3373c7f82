//! Fields that the sample shows and the table lacks.

use std::collections::BTreeSet;

use super::maps;
use super::sections::Body;
use crate::pages::dialect::{self, FieldRow, Level};
use crate::pages::levels::Nesting;
use crate::pages::page::Page;
use crate::pages::sample::Value;

/// Adds a row for each field inside of `event` that only the sample shows, behind those that the
/// table has there.
pub(super) fn add(page: &Page<'_>, body: &mut Body) {
    let Some(event) = body
        .sample
        .as_ref()
        .and_then(|sample| sample.value.get("event"))
    else {
        return;
    };
    let rows = &body.list.rows;
    let nesting = Nesting::of(page.source, rows, &mut Vec::new());
    let mut outermost = nesting.outermost().iter();
    let Some(at) = outermost.find(|at| rows[**at].name == "event") else {
        return;
    };
    let mut missing: Vec<(usize, Vec<FieldRow>)> = Vec::new();
    let search = Search {
        page,
        rows,
        nesting: &nesting,
    };
    search.add(*at, &event.objects(), &mut missing);
    // From the end, so that the places before stay.
    missing.sort_by_key(|(behind, _)| *behind);
    for (behind, rows) in missing.into_iter().rev() {
        body.list.rows.splice(behind..behind, rows);
    }
}

struct Search<'a> {
    page: &'a Page<'a>,
    rows: &'a [FieldRow],
    nesting: &'a Nesting,
}

impl Search<'_> {
    /// Looks at the objects that stand in the row `parent`.
    fn add(&self, parent: usize, objects: &[&Value], missing: &mut Vec<(usize, Vec<FieldRow>)>) {
        let inside = self.nesting.inside(parent);
        // A row without rows inside leaves open what it holds; keys of a map are not fields.
        if inside.is_empty() || maps::is_map(&self.rows[parent].type_name) {
            return;
        }
        // A row whose level is guessed may be the one that the sample shows here.
        let guessed = self.rows.iter().filter(|row| row.level_inferred);
        let names = inside.iter().map(|at| &self.rows[*at]).chain(guessed);
        let names: BTreeSet<&str> = names.map(|row| &row.name[..]).collect();
        let level = self.rows[parent].level().saturating_add(1);
        let mut found: Vec<FieldRow> = Vec::new();
        let mut in_one = false;
        for object in objects {
            // What is not a name of a field is the sample's mistake, not the table's.
            for mut row in dialect::rows_of_sample(self.page.source, object, &mut Vec::new()) {
                let outermost = row.level() == 0;
                if outermost {
                    let known = found
                        .iter()
                        .any(|other| other.level() == level && other.name == row.name);
                    in_one = !known && !names.contains(row.name.as_str());
                }
                if in_one {
                    row.level = Level::At(row.level().saturating_add(level));
                    row.from_sample = true;
                    found.push(row);
                }
            }
        }
        let behind = self.end_of(parent);
        if !found.is_empty() {
            missing.push((behind, found));
        }
        for at in inside {
            let members = objects.iter().flat_map(|object| object.members());
            let values = members.filter(|member| member.key == self.rows[*at].name);
            let inner: Vec<&Value> = values.flat_map(|member| member.value.objects()).collect();
            self.add(*at, &inner, missing);
        }
    }

    /// Where the rows inside the row `at` end.
    fn end_of(&self, at: usize) -> usize {
        let level = self.rows[at].level();
        let inside = self.rows[at + 1..]
            .iter()
            .take_while(|row| row.level() > level);
        at + 1 + inside.count()
    }
}

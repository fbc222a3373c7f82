//! The table against the page's own sample.

use std::collections::{BTreeMap, BTreeSet};

use crate::pages::dialect::FieldRow;
use crate::pages::finding::{Finding, Kind};
use crate::pages::levels::Nesting;
use crate::pages::sample::{Data, Shown, Value};
use crate::pages::source::Source;

mod documented;

use documented::Documented;

/// Lists are mostly shorter; all of a long one would bury the message.
const MOST_VALUES_TOLD: usize = 12;

/// A list of fields, ready to be compared.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fields<'a> {
    pub(crate) source: &'a Source,
    pub(crate) rows: &'a [FieldRow],
    pub(crate) nesting: &'a Nesting,
}

impl Fields<'_> {
    fn finding(&self, kind: Kind, at: usize, what: String) -> Finding {
        Finding::new(kind, self.source, self.rows[at].span.clone(), what)
            .at(self.nesting.path(self.rows, at))
    }

    fn documented(&self, at: usize) -> Documented {
        let has_rows = !self.nesting.inside(at).is_empty();
        Documented::of(&self.rows[at].type_name, has_rows)
    }

    /// Reports rows that contradict each other.
    pub(crate) fn check_rows(&self, findings: &mut Vec<Finding>) {
        let everywhere = (0..self.rows.len()).map(|at| self.nesting.inside(at));
        for siblings in everywhere.chain([self.nesting.outermost()]) {
            let mut names = BTreeSet::new();
            for at in siblings {
                if !names.insert(&self.rows[*at].name) {
                    let what = "a second row of this name".to_owned();
                    findings.push(self.finding(Kind::RepeatedRow, *at, what));
                }
            }
        }
        for at in 0..self.rows.len() {
            if !self.nesting.inside(at).is_empty() && self.documented(at).is_scalar() {
                let what = format!("rows inside a `{}`", self.rows[at].type_name);
                findings.push(self.finding(Kind::RowsInsideScalar, at, what));
            }
        }
    }

    /// Compares with a sample.
    pub(crate) fn check_sample(&self, sample: &Value, findings: &mut Vec<Finding>) -> Against {
        let mut comparison = Comparison {
            fields: *self,
            against: Against {
                types: vec![None; self.rows.len()],
                no_lists: Vec::new(),
            },
            findings,
        };
        comparison.compare(None, self.nesting.outermost(), &sample.objects());
        comparison.against
    }
}

/// What a sample says against the rows.
#[derive(Debug, Default)]
pub(crate) struct Against {
    /// For each row the type that the sample shows instead.
    pub(crate) types: Vec<Option<String>>,
    /// Rows whose description seemed to list values, but is about something else.
    pub(crate) no_lists: Vec<usize>,
}

struct Comparison<'a> {
    fields: Fields<'a>,
    against: Against,
    findings: &'a mut Vec<Finding>,
}

impl Comparison<'_> {
    /// Compares the rows inside `parent` with the objects that stand there in the sample.
    fn compare(&mut self, parent: Option<usize>, rows: &[usize], objects: &[&Value]) {
        let mut shown: BTreeMap<&str, Vec<&Value>> = BTreeMap::new();
        for member in objects.iter().flat_map(|object| object.members()) {
            shown.entry(&member.key).or_default().push(&member.value);
        }
        for at in rows {
            if let Some(values) = shown.get(self.fields.rows[*at].name.as_str()) {
                self.compare_row(*at, values);
            } else {
                let what = "not in the sample".to_owned();
                self.findings
                    .push(self.fields.finding(Kind::NotInSample, *at, what));
            }
        }
        let names = rows.iter().map(|at| self.fields.rows[*at].name.as_str());
        let names: BTreeSet<&str> = names.collect();
        let mut reported = BTreeSet::new();
        for member in objects.iter().flat_map(|object| object.members()) {
            if names.contains(member.key.as_str()) || !reported.insert(&member.key) {
                continue;
            }
            let path = match parent {
                Some(parent) => {
                    let path = self.fields.nesting.path(self.fields.rows, parent);
                    format!("{path}.{}", member.key)
                }
                None => member.key.clone(),
            };
            let span = member.span.clone();
            let what = "in the sample, not in the table";
            let finding = Finding::new(Kind::NotInTable, self.fields.source, span, what);
            self.findings.push(finding.at(path));
        }
    }

    fn compare_row(&mut self, at: usize, values: &[&Value]) {
        let row = &self.fields.rows[at];
        let documented = self.fields.documented(at);
        let contradiction = values.iter().find_map(|value| {
            let shown = Shown::of(value)?;
            documented
                .is_contradicted_by(&shown)
                .then_some((value, shown))
        });
        if let Some((value, shown)) = contradiction {
            let what = format!(
                "documented as `{}`, the sample has `{shown}`",
                row.type_name
            );
            let span = value.span.start..value.span.start;
            self.findings.push(
                Finding::new(Kind::TypeDiffers, self.fields.source, span, what)
                    .at(self.fields.nesting.path(self.fields.rows, at)),
            );
            self.against.types[at] = Some(shown.to_string());
        }
        if !row.values.is_empty() {
            self.compare_listed(at, values);
        }
        let objects: Vec<&Value> = values.iter().flat_map(|value| value.objects()).collect();
        let inside = self.fields.nesting.inside(at);
        // A row without rows inside leaves open what its objects hold.
        if !objects.is_empty() && !inside.is_empty() {
            self.compare(Some(at), inside, &objects);
        }
    }

    /// Looks the scalars of `values` up among the listed ones; tells each missing one once.
    fn compare_listed(&mut self, at: usize, values: &[&Value]) {
        let row = &self.fields.rows[at];
        let listed = row.values.0.iter().map(|(value, _)| value.as_str());
        let mut known: BTreeSet<String> = listed.clone().map(str::to_owned).collect();
        let expected: Vec<&str> = listed.take(MOST_VALUES_TOLD).collect();
        let expected = format!("one of `{}`", expected.join("`, `"));
        for scalar in values.iter().flat_map(|value| value.scalars()) {
            let text = match &scalar.data {
                Data::String(text) | Data::Number(text) => text.clone(),
                Data::Bool(value) => value.to_string(),
                _ => continue,
            };
            let what = format!("the sample has `{text}`");
            // Lower case names keys of a JSON text as often as values.
            let low = row
                .values
                .0
                .iter()
                .all(|(value, _)| !value.contains(char::is_uppercase));
            if row.values_unmarked && low && !known.contains(&text) {
                self.against.no_lists.push(at);
                return;
            }
            if known.insert(text) {
                let span = scalar.span.clone();
                let finding = Finding::new(Kind::ValueNotListed, self.fields.source, span, what)
                    .at(self.fields.nesting.path(self.fields.rows, at));
                self.findings.push(finding.expected(expected.clone()));
            }
        }
    }
}

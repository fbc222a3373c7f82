//! Rows without levels → the levels that fit the sample and the types best.
//!
//! Each row stands inside one of the rows above it that are still open. Every such reading of
//! the table is weighed by what the sample and the types say for and against it; the few best
//! are carried on from row to row.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::shape::Shape;
use super::type_names::{TypeNames, is_scalar};
use crate::pages::dialect::{DEEPEST, FieldRow, Level};

/// How many readings are carried on.
const READINGS: usize = 24;
/// No event has nearly as many rows; the work grows with their square.
pub(crate) const MOST_ROWS: usize = 500;

/// How much each piece of evidence weighs.
mod weight {
    pub(in crate::pages::levels) const IN_SAMPLE: i32 = 10;
    pub(in crate::pages::levels) const NOT_IN_SAMPLE: i32 = -3;
    /// The same, where the sample shows other fields than the table altogether.
    pub(in crate::pages::levels) const UNLIKE_SAMPLE: i32 = -5;
    pub(in crate::pages::levels) const UNKNOWN: i32 = -2;
    pub(in crate::pages::levels) const IN_TYPE: i32 = 6;
    pub(in crate::pages::levels) const NOT_IN_TYPE: i32 = -7;
    pub(in crate::pages::levels) const INSIDE_SCALAR: i32 = -15;
    pub(in crate::pages::levels) const SECOND_OF_NAME: i32 = -20;
    pub(in crate::pages::levels) const OUTERMOST: i32 = 8;
    pub(in crate::pages::levels) const NOT_OUTERMOST: i32 = -15;
    pub(in crate::pages::levels) const ELSEWHERE: i32 = -10;
    pub(in crate::pages::levels) const LEFT_OUT: i32 = -3;
    /// Inside of a row of the same type that has the same rows inside.
    pub(in crate::pages::levels) const INSIDE_ITS_LIKE: i32 = -12;
    pub(in crate::pages::levels) const MOST_LEFT_OUT: i32 = -12;
    /// What keeps the sum of all pieces a number.
    pub(in crate::pages::levels) const MOST: i32 = -10_000;
    pub(in crate::pages::levels) const EMPTY: i32 = -2;
    /// What weighs less is contradicted.
    pub(in crate::pages::levels) const POSSIBLE: i32 = -6;
}

/// The level of a row, and whether anything but its surroundings speaks for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::pages::levels) struct Inferred {
    pub(in crate::pages::levels) level: u8,
    pub(in crate::pages::levels) guessed: bool,
}

/// What is known about the rows' surroundings.
pub(super) struct Evidence<'a> {
    pub(super) rows: &'a [FieldRow],
    pub(super) sample: Option<&'a Shape<'a>>,
    /// Whether the outermost rows are the envelope's, not those inside of `event`.
    pub(super) whole: bool,
    pub(super) types: &'a TypeNames,
    /// The names of all rows.
    pub(in crate::pages::levels) names: BTreeSet<&'a str>,
    /// By row: the nearest row above that has the same type and the same rows behind it.
    pub(in crate::pages::levels) alike: Vec<Option<usize>>,
}

/// By row: the nearest row above that has the same type and the same rows behind it, as `old_enum`
/// and `new_enum` do. Such rows stand side by side.
pub(in crate::pages::levels) fn alike(rows: &[FieldRow]) -> Vec<Option<usize>> {
    let same = |a: &FieldRow, b: &FieldRow| a.name == b.name && a.type_name == b.type_name;
    let of = |(at, row): (usize, &FieldRow)| {
        if is_scalar(&row.type_name) {
            return None;
        }
        (0..at).rev().find(|above| {
            let inside = at - above - 1;
            let (first, second) = (&rows[above + 1..at], rows.get(at + 1..=at + inside));
            inside > 0
                && rows[*above].type_name == row.type_name
                && rows[*above].name != row.name
                && second.is_some_and(|second| first.iter().zip(second).all(|(a, b)| same(a, b)))
        })
    };
    rows.iter().enumerate().map(of).collect()
}

/// The levels of the rows.
pub(in crate::pages::levels) fn infer(evidence: &Evidence<'_>) -> Vec<Inferred> {
    let mut readings = vec![Reading::start(evidence)];
    for row in evidence.rows {
        let mut next: Vec<Reading<'_>> = Vec::new();
        for reading in &readings {
            let depths = match row.level {
                Level::At(level) => {
                    let depth = usize::from(level).min(reading.open.len() - 1);
                    depth..depth + 1
                }
                Level::Inside => 1.min(reading.open.len() - 1)..reading.open.len(),
                Level::Open => 0..reading.open.len(),
            };
            // Of readings that weigh the same, the one that stays inside comes first.
            next.extend(
                depths
                    .rev()
                    .filter_map(|depth| reading.with(evidence, row, depth)),
            );
        }
        next.sort_by_key(|reading| -reading.score);
        next.truncate(READINGS);
        readings = next;
    }
    let finished = readings.into_iter().map(|mut reading| {
        while !reading.open.is_empty() {
            reading.close(evidence);
        }
        reading
    });
    // The first of the best: `max_by_key` would take the last.
    let best = finished.reduce(|best, other| {
        if other.score > best.score {
            other
        } else {
            best
        }
    });
    best.map_or_else(Vec::new, |reading| reading.levels())
}

/// A row that may have rows inside.
#[derive(Clone)]
struct Frame<'a> {
    /// The row; none for the envelope itself.
    row: Option<&'a FieldRow>,
    /// Its place in the list, from 1; 0 for the envelope.
    at: usize,
    /// What stands there in the sample.
    shape: Option<&'a Shape<'a>>,
    inside: Rc<BTreeSet<&'a str>>,
}

/// One way to read the rows so far.
#[derive(Clone)]
struct Reading<'a> {
    score: i32,
    open: Vec<Frame<'a>>,
    placed: Option<Rc<Placed>>,
}

/// What sample and types say about the place of a row.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Support {
    Confirmed,
    Nothing,
    Contradicted,
}

/// Where a row stands, and how sure that is.
struct Placed {
    before: Option<Rc<Placed>>,
    level: u8,
    parent: usize,
    support: Support,
    /// It could stand deeper, or less deep.
    deeper: bool,
    higher: bool,
}

impl Drop for Placed {
    /// The chain is as long as the table; dropping it by recursion could exhaust the stack.
    fn drop(&mut self) {
        let mut next = self.before.take();
        while let Some(mut placed) = next.and_then(Rc::into_inner) {
            next = placed.before.take();
        }
    }
}

impl<'a> Reading<'a> {
    fn start(evidence: &Evidence<'a>) -> Self {
        Self {
            score: 0,
            open: vec![Frame {
                row: None,
                at: 0,
                shape: evidence.sample,
                inside: Rc::default(),
            }],
            placed: None,
        }
    }

    /// This reading with `row` inside the open row at `depth`.
    fn with(&self, evidence: &Evidence<'a>, row: &'a FieldRow, depth: usize) -> Option<Self> {
        let level = u8::try_from(depth).ok().filter(|level| *level <= DEEPEST)?;
        let possible = |frame: &Frame<'a>| frame.weigh(evidence, row).0 > weight::POSSIBLE;
        let open_level = row.level == Level::Open || row.level == Level::Inside;
        let deeper = open_level && self.open[depth + 1..].iter().any(possible);
        let lowest = usize::from(row.level == Level::Inside).min(depth);
        let higher = open_level && self.open[lowest..depth].iter().any(possible);
        let mut reading = self.clone();
        while reading.open.len() > depth + 1 {
            reading.close(evidence);
        }
        // Rows go by their place from 1 in the frames.
        let alike = evidence.alike[self.count()].map(|above| above + 1);
        let inside_its_like = reading.open.iter().any(|frame| Some(frame.at) == alike);
        let parent = reading.open.last_mut()?;
        let (mut weight, confirmed) = parent.weigh(evidence, row);
        Rc::make_mut(&mut parent.inside).insert(&row.name);
        if inside_its_like && !confirmed {
            weight += weight::INSIDE_ITS_LIKE;
        }
        let shape = parent
            .shape
            .and_then(|shape| shape.fields.get(row.name.as_str()));
        let placed = Placed {
            before: self.placed.clone(),
            level,
            parent: parent.at,
            support: match weight {
                _ if confirmed => Support::Confirmed,
                weight if weight <= weight::POSSIBLE => Support::Contradicted,
                _ => Support::Nothing,
            },
            deeper,
            higher,
        };
        // Where nothing speaks, rows rather stand side by side than ever deeper.
        reading.score += weight - if confirmed { 0 } else { i32::from(level / 4) };
        reading.placed = Some(Rc::new(placed));
        let at = self.count() + 1;
        reading.open.push(Frame {
            row: Some(row),
            at,
            shape,
            inside: Rc::default(),
        });
        Some(reading)
    }

    /// How many rows are placed; the innermost open row is the last of them.
    fn count(&self) -> usize {
        self.open.last().map_or(0, |frame| frame.at)
    }

    /// Ends the innermost open row: what it lacks speaks against the reading.
    fn close(&mut self, evidence: &Evidence<'a>) {
        let Some(frame) = self.open.pop() else { return };
        let shown = frame.shape.map(|shape| &shape.fields);
        let keys = shown.into_iter().flat_map(|fields| fields.keys());
        let missing = keys.filter(|key| !frame.inside.contains(*key));
        // A field of the sample that the table has belongs here; one that it hasn't, can't.
        let (elsewhere, left_out): (Vec<&&str>, Vec<&&str>) =
            missing.partition(|key| evidence.names.contains(**key));
        let weighed = |keys: Vec<&&str>, weight: i32| {
            let count = i32::try_from(keys.len()).unwrap_or(i32::MAX);
            count.saturating_mul(weight).max(weight::MOST)
        };
        self.score += weighed(elsewhere, weight::ELSEWHERE);
        self.score += weighed(left_out, weight::LEFT_OUT).max(weight::MOST_LEFT_OUT);
        if let Some(row) = frame
            .row
            .filter(|_| frame.inside.is_empty() && !frame.has_fields())
        {
            self.score += match evidence.types.has_any(&row.type_name) {
                Some(true) => weight::NOT_IN_TYPE,
                Some(false) => 0,
                None if is_scalar(&row.type_name) || frame.is_scalar() => 0,
                None => weight::EMPTY,
            };
        }
    }

    fn levels(&self) -> Vec<Inferred> {
        let mut placed = Vec::new();
        let mut parents = Vec::new();
        let mut next = self.placed.as_ref();
        let mut confirmed_inside = BTreeSet::new();
        while let Some(row) = next {
            // A row between others of the same parent has no other place.
            let held = !row.higher || confirmed_inside.contains(&row.parent);
            let guessed = match row.support {
                Support::Confirmed => false,
                Support::Nothing => row.deeper || !held,
                Support::Contradicted => true,
            };
            if row.support == Support::Confirmed {
                confirmed_inside.insert(row.parent);
            }
            placed.push(Inferred {
                level: row.level,
                guessed,
            });
            parents.push(row.parent);
            next = row.before.as_ref();
        }
        placed.reverse();
        parents.reverse();
        // What stands inside a guess is one.
        for at in 0..placed.len() {
            let parent = parents[at].checked_sub(1);
            placed[at].guessed |= parent.is_some_and(|parent| placed[parent].guessed);
        }
        placed
    }
}

impl Frame<'_> {
    fn has_fields(&self) -> bool {
        self.shape.is_some_and(|shape| !shape.fields.is_empty())
    }

    fn is_scalar(&self) -> bool {
        self.shape.is_some_and(|shape| shape.scalar)
    }

    /// What speaks for and against `row` standing in this one, and whether that confirms it.
    fn weigh(&self, evidence: &Evidence<'_>, row: &FieldRow) -> (i32, bool) {
        let again = if self.inside.contains(row.name.as_str()) {
            weight::SECOND_OF_NAME
        } else {
            0
        };
        let in_sample = |shape: &Shape<'_>| shape.fields.contains_key(row.name.as_str());
        if self.shape.is_some_and(in_sample) {
            return (weight::IN_SAMPLE + again, again == 0);
        }
        let Some(parent) = self.row else {
            let envelope: &[&str] = if evidence.names.contains("header") {
                &["schema", "header", "event"]
            } else {
                &["ts", "uuid", "token", "type", "event"]
            };
            if !evidence.whole {
                return (weight::UNKNOWN + again, false);
            }
            let outermost = envelope.contains(&row.name.as_str());
            return if outermost && !self.has_fields() {
                (weight::OUTERMOST + again, again == 0)
            } else {
                (weight::NOT_OUTERMOST + again, false)
            };
        };
        let sample = match self.shape {
            Some(shape) if !shape.fields.is_empty() && !shape.cut_off => {
                let mut keys = shape.fields.keys();
                if keys.any(|key| self.inside.contains(key)) {
                    weight::NOT_IN_SAMPLE
                } else {
                    weight::UNLIKE_SAMPLE
                }
            }
            _ => weight::UNKNOWN,
        };
        let by_type = match evidence.types.has(&parent.type_name, &row.name) {
            Some(true) => weight::IN_TYPE,
            Some(false) => weight::NOT_IN_TYPE,
            None if !self.has_fields() && (is_scalar(&parent.type_name) || self.is_scalar()) => {
                weight::INSIDE_SCALAR
            }
            None => 0,
        };
        let confirmed = by_type > 0 && again == 0;
        (sample + by_type + again, confirmed)
    }
}

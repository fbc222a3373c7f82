//! Matches the rows of two tables of one event, and finds what happened to each.

use std::collections::BTreeMap;

use feishu_events_gen::internals::schema::{Row, RowPath, row_paths};

/// A row and its position.
#[derive(Debug, Clone)]
pub(super) struct Placed<'a> {
    /// The row.
    pub(super) row: &'a Row,
    /// The names that lead to it, joined by dots: `event.message.mentions`.
    pub(super) path: String,
    /// The path of the row that contains it; empty for an outermost one.
    pub(super) parent: String,
    /// How many rows above it have the same path: some pages repeat rows.
    nth: usize,
}

/// What happened to a row; its content is compared elsewhere.
#[derive(Debug)]
pub(super) enum RowFate<'a> {
    /// It is in both, at the same path.
    Kept(Placed<'a>, Placed<'a>),
    /// It is in both, inside another row.
    Moved(Placed<'a>, Placed<'a>),
    /// It is in both, inside a row that moved.
    MovedAlong(Placed<'a>, Placed<'a>),
    /// It is new.
    Added(Placed<'a>),
    /// It is gone.
    Removed(Placed<'a>),
}

/// The rows with their paths, in document order.
pub(super) fn placed(rows: &[Row]) -> Vec<Placed<'_>> {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let mut all = Vec::with_capacity(rows.len());
    for RowPath { outer, row } in row_paths(rows) {
        let names: Vec<&str> = outer.iter().map(|row| row.name.as_str()).collect();
        let parent = names.join(".");
        let path = below(&parent, &row.name);
        let nth = seen.entry(path.clone()).or_default();
        all.push(Placed {
            row,
            path,
            parent,
            nth: *nth,
        });
        *nth += 1;
    }
    all
}

fn below(parent: &str, name: &str) -> String {
    match parent {
        "" => name.to_owned(),
        parent => format!("{parent}.{name}"),
    }
}

/// What happened to each row: those of the new table in its order, then those that are gone.
pub(super) fn fates<'a>(old: &'a [Row], new: &'a [Row]) -> Vec<RowFate<'a>> {
    let (old, new) = (placed(old), placed(new));
    let pairs = Pairs::of(&old, &new);
    let mut fates = Vec::new();
    for (index, row) in new.iter().enumerate() {
        let row = row.clone();
        fates.push(match pairs.of_new[index] {
            Some((from, how)) => {
                let from = old[from].clone();
                match how {
                    How::Same => RowFate::Kept(from, row),
                    How::Moved => RowFate::Moved(from, row),
                    How::Along => RowFate::MovedAlong(from, row),
                }
            }
            None => RowFate::Added(row),
        });
    }
    let gone = old
        .iter()
        .zip(&pairs.is_paired)
        .filter(|(_, paired)| !**paired);
    fates.extend(gone.map(|(row, _)| RowFate::Removed(row.clone())));
    fates
}

/// The paths of the rows that are gone, not merely moved.
pub(crate) fn removed_rows(old: &[Row], new: &[Row]) -> Vec<String> {
    let fates = fates(old, new).into_iter();
    let removed = fates.filter_map(|fate| match fate {
        RowFate::Removed(row) => Some(row.path),
        _ => None,
    });
    removed.collect()
}

/// The rows that are in both, moved or not, with their paths.
pub(crate) fn kept_rows<'a>(old: &'a [Row], new: &'a [Row]) -> Vec<(String, &'a Row, &'a Row)> {
    let fates = fates(old, new).into_iter();
    let kept = fates.filter_map(|fate| match fate {
        RowFate::Kept(from, to) | RowFate::Moved(from, to) | RowFate::MovedAlong(from, to) => {
            Some((to.path, from.row, to.row))
        }
        RowFate::Added(_) | RowFate::Removed(_) => None,
    });
    kept.collect()
}

#[derive(Debug, Clone, Copy)]
enum How {
    Same,
    Moved,
    Along,
}

/// Which old row corresponds to which new one.
struct Pairs {
    of_new: Vec<Option<(usize, How)>>,
    is_paired: Vec<bool>,
}

impl Pairs {
    fn of(old: &[Placed<'_>], new: &[Placed<'_>]) -> Self {
        let mut pairs = Self {
            of_new: vec![None; new.len()],
            is_paired: vec![false; old.len()],
        };
        let by_place: BTreeMap<(&str, usize), usize> = new
            .iter()
            .enumerate()
            .map(|(index, row)| ((row.path.as_str(), row.nth), index))
            .collect();
        for (from, row) in old.iter().enumerate() {
            if let Some(to) = by_place.get(&(row.path.as_str(), row.nth)) {
                pairs.pair(from, *to, How::Same);
            }
        }
        for from in 0..old.len() {
            if pairs.is_paired[from] {
                continue;
            }
            let Some(to) = pairs.moved_to(from, old, new) else {
                continue;
            };
            pairs.pair(from, to, How::Moved);
            let inside = format!("{}.", old[from].path);
            let rows = old.iter().enumerate();
            for (inner, row) in rows {
                let Some(rest) = row.path.strip_prefix(&inside) else {
                    continue;
                };
                let there = format!("{}.{rest}", new[to].path);
                if let Some(there) = by_place.get(&(there.as_str(), row.nth))
                    && !pairs.is_paired[inner]
                    && pairs.of_new[*there].is_none()
                {
                    pairs.pair(inner, *there, How::Along);
                }
            }
        }
        pairs
    }

    fn pair(&mut self, from: usize, to: usize, how: How) {
        self.is_paired[from] = true;
        self.of_new[to] = Some((from, how));
    }

    /// The new position of a row that moved into a nested row or out of the row that contained it. A row
    /// of the same name elsewhere is a different one; several candidates are ambiguous.
    fn moved_to(&self, from: usize, old: &[Placed<'_>], new: &[Placed<'_>]) -> Option<usize> {
        let row = &old[from];
        let alike = |other: &Placed<'_>| {
            other.row.name == row.row.name && other.row.type_name == row.row.type_name
        };
        let mut others = old.iter().zip(&self.is_paired);
        let is_alone =
            others.all(|(other, paired)| *paired || std::ptr::eq(other, row) || !alike(other));
        let mut there = new
            .iter()
            .enumerate()
            .filter(|(to, other)| self.of_new[*to].is_none() && alike(other));
        let (to, only) = there.next().filter(|_| is_alone)?;
        let related = contains(&row.parent, &only.parent)
            || contains(&only.parent, &row.parent)
            || self.followed_its_parent(row, only, old, new);
        (there.next().is_none() && related).then_some(to)
    }

    /// Whether a row changed its parent only because the parent moved: a neighbour that moved a level
    /// out now contains the rows after it, and one that moved in no longer does.
    fn followed_its_parent(
        &self,
        from: &Placed<'_>,
        to: &Placed<'_>,
        old: &[Placed<'_>],
        new: &[Placed<'_>],
    ) -> bool {
        let mut moved = self.of_new.iter().zip(new).filter_map(|(pair, now)| {
            let (before, how) = (*pair)?;
            matches!(how, How::Moved).then(|| (&old[before], now))
        });
        moved.any(|(before, now)| {
            let holds = now.path == to.parent && before.parent == from.parent;
            let held = before.path == from.parent && now.parent == to.parent;
            holds || held
        })
    }
}

/// Whether `inner` is the path of `outer` or of a row inside it.
fn contains(outer: &str, inner: &str) -> bool {
    outer.is_empty()
        || inner
            .strip_prefix(outer)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// The rows that are no longer in order among their neighbours, by the path of the row that contains
/// them: the smallest set whose removal leaves the others in order.
pub(super) fn out_of_order(old: &[Row], new: &[Row]) -> BTreeMap<String, Vec<String>> {
    let (old, new) = (placed(old), placed(new));
    let before: BTreeMap<(&str, usize), usize> = old
        .iter()
        .enumerate()
        .map(|(index, row)| ((row.path.as_str(), row.nth), index))
        .collect();
    let mut by_parent: BTreeMap<&str, Vec<(usize, &Placed<'_>)>> = BTreeMap::new();
    for row in &new {
        if let Some(index) = before.get(&(row.path.as_str(), row.nth)) {
            by_parent
                .entry(&row.parent)
                .or_default()
                .push((*index, row));
        }
    }
    let mut found = BTreeMap::new();
    for (parent, rows) in by_parent {
        let indices: Vec<usize> = rows.iter().map(|(index, _)| *index).collect();
        let in_order = longest_rise(&indices);
        let others = rows.iter().enumerate();
        let others = others.filter(|(at, _)| !in_order.contains(at));
        let others: Vec<String> = others.map(|(_, (_, row))| row.row.name.clone()).collect();
        if !others.is_empty() {
            found.insert(parent.to_owned(), others);
        }
    }
    found
}

/// The indices of a longest increasing subsequence of `numbers`, which are distinct.
fn longest_rise(numbers: &[usize]) -> Vec<usize> {
    // The least last place of a rise of each length, and what stands before each place in its.
    let mut ends: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = vec![None; numbers.len()];
    for (at, number) in numbers.iter().enumerate() {
        let length = ends.partition_point(|end| numbers[*end] < *number);
        before[at] = length.checked_sub(1).map(|shorter| ends[shorter]);
        if length == ends.len() {
            ends.push(at);
        } else {
            ends[length] = at;
        }
    }
    let mut rise: Vec<usize> =
        std::iter::successors(ends.last().copied(), |at| before[*at]).collect();
    rise.reverse();
    rise
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(table: &str) -> Vec<Row> {
        let rows = table.split(' ').filter(|row| !row.is_empty()).map(|row| {
            let (name, type_name) = row[1..].split_once(':').unwrap_or((&row[1..], "string"));
            Row {
                level: row[..1].parse().unwrap(),
                name: name.to_owned(),
                type_name: type_name.to_owned(),
                ..Row::default()
            }
        });
        rows.collect()
    }

    fn fates_of(old: &str, new: &str) -> String {
        let (old, new) = (rows(old), rows(new));
        let fates = fates(&old, &new);
        let fates = fates.iter().filter_map(|fate| match fate {
            RowFate::Kept(..) => None,
            RowFate::Moved(from, to) => Some(format!("{} > {}", from.path, to.path)),
            RowFate::MovedAlong(from, to) => Some(format!("({} > {})", from.path, to.path)),
            RowFate::Added(row) => Some(format!("+{}", row.path)),
            RowFate::Removed(row) => Some(format!("-{}", row.path)),
        });
        let fates: Vec<String> = fates.collect();
        fates.join(", ")
    }

    #[test]
    fn rows_are_matched_with_their_old_ones() {
        for (old, new, expected) in [
            ("0a 1b 1c", "0a 1c", "-a.b"),
            ("0a 1b", "0a 1b 1c", "+a.c"),
            ("0a 1b 2c", "0a 1b 1c", "a.b.c > a.c"),
            ("0a 1b 1c", "0a 1b 2c", "a.c > a.b.c"),
            // What stood behind a row that came a level out stands in it now.
            ("0a 1b 2c 2d", "0a 1b 1c 2d", "a.b.c > a.c, a.b.d > a.c.d"),
            ("0a 1b 1c 2d", "0a 1b 2c 2d", "a.c > a.b.c, a.c.d > a.b.d"),
            // What is in a row goes with it.
            (
                "0a 1b 2c 2d",
                "0a 1o:x 2b 3c 3d",
                "+a.o, a.b > a.o.b, (a.b.c > a.o.b.c), (a.b.d > a.o.b.d)",
            ),
            // The same name elsewhere is another field, and so is another type.
            ("0a 1b 2id 1c", "0a 1b 1c 2id", "+a.c.id, -a.b.id"),
            ("0a 1b 2c:int", "0a 1b 1c", "+a.c, -a.b.c"),
            // Of two, nobody knows which.
            ("0a 1b 2x 1c 2x", "0a 1b 1c 1x", "+a.x, -a.b.x, -a.c.x"),
            // A row that stands twice.
            ("0a 1b 1b", "0a 1b", "-a.b"),
            ("0a 1b", "0a 1b 1b", "+a.b"),
        ] {
            assert_eq!(fates_of(old, new), expected, "{old} → {new}");
        }
    }

    #[test]
    fn the_fewest_rows_are_out_of_order() {
        for (old, new, expected) in [
            ("0a 1b 1c 1d", "0a 1c 1d 1b", "a: b"),
            ("0a 1b 1c 1d", "0a 1d 1b 1c", "a: d"),
            ("0a 1b 1c 1d", "0a 1x 1b 1d", ""),
            ("0a 1b 0c 1d", "0c 1d 0a 1b", ": c"),
        ] {
            let found = out_of_order(&rows(old), &rows(new));
            let found = found
                .iter()
                .map(|(parent, rows)| format!("{parent}: {}", rows.join(" ")));
            assert_eq!(
                found.collect::<Vec<_>>().join(", "),
                expected,
                "{old} → {new}"
            );
        }
    }
}

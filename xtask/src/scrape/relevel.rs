//! Guessed levels give way to those of the same rows elsewhere.

use feishu_events_gen::internals::schema::Row;

/// Tables are short; the work grows with the product of their lengths.
const MOST_ROWS: usize = 600;

/// Gives the rows whose level is guessed the level that the same row has in `others`, whose levels
/// are stated. Rows are the same if they have the same name in the same order.
pub(super) fn relevel(rows: &mut [Row], others: &[Row]) {
    let guessed = rows.iter().any(|row| row.level_inferred);
    let stated = others.iter().all(|row| !row.level_inferred);
    if !guessed || !stated || rows.len().max(others.len()) > MOST_ROWS {
        return;
    }
    for (at, other) in pairs(rows, others) {
        rows[at].level = others[other].level;
        rows[at].level_inferred = false;
    }
    // A row that the other table lacks stays where it can stand.
    let mut deepest = 0;
    for row in rows {
        row.level = row.level.min(deepest);
        deepest = row.level + 1;
    }
}

/// The longest sequence of rows that both have, by their names.
fn pairs(rows: &[Row], others: &[Row]) -> Vec<(usize, usize)> {
    let width = others.len() + 1;
    let mut lengths = vec![0_u32; (rows.len() + 1) * width];
    for (a, row) in rows.iter().enumerate().rev() {
        for (b, other) in others.iter().enumerate().rev() {
            lengths[a * width + b] = if row.name == other.name {
                lengths[(a + 1) * width + b + 1] + 1
            } else {
                lengths[(a + 1) * width + b].max(lengths[a * width + b + 1])
            };
        }
    }
    let (mut a, mut b) = (0, 0);
    let mut pairs = Vec::new();
    while a < rows.len() && b < others.len() {
        if rows[a].name == others[b].name {
            pairs.push((a, b));
            a += 1;
            b += 1;
        } else if lengths[(a + 1) * width + b] >= lengths[a * width + b + 1] {
            a += 1;
        } else {
            b += 1;
        }
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str) -> Vec<Row> {
        let rows = text.split(' ').map(|row| Row {
            level: row[..1].parse().unwrap(),
            level_inferred: row.ends_with('?'),
            name: row[1..].trim_end_matches('?').to_owned(),
            ..Row::default()
        });
        rows.collect()
    }

    #[test]
    fn stated_levels_replace_guessed_ones_row_by_row() {
        let mut guessed = rows("0event 1a 1b? 2c? 3new? 2a?");
        relevel(&mut guessed, &rows("0event 1a 2b 2c 3a"));
        assert_eq!(guessed, rows("0event 1a 2b 2c 3new? 3a"));
        let mut alone = rows("0event 1a?");
        relevel(&mut alone, &rows("0event 1a?"));
        assert_eq!(alone, rows("0event 1a?"));
    }
}

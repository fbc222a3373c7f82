//! Rows with levels → nested fields.

use crate::schema::Row;

/// A row with the rows inside it.
#[derive(Debug, Clone)]
pub(crate) struct Node<'a> {
    /// The row.
    pub(crate) row: &'a Row,
    /// The number of the row in the schema, from 1.
    pub(crate) number: usize,
    /// The rows one level deeper.
    pub(crate) children: Vec<Node<'a>>,
}

/// Nests `rows`: a row is contained in the nearest row above it that has a lower level.
pub(crate) fn nest(rows: &[Row]) -> Vec<Node<'_>> {
    let mut open: Vec<Node<'_>> = Vec::new();
    let mut roots = Vec::new();
    for (index, row) in rows.iter().enumerate() {
        close(&mut open, &mut roots, row.level);
        open.push(Node {
            row,
            number: index + 1,
            children: Vec::new(),
        });
    }
    close(&mut open, &mut roots, 0);
    roots
}

/// Moves the open nodes of at least `level` into their parents.
fn close<'a>(open: &mut Vec<Node<'a>>, roots: &mut Vec<Node<'a>>, level: u8) {
    while let Some(node) = open.pop_if(|node| node.row.level >= level) {
        match open.last_mut() {
            Some(parent) => parent.children.push(node),
            None => roots.push(node),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sketch(nodes: &[Node<'_>]) -> String {
        let nodes: Vec<String> = nodes
            .iter()
            .map(|node| match node.children.as_slice() {
                [] => node.row.name.clone(),
                children => format!("{}({})", node.row.name, sketch(children)),
            })
            .collect();
        nodes.join(" ")
    }

    #[test]
    fn a_row_is_contained_in_the_nearest_row_above_with_a_lower_level() {
        let rows: Vec<Row> = [
            (0, "a"),
            (1, "b"),
            (3, "c"),
            (2, "d"),
            (1, "e"),
            (0, "f"),
            (2, "g"),
        ]
        .into_iter()
        .map(|(level, name)| Row {
            level,
            name: name.into(),
            ..Row::default()
        })
        .collect();
        assert_eq!(sketch(&nest(&rows)), "a(b(c d) e) f(g)");
    }
}

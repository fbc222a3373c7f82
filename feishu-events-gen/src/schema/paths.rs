//! Rows with levels → the path of each row.

use super::Row;

/// A row and the rows that contain it.
#[derive(Debug, Clone)]
pub struct RowPath<'a> {
    /// The rows that contain it, the outermost first.
    pub outer: Vec<&'a Row>,
    /// The row.
    pub row: &'a Row,
}

impl<'a> RowPath<'a> {
    /// The names that lead to the row, from the outermost to its own.
    pub fn names(&self) -> impl Iterator<Item = &'a str> {
        let rows = self.outer.iter().copied().chain([self.row]);
        rows.map(|row| row.name.as_str())
    }
}

/// The rows in document order. A row is contained in the nearest row above it that has a lower level.
pub fn row_paths(rows: &[Row]) -> impl Iterator<Item = RowPath<'_>> {
    let mut open: Vec<&Row> = Vec::new();
    rows.iter().map(move |row| {
        while open.pop_if(|above| above.level >= row.level).is_some() {}
        let outer = open.clone();
        open.push(row);
        RowPath { outer, row }
    })
}

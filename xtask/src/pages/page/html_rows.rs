//! Which elements of HTML draw tables, rows and cells: the tags, or the roles that stand for them.

use scraper::ElementRef;

/// What an element draws.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Drawn {
    Table,
    Row,
    Cell {
        /// Whether it is the heading of a column or a row.
        heading: bool,
    },
}

/// The part of a table that `element` is; a role says more than a tag.
pub(super) fn part(element: ElementRef<'_>) -> Option<Drawn> {
    let role = element.value().attr("role").map(str::trim);
    let by_role = role.and_then(|role| {
        Some(match role {
            "table" | "grid" | "treegrid" => Drawn::Table,
            "row" => Drawn::Row,
            "cell" | "gridcell" => Drawn::Cell { heading: false },
            "columnheader" | "rowheader" => Drawn::Cell { heading: true },
            _ => return None,
        })
    });
    by_role.or_else(|| {
        Some(match element.value().name() {
            "table" => Drawn::Table,
            "tr" => Drawn::Row,
            "td" => Drawn::Cell { heading: false },
            "th" => Drawn::Cell { heading: true },
            _ => return None,
        })
    })
}

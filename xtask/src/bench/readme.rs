//! The table's place in the README.

use miette::{Result, miette};

/// The line before the table.
const BEGIN: &str = "<!-- bench -->";
/// The line after it.
const END: &str = "<!-- end of bench -->";

/// The README with the table between its marks.
///
/// # Errors
/// A README that has not one of each mark, in order.
pub(super) fn with_table(readme: &str, table: &str) -> Result<String> {
    let parts = readme.split_once(BEGIN).and_then(|(before, rest)| {
        let (_, after) = rest.split_once(END)?;
        Some((before, after))
    });
    let (before, after) =
        parts.ok_or_else(|| miette!("README.md lacks the line `{BEGIN}`, or `{END}` after it"))?;
    let table = table.trim_end();
    Ok(format!("{before}{BEGIN}\n\n{table}\n\n{END}{after}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_between_the_marks_changes() {
        let readme = format!("# before\n\n{BEGIN}\nold\n{END}\n\nafter\n");
        let once = with_table(&readme, "| new |\n").unwrap();
        assert_eq!(
            once,
            format!("# before\n\n{BEGIN}\n\n| new |\n\n{END}\n\nafter\n")
        );
        assert_eq!(with_table(&once, "| new |\n").unwrap(), once);
    }

    #[test]
    fn a_readme_without_marks_is_left_alone() {
        let error = with_table(&format!("{END}\n{BEGIN}\n"), "| new |").unwrap_err();
        assert!(error.to_string().contains(BEGIN));
    }
}

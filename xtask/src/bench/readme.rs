//! The table's place in the README: a section for each part, which is measured and written alone.

use std::collections::BTreeMap;
use std::path::Path;

use clap::ValueEnum;
use miette::{IntoDiagnostic, Result, WrapErr, miette};

use super::part::Part;

/// The line before the table.
const BEGIN: &str = "<!-- bench -->";
/// The line after it.
const END: &str = "<!-- end of bench -->";
/// The line before the section of a part is this, its name, and [`CLOSE`].
const OPEN: &str = "<!-- bench: ";
const CLOSE: &str = " -->";
/// What stands behind the sections instead of a part's name.
const LEGEND: &str = "how to read it";

/// What each section has.
pub(super) const HEAD: &str = "| what | feishu-events | beside it | theirs | ratio |";

/// What one has to know of all rows.
const READ_SO: &str = "Each row is measured beside its peer, on what both can take; compare within \
    a row, not down a column. The ratio is how many times as fast, as small or as many ours is, \
    within one run; a *floor* is what nobody can do without, where 1 is the best possible.";

/// The sections of parts, as text.
pub(super) type Sections = BTreeMap<Part, String>;

/// Reads the README and those of its sections that another run made and this one does not.
///
/// # Errors
/// A README that can't be read or has no place for the table; sections to be kept that can't be
/// told apart.
pub(super) fn read(path: &Path, measured: &[Part]) -> Result<(String, Sections)> {
    let named = || path.display().to_string();
    let readme = std::fs::read_to_string(path)
        .into_diagnostic()
        .wrap_err_with(named)?;
    let kept = kept(&readme, measured).wrap_err_with(named)?;
    Ok((readme, kept))
}

/// Whether the table can be written once the `parts` are measured. Some may turn out to have no
/// rows, or not all: then the old ones are to be kept.
///
/// # Errors
/// As those of [`read`]; if all parts are to be measured, a table that can't be told apart is
/// only told, because it may be that nothing of it is kept.
pub(super) fn check(path: &Path, parts: &[Part]) -> Result<()> {
    let Err(error) = read(path, &[]) else {
        return Ok(());
    };
    // Nothing helps a README that has no place for the table.
    read(path, Part::value_variants())?;
    if !all(parts) {
        return Err(error);
    }
    eprintln!("if a part can't be measured whole, the table won't be written: {error:?}");
    Ok(())
}

/// Whether these are all parts.
fn all(parts: &[Part]) -> bool {
    let mut all = Part::value_variants().iter();
    all.all(|part| parts.contains(part))
}

/// The sections of the parts that are not `measured`.
fn kept(readme: &str, measured: &[Part]) -> Result<Sections> {
    let (before, old, _) = place(readme)?;
    if all(measured) {
        return Ok(Sections::new());
    }
    let first = before.lines().count() + 1;
    let mut sections = sections(old, first)?;
    sections.retain(|part, _| !measured.contains(part));
    Ok(sections)
}

/// What is in front of the table, the table, and what is behind it.
fn place(readme: &str) -> Result<(&str, &str, &str)> {
    let place = readme.split_once(BEGIN).and_then(|(before, rest)| {
        let (table, after) = rest.split_once(END)?;
        Some((before, table, after))
    });
    place.ok_or_else(|| miette!("it lacks the line `{BEGIN}`, or `{END}` after it"))
}

/// Tells the sections of the table apart; `first` is the number of its first line.
fn sections(table: &str, first: usize) -> Result<Sections> {
    let wrong = |line: usize, what: &str| {
        miette!(
            help = "measure all parts, without --only and so that nothing is skipped, to write the \
                    table anew",
            "line {line}: {what}, so the rows of parts that are not measured now can't be kept"
        )
    };
    let mut sections = Sections::new();
    // The part, the line of its mark, what follows that.
    let mut open: Option<(Part, usize, String)> = None;
    let mut legend = false;
    let mut close = |open: &mut Option<(Part, usize, String)>| match open.take() {
        None => Ok(()),
        Some((_, at, text)) if !text.lines().any(|line| line == HEAD) => {
            Err(wrong(at, "no table follows this mark"))
        }
        Some((part, at, text)) => match sections.insert(part, text.trim().to_owned() + "\n") {
            None => Ok(()),
            Some(_) => Err(wrong(at, "this part has a section already")),
        },
    };
    for (number, line) in (first..).zip(table.lines()) {
        let mark = line.trim().strip_prefix(OPEN);
        if let Some(name) = mark.and_then(|mark| mark.strip_suffix(CLOSE)) {
            close(&mut open)?;
            legend = name == LEGEND;
            if !legend {
                let part = Part::from_str(name, false)
                    .map_err(|_| wrong(number, &format!("there is no part `{name}`")))?;
                open = Some((part, number, String::new()));
            }
        } else if let Some((_, _, text)) = &mut open {
            text.push_str(line);
            text.push('\n');
        } else if !legend && !line.trim().is_empty() {
            return Err(wrong(number, "this stands in no part's section"));
        }
    }
    close(&mut open)?;
    Ok(sections)
}

/// The README with these sections between its marks.
///
/// # Errors
/// A README without the table's place.
pub(super) fn with_sections(readme: &str, sections: &Sections) -> Result<String> {
    let (before, _, after) = place(readme)?;
    let table = table(sections);
    Ok(format!("{before}{BEGIN}\n\n{table}\n{END}{after}"))
}

/// The sections, and what one has to know of all of them.
pub(super) fn table(sections: &Sections) -> String {
    let mut text = String::new();
    for (part, section) in sections {
        text += &format!("{OPEN}{}{CLOSE}\n\n{section}\n", part.name());
    }
    text += &format!("{OPEN}{LEGEND}{CLOSE}\n\n{READ_SO}\n");
    let missing = Part::value_variants().iter();
    let missing: Vec<String> = missing
        .filter(|part| !sections.contains_key(part))
        .map(|part| format!("`{}`", part.name()))
        .collect();
    if !missing.is_empty() {
        text += &format!("\nNot measured: {}.\n", missing.join(", "));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn section(title: &str) -> String {
        format!("**{title}**, a day\n\n{HEAD}\n| --- |\n| {title} |\n\n- a note on {title}\n")
    }

    fn of(parts: &[(Part, &str)]) -> Sections {
        let sections = parts.iter().map(|(part, title)| (*part, section(title)));
        sections.collect()
    }

    fn readme() -> String {
        let readme = format!("# before\n\n{BEGIN}\nold\n{END}\n\nafter\n");
        let both = of(&[(Part::Decode, "old decode"), (Part::Build, "old build")]);
        with_sections(&readme, &both).unwrap()
    }

    #[test]
    fn only_what_is_between_the_marks_changes() {
        let text = readme();
        assert!(
            text.starts_with(&format!(
                "# before\n\n{BEGIN}\n\n<!-- bench: decode -->\n\n**"
            )),
            "{text}"
        );
        assert!(text.ends_with(&format!(".\n\n{END}\n\nafter\n")), "{text}");
    }

    #[test]
    fn parts_that_were_not_measured_keep_their_rows_and_notes() {
        let text = readme();
        let measured = [Part::Decode, Part::Tools];
        let mut sections = kept(&text, &measured).unwrap();
        assert_eq!(sections, of(&[(Part::Build, "old build")]));
        sections.extend(of(&[(Part::Decode, "new decode"), (Part::Tools, "tools")]));
        let once = with_sections(&text, &sections).unwrap();
        assert!(!once.contains("old decode"), "{once}");
        let place = |text: &str| once.find(text).unwrap();
        let order = [
            "| new decode |",
            "a note on new decode",
            "| old build |",
            "a note on old build",
            "| tools |",
            "compare within a row, not down a column",
        ];
        assert!(order.map(place).is_sorted(), "{once}");
        let missing = "Not measured: `peers`, `delivery`, `webhook`, `long-connection`.";
        assert!(once.contains(missing), "{once}");
        // Once more, the same.
        let all = kept(&once, &[]).unwrap();
        assert_eq!(all, sections);
        assert_eq!(with_sections(&once, &all).unwrap(), once);
    }

    #[test]
    fn a_table_that_cannot_be_told_apart_is_named_with_its_line() {
        let text = readme();
        for (from, to, expected) in [
            (
                "<!-- bench: decode -->",
                "| 1 |",
                "line 5: this stands in no part's section",
            ),
            (
                "<!-- bench: decode -->",
                "<!-- bench: decoding -->",
                "line 5: there is no part `decoding`",
            ),
            (HEAD, "| what |", "line 5: no table follows this mark"),
            (
                "<!-- bench: build -->",
                "<!-- bench: decode -->",
                "this part has a section already",
            ),
        ] {
            let broken = text.replacen(from, to, 1);
            let error = kept(&broken, &[Part::Tools]).unwrap_err().to_string();
            assert!(error.contains(expected), "{from}: {error}");
            // That is told before the minutes that it takes to measure, not after them.
            let folder = tempfile::tempdir().unwrap();
            let file = folder.path().join("README.md");
            std::fs::write(&file, &broken).unwrap();
            assert!(
                check(&file, &[Part::Decode, Part::Build]).is_err(),
                "{from}"
            );
            // Who measures everything needs nothing of it.
            check(&file, Part::value_variants()).unwrap();
            assert!(kept(&broken, Part::value_variants()).unwrap().is_empty());
        }
    }

    #[test]
    fn the_parts_of_this_projects_readme_can_be_told_apart() {
        let readme = Path::new(env!("CARGO_MANIFEST_DIR")).join("../README.md");
        let (text, sections) = read(&readme, &[]).unwrap();
        assert!(sections.len() > 3);
        assert_eq!(with_sections(&text, &sections).unwrap(), text);
    }

    #[test]
    fn a_readme_without_marks_is_left_alone() {
        let text = format!("{END}\n{BEGIN}\n");
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("README.md");
        std::fs::write(&file, &text).unwrap();
        assert!(check(&file, Part::value_variants()).is_err());
        for error in [
            kept(&text, Part::value_variants()).unwrap_err(),
            with_sections(&text, &Sections::new()).unwrap_err(),
        ] {
            assert!(error.to_string().contains(BEGIN));
        }
    }
}

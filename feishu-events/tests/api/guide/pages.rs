//! The pages of the guide, taken apart.

use std::fs;
use std::path::{Path, PathBuf};

/// A page of the guide.
pub(crate) struct Page {
    pub(crate) name: String,
    pub(crate) text: String,
}

/// All pages but the generated one, which `cargo xtask generate --check` looks after.
pub(crate) fn all() -> Vec<Page> {
    let mut pages: Vec<Page> = fs::read_dir(root().join("docs"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| !path.ends_with("migrating_names.md"))
        .map(|path| Page {
            name: path.file_name().unwrap().to_str().unwrap().to_owned(),
            text: fs::read_to_string(&path).unwrap(),
        })
        .collect();
    pages.sort_by(|a, b| a.name.cmp(&b.name));
    assert!(pages.len() > 5, "where is the guide?");
    pages
}

/// The README without the tables that commands write.
pub(crate) fn readme() -> Page {
    let mut text = fs::read_to_string(root().join("README.md")).unwrap();
    for table in ["coverage", "bench"] {
        let (before, rest) = text.split_once(&format!("<!-- {table}")).unwrap();
        let (_, after) = rest
            .split_once(&format!("<!-- end of {table} -->"))
            .unwrap();
        text = [before, after].concat();
    }
    Page {
        name: "README.md".to_owned(),
        text,
    }
}

pub(crate) fn page(name: &str) -> Page {
    let found = all().into_iter().find(|page| page.name == name);
    found.unwrap_or_else(|| panic!("no page {name}"))
}

/// The folder of the crate.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

impl Page {
    /// The code blocks in a language.
    pub(crate) fn blocks(&self, language: &str) -> Vec<String> {
        let mut blocks = Vec::new();
        let mut open: Option<(bool, String)> = None;
        for line in self.text.lines() {
            match (line.strip_prefix("```"), &mut open) {
                (Some(info), None) => open = Some((info == language, String::new())),
                (Some(_), Some((wanted, block))) => {
                    if *wanted {
                        blocks.push(std::mem::take(block));
                    }
                    open = None;
                }
                (None, Some((_, block))) => {
                    block.push_str(line);
                    block.push('\n');
                }
                (None, None) => {}
            }
        }
        assert!(open.is_none(), "{}: a block without an end", self.name);
        blocks
    }

    /// What is said outside of code blocks, with single blanks in place of line ends; code within
    /// a line and the targets of links left out.
    pub(crate) fn prose(&self) -> String {
        let mut in_block = false;
        let mut prose = String::new();
        for line in self.text.lines() {
            if line.starts_with("```") {
                in_block = !in_block;
            } else if !in_block {
                // The number of an item of a list counts nothing.
                let item = line.trim_start_matches(|c: char| c.is_ascii_digit());
                let line = item.strip_prefix(". ").unwrap_or(line);
                prose.push_str(line.trim());
                prose.push(' ');
            }
        }
        let mut said = String::new();
        for (index, part) in prose.split('`').enumerate() {
            said.push_str(if index % 2 == 0 { part } else { "`" });
        }
        without_targets(&said)
    }
}

fn without_targets(text: &str) -> String {
    let mut parts = text.split("](");
    let mut said = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        said.push(']');
        said.push_str(part.split_once(')').map_or("", |(_, rest)| rest));
    }
    said
}

#[test]
fn all_rust_in_the_guide_is_compiled() {
    for page in all().into_iter().chain([readme()]) {
        let fences = page.text.lines().filter(|line| line.starts_with("```"));
        for opening in fences.step_by(2) {
            // An untagged block would be taken for Rust on one site and for text on another.
            let language = &opening[3..];
            let known = [
                "json",
                "rust",
                "rust,ignore",
                "rust,no_run",
                "rust,test_harness",
                "sh",
                "text",
                "toml",
            ];
            assert!(known.contains(&language), "{}: {opening}", page.name);
        }
    }
}

#[test]
fn links_into_a_page_end_at_a_heading() {
    let pages = all();
    let mut links = 0;
    for page in &pages {
        for target in page.text.split("](").skip(1) {
            let target = target.split(')').next().unwrap();
            let Some((to, anchor)) = target.split_once('#') else {
                continue;
            };
            let to = match to.strip_prefix("crate::guide::") {
                Some(name) => format!("{name}.md"),
                None if to.is_empty() => page.name.clone(),
                None => continue,
            };
            let to = pages.iter().find(|page| page.name == to).unwrap();
            let mut headings = to.text.lines().filter_map(|line| line.strip_prefix("# "));
            let found = headings.any(|heading| slug(heading) == anchor);
            assert!(found, "{}: no heading {target}", page.name);
            links += 1;
        }
    }
    assert!(links > 3, "where are the links?");
}

/// What rustdoc makes of a heading.
fn slug(heading: &str) -> String {
    let letters = heading.chars().filter_map(|c| match c {
        ' ' => Some('-'),
        '-' | '_' => Some(c),
        _ => c.is_alphanumeric().then(|| c.to_ascii_lowercase()),
    });
    letters.collect()
}

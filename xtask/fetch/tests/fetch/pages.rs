//! The pages that the portal of the tests has.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::shared_docs;

/// A page of the portal.
#[derive(Debug, Clone)]
pub(crate) struct Page {
    /// The path by which the directory lists it.
    pub(crate) path: String,
    /// The folders in which the directory has it.
    pub(crate) under: Vec<String>,
    /// The path that the page itself tells, which may be another.
    pub(crate) own_path: String,
    pub(crate) title: String,
    pub(crate) updated: u64,
    pub(crate) content: String,
    /// Where a page without text of its own points to.
    pub(crate) redirect: Option<String>,
    /// Whether the directory tells when it was changed.
    pub(crate) listed_time: bool,
}

impl Page {
    pub(crate) fn new(path: &str, title: &str) -> Self {
        Self {
            path: path.to_owned(),
            under: vec!["portal".to_owned(), "all".to_owned()],
            own_path: path.to_owned(),
            title: title.to_owned(),
            updated: 1_700_000_000_000,
            content: format!("# {title}\n\nText of `{path}`.\n"),
            redirect: None,
            listed_time: true,
        }
    }

    /// What a detail API has under `data` or `data.document`.
    pub(crate) fn detail(&self) -> Value {
        json!({
            "id": "1",
            "directoryId": "2",
            "fullPath": self.own_path,
            "type": "DocumentType",
            "title": self.title,
            "name": self.title,
            // A number here and a string there.
            "updateTime": if self.updated.is_multiple_of(2) { json!(self.updated) } else { json!(self.updated.to_string()) },
            "content": self.content,
            "redirectUri": self.redirect,
        })
    }

    /// The page's node in the directory.
    fn node(&self) -> Value {
        let hidden = format!("\u{200b}{}", self.title);
        json!({
            "id": "1",
            "parentId": "0",
            "name": hidden,
            "type": "DocumentType",
            "fullPath": self.path,
            "updateTime": self.listed_time.then(|| self.updated.to_string()),
            "items": null,
        })
    }
}

/// The directory of pages.
pub(crate) fn directory(pages: &[Page]) -> Value {
    let pages: Vec<&Page> = pages.iter().collect();
    json!({"code": 0, "msg": "", "data": {"items": items(&pages, 0)}})
}

/// The nodes of the pages that are in a folder `depth` folders down, and of its folders.
fn items(pages: &[&Page], depth: usize) -> Vec<Value> {
    let (inner, own): (Vec<&Page>, Vec<&Page>) =
        pages.iter().partition(|page| page.under.len() > depth);
    let mut nodes: Vec<Value> = own.into_iter().map(Page::node).collect();
    let mut names: Vec<&String> = inner.iter().map(|page| &page.under[depth]).collect();
    names.sort();
    names.dedup();
    for name in names {
        let mut inside = inner.clone();
        inside.retain(|page| page.under[depth] == *name);
        nodes.push(json!({
            "id": "0",
            "name": "文件夹",
            "type": "DirectoryType",
            "fullPath": format!("/{}", inside[0].under[..=depth].join("/")),
            "updateTime": 0,
            "items": items(&inside, depth + 1),
        }));
    }
    nodes
}

/// Where the invented pages lie from which `scrape` is tested.
fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures/pages")
}

/// Invented pages: those of `scrape`'s tests, and some with uncommon paths.
pub(crate) fn invented() -> Vec<Page> {
    let mut pages = saved(&fixtures());
    assert!(pages.len() >= 8);
    pages.push(Page::new("/portal//event/storm", "风暴"));
    pages.push(Page::new("/portal/v1.0/事件", "Storms \u{feff}in general"));
    pages.push(Page::new("/portal/meadow", "Meadow"));
    for (at, page) in pages.iter_mut().enumerate() {
        page.updated += at as u64;
    }
    pages
}

/// The real pages of March 2026, if they are there. The portal lists them by their own paths, in the
/// folders in which they lie.
pub(crate) fn real() -> Option<Vec<Page>> {
    let mut pages = saved(&shared_docs::folder("2026-03")?);
    assert_eq!(pages.len(), 272);
    for page in &mut pages {
        page.path.clone_from(&page.own_path);
    }
    Some(pages)
}

/// The pages of a folder which tell in their heads where they stand and how old they are.
fn saved(folder: &Path) -> Vec<Page> {
    let files = shared_docs::pages(folder.to_owned());
    let pages = files.iter().filter_map(|file| {
        let text = std::fs::read_to_string(file).unwrap();
        let (head, content) = text.strip_prefix("---\n")?.split_once("---\n\n")?;
        let value = |key: &str| -> Option<Value> {
            let mut lines = head.lines();
            let line = lines.find_map(|line| line.strip_prefix(key)?.strip_prefix(": "))?;
            serde_json::from_str(line).ok()
        };
        let updated = match value("updateTime")? {
            Value::String(digits) => digits.parse().ok()?,
            number => number.as_u64()?,
        };
        let place = file.strip_prefix(folder).unwrap().with_extension("");
        let place = place.to_str().unwrap().replace('\\', "/");
        let folders = place.rsplit_once('/').map_or("", |(folders, _)| folders);
        let folders = folders.split('/').filter(|folder| !folder.is_empty());
        Some(Page {
            path: format!("/server-docs/{place}"),
            under: folders.map(str::to_owned).collect(),
            own_path: value("fullPath")?.as_str()?.to_owned(),
            title: value("title")?.as_str()?.to_owned(),
            updated,
            content: content.to_owned(),
            redirect: None,
            listed_time: true,
        })
    });
    pages.collect()
}

/// Writes the pages as they are saved from the portal, for a comparison.
pub(crate) fn save(pages: &[Page], folder: &Path) {
    for (at, page) in pages.iter().enumerate() {
        let folder = folder.join(page.under.join("/"));
        std::fs::create_dir_all(&folder).unwrap();
        let text = format!(
            "---\ntitle: {}\nfullPath: {}\nupdateTime: \"{}\"\n---\n\n{}",
            json!(page.title),
            json!(page.own_path),
            page.updated,
            page.content
        );
        std::fs::write(folder.join(format!("{at}.md")), text).unwrap();
    }
}

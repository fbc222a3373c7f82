//! The portal's directory → the pages that it lists.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::answer::{time, visible};
use crate::fault::Fault;

/// Words in the paths and names of pages about events, in either language.
const EVENT_WORDS: [&str; 4] = ["event", "callback", "事件", "回调"];

/// A page as the directory lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Listed {
    /// The path by which the detail API knows it.
    pub(crate) path: String,
    /// Its name.
    pub(crate) name: String,
    /// The folders that contain it, by the last parts of their paths.
    pub(crate) under: String,
    /// When it was last changed, if the directory says.
    pub(crate) updated: Option<String>,
    /// Whether it may describe an event or a callback.
    pub(crate) event: bool,
}

/// All pages of the portal.
#[derive(Debug, Default)]
pub(crate) struct Directory {
    /// In the directory's order, each path once.
    pub(crate) pages: Vec<Listed>,
    /// The names of pages that have no path and can't be requested.
    pub(crate) pathless: Vec<String>,
    by_path: BTreeMap<String, usize>,
}

impl Directory {
    /// Collects the pages of the tree.
    pub(crate) fn read(data: &Value) -> Result<Self, Fault> {
        let Some(items) = data["items"].as_array() else {
            return Err(Fault::Shape {
                what: "it has no list `items` under `data`",
            });
        };
        let mut directory = Self::default();
        directory.add_all(items, "", false);
        if directory.pages.is_empty() {
            return Err(Fault::Shape {
                what: "the directory lists no pages",
            });
        }
        Ok(directory)
    }

    /// The page with this path, if it is listed.
    pub(crate) fn page(&self, path: &str) -> Option<&Listed> {
        self.by_path.get(path).map(|at| &self.pages[*at])
    }

    /// Adds the nodes and those below them; `serde_json` limits the depth.
    fn add_all(&mut self, nodes: &[Value], under: &str, in_events: bool) {
        for node in nodes {
            let text = |key: &str| node[key].as_str().unwrap_or_default();
            let name = visible(text("name"));
            let path = text("fullPath").trim();
            let event = in_events || has_event_word(&name) || has_event_word(path);
            if text("type") == "DocumentType" {
                self.add(Listed {
                    path: path.to_owned(),
                    name: name.clone(),
                    under: under.to_owned(),
                    updated: time(&node["updateTime"]),
                    event,
                });
            }
            if let Some(items) = node["items"].as_array() {
                let own = path.rsplit('/').next().filter(|own| !own.is_empty());
                let under = format!("{under}/{}", own.unwrap_or(&name));
                self.add_all(items, &under, event);
            }
        }
    }

    fn add(&mut self, page: Listed) {
        if page.path.is_empty() {
            self.pathless.push(page.name);
            return;
        }
        // A page can be in several places of the tree.
        if let Some(at) = self.by_path.get(&page.path) {
            let first = &mut self.pages[*at];
            first.event |= page.event;
            let newer = |time: &Option<String>| time.as_ref().and_then(|it| it.parse::<u64>().ok());
            if newer(&page.updated) > newer(&first.updated) {
                first.updated = page.updated;
            }
            return;
        }
        self.by_path.insert(page.path.clone(), self.pages.len());
        self.pages.push(page);
    }
}

fn has_event_word(text: &str) -> bool {
    let text = text.to_lowercase();
    EVENT_WORDS.iter().any(|word| text.contains(word))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn paths(directory: &Directory, events: bool) -> Vec<&str> {
        let pages = directory.pages.iter().filter(|page| !events || page.event);
        pages.map(|page| page.path.as_str()).collect()
    }

    #[test]
    fn pages_are_collected_from_all_depths_each_once() {
        let page = |path: &str, time: Value| json!({"type": "DocumentType", "name": "n", "fullPath": path, "updateTime": time, "items": null});
        let folder = |name: &str, items: Value| json!({"type": "DirectoryType", "name": name, "fullPath": if name == "花园" { "/x/f" } else { "" }, "items": items});
        let data = json!({"items": [
            folder("花园", json!([page("/tree/get", json!("7")), folder("事\u{200b}件", json!([page("/tree/felled", json!(8))]))])),
            page("/tree/Events/planted", json!(null)),
            page("/tree/get", json!(9)),
            page(" ", json!(1)),
            5,
            {"type": "OtherType", "fullPath": "/other"},
        ]});
        let directory = Directory::read(&data).unwrap();
        assert_eq!(
            paths(&directory, false),
            ["/tree/get", "/tree/felled", "/tree/Events/planted"]
        );
        assert_eq!(
            paths(&directory, true),
            ["/tree/felled", "/tree/Events/planted"]
        );
        let times: Vec<_> = directory
            .pages
            .iter()
            .map(|it| it.updated.as_deref())
            .collect();
        assert_eq!(times, [Some("9"), Some("8"), None]);
        let under = directory.pages.iter().map(|it| &*it.under);
        assert_eq!(under.collect::<Vec<_>>(), ["/f", "/f/事件", ""]);
        assert_eq!(directory.pathless, ["n"]);
        assert_eq!(directory.page("/tree/felled"), directory.pages.get(1));
        assert_eq!(directory.page("/f"), None);
    }

    #[test]
    fn an_unexpected_shape_is_an_error_and_not_an_empty_directory() {
        for data in [
            json!(null),
            json!([]),
            json!({"items": {}}),
            json!({"items": []}),
        ] {
            assert!(Directory::read(&data).is_err(), "{data}");
        }
    }
}

//! Which service an event belongs to, and so which folder its schema lies in.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use feishu_events_gen::internals::schema::{EventSchema, Protocol};

use super::earlier::Earlier;
use super::services::{self, is_service};

/// What tells the services of events that don't name theirs.
#[derive(Debug, Default)]
pub(super) struct Places {
    /// Events that have a schema file already, and the service it is filed under.
    filed: BTreeMap<String, String>,
    /// The services of the events that are documented in a folder and name theirs.
    neighbours: BTreeMap<PathBuf, BTreeSet<String>>,
}

/// What a page tells about the service of its events.
#[derive(Debug, Clone, Copy)]
pub(super) struct PageClues<'a> {
    /// Where the portal's directory has the page, or else where the file lies.
    pub(super) file: &'a Path,
    /// What the page says about the event.
    pub(super) schema: &'a EventSchema,
    /// The paths of the pages about other events that it links to.
    pub(super) related: &'a [String],
    /// What a mirror calls the folders in which the page lies.
    pub(super) sections: &'a [String],
    /// The page's text.
    pub(super) text: &'a str,
}

impl Places {
    /// Learns the places of the schemas that are already there.
    pub(super) fn of_schemas(earlier: &BTreeMap<String, Earlier>) -> Self {
        // `contact.user.updated_v3` names its service; only the others need a memory.
        let nameless = earlier.iter().filter(|(name, _)| !name.contains('.'));
        let filed = nameless.map(|(name, earlier)| (name.clone(), earlier.service.clone()));
        Self {
            filed: filed.collect(),
            ..Self::default()
        }
    }

    /// Learns from an event that names its service, or whose page tells it.
    pub(super) fn learn(&mut self, clues: PageClues<'_>) {
        let named = clues.schema.event_type.split_once('.');
        let service = match named {
            Some((service, _)) => Some(service.to_owned()),
            None => self.inferred_service(clues),
        };
        if let (Some(service), Some(folder)) = (service, clues.file.parent()) {
            let services = self.neighbours.entry(folder.to_owned()).or_default();
            services.insert(service);
        }
    }

    /// The service of an event that doesn't name its own: as reviewed, or as its page tells.
    /// The first that is sure wins.
    fn inferred_service(&self, clues: PageClues<'_>) -> Option<String> {
        let folders = clues.file.parent().map(Path::to_string_lossy);
        let path = clues
            .schema
            .document
            .as_ref()
            .map(|document| &document.path);
        self.filed
            .get(&clues.schema.event_type)
            .cloned()
            .or_else(|| versioned_segment(path?))
            .or_else(|| versioned_segment(&folders.unwrap_or_default()))
            .or_else(|| service_of_scopes(&clues.schema.scopes))
            .or_else(|| service_of_links(clues.related))
            .or_else(|| services::of_placeholders(clues.text))
            .or_else(|| services::of_known(&clues.schema.event_type).map(str::to_owned))
            .or_else(|| services::of_sections(clues.sections).map(str::to_owned))
    }

    /// The service of an event and the name of its file, without ending.
    pub(super) fn place(&self, clues: PageClues<'_>) -> Option<(String, String)> {
        let event_type = &clues.schema.event_type;
        if let Some((service, rest)) = event_type.split_once('.') {
            // As `SchemaSet` expects it, or the next run could not read what this one wrote.
            let file = match clues.schema.protocol {
                Protocol::V1 => event_type,
                Protocol::V2 => rest,
            };
            return is_service(service).then(|| (service.to_owned(), file.to_owned()));
        }
        let service = self
            .inferred_service(clues)
            .or_else(|| self.service_of_neighbours(clues.file))?;
        Some((service, event_type.clone()))
    }

    fn service_of_neighbours(&self, file: &Path) -> Option<String> {
        let services = self.neighbours.get(file.parent()?)?;
        let mut services = services.iter();
        services
            .next()
            .filter(|_| services.next().is_none())
            .cloned()
    }
}

/// The service of the innermost segment such as `approval-v4`.
fn versioned_segment(path: &str) -> Option<String> {
    path.split(['/', '\\']).rev().find_map(|segment| {
        let (service, version) = segment.rsplit_once("-v")?;
        let versioned = !version.is_empty() && version.chars().all(|c| c.is_ascii_digit());
        (versioned && is_service(service)).then(|| service.to_owned())
    })
}

/// The service that all scopes begin with.
fn service_of_scopes(scopes: &[String]) -> Option<String> {
    let mut services = scopes.iter().map(|scope| scope.split(':').next());
    let service = services.next()??;
    let agree = services.all(|other| other == Some(service));
    (agree && is_service(service)).then(|| service.to_owned())
}

/// The service that all linked pages about events belong to.
fn service_of_links(paths: &[String]) -> Option<String> {
    let services: Option<BTreeSet<String>> =
        paths.iter().map(|path| versioned_segment(path)).collect();
    let mut services = services?.into_iter();
    services.next().filter(|_| services.next().is_none())
}

#[cfg(test)]
mod tests {
    use feishu_events_gen::internals::schema::{Document, EventKind};

    use super::super::earlier;
    use super::*;

    fn schema(event_type: &str, path: &str, scopes: &[&str]) -> EventSchema {
        EventSchema {
            event_type: event_type.to_owned(),
            title: String::new(),
            kind: EventKind::Event,
            protocol: if event_type.contains('.') {
                Protocol::V2
            } else {
                Protocol::V1
            },
            document: Some(Document {
                path: path.to_owned(),
                updated: None,
                missing_since: None,
                apart: false,
            }),
            known_to: Vec::new(),
            app_types: Vec::new(),
            scopes: scopes.iter().map(|scope| (*scope).to_owned()).collect(),
            field_scopes: Vec::new(),
            history_scopes: Vec::new(),
            title_en: None,
            lark: None,
            fields: Vec::new(),
        }
    }

    fn place(places: &Places, file: &str, schema: &EventSchema) -> Option<String> {
        let file = Path::new(file);
        let (service, file) = places.place(PageClues {
            file,
            schema,
            related: &[],
            sections: &[],
            text: "",
        })?;
        Some(format!("{service}/{file}"))
    }

    #[test]
    fn a_name_with_dots_names_its_service() {
        let schema = schema("garden.tree.planted_v1", "/x/pond-v2/y", &[]);
        let found = place(&Places::default(), "a.md", &schema);
        assert_eq!(found.as_deref(), Some("garden/tree.planted_v1"));
    }

    #[test]
    fn other_names_are_placed_by_what_surrounds_them() {
        let mut places = Places::default();
        let neighbour = schema("garden.tree.planted_v1", "", &[]);
        let file = Path::new("a/trees/planted.md");
        let clues = PageClues {
            file,
            schema: &neighbour,
            related: &[],
            sections: &[],
            text: "",
        };
        places.learn(clues);
        for (file, path, scopes, expected) in [
            ("a.md", "/x/pond-v2/y", &["lake:lake"][..], Some("pond/fed")),
            ("sea-v1/a.md", "/x/y", &["lake:lake"], Some("sea/fed")),
            (
                "a.md",
                "/x/y",
                &["lake:lake", "lake:lake:readonly"],
                Some("lake/fed"),
            ),
            ("a.md", "/x/y", &["lake:lake", "sea:sea"], None),
            ("a/trees/felled.md", "/x/y", &[], Some("garden/fed")),
            ("a.md", "/x/y", &[], None),
        ] {
            let schema = schema("fed", path, scopes);
            assert_eq!(
                place(&places, file, &schema).as_deref(),
                expected,
                "{file} {path}"
            );
        }
        places.learn(PageClues {
            file,
            schema: &schema("sea.fish.caught_v1", "", &[]),
            related: &[],
            sections: &[],
            text: "",
        });
        let open = schema("fed", "/x/y", &[]);
        assert_eq!(
            place(&places, "a/trees/felled.md", &open),
            None,
            "two services there"
        );
    }

    #[test]
    fn a_page_may_link_to_the_successor_of_its_event() {
        let mut places = Places::default();
        let fed = schema("fed", "/x/y", &[]);
        let related = ["/x/pond-v3/fish/events/fed", "/x/pond-v3/fish/events/born"];
        let related = related.map(str::to_owned);
        let clues = |file, schema, related| PageClues {
            file: Path::new(file),
            schema,
            related,
            sections: &[],
            text: "",
        };
        let found = places.place(clues("a/fed.md", &fed, &related));
        assert_eq!(found, Some(("pond".to_owned(), "fed".to_owned())));
        places.learn(clues("a/fed.md", &fed, &related));
        let born = schema("born", "/x/y", &[]);
        let found = places.place(clues("a/born.md", &born, &[]));
        assert_eq!(
            found,
            Some(("pond".to_owned(), "born".to_owned())),
            "beside it"
        );
        let elsewhere = ["/x/sea-v1/events/fed".to_owned(), related[0].clone()];
        assert_eq!(places.place(clues("b/fed.md", &fed, &elsewhere)), None);
    }

    #[test]
    fn a_file_is_named_as_it_is_read_again() {
        let old = EventSchema {
            protocol: Protocol::V1,
            ..schema("garden.tree.planted", "", &[])
        };
        assert_eq!(
            place(&Places::default(), "a.md", &old).as_deref(),
            Some("garden/garden.tree.planted")
        );
    }

    #[test]
    fn a_filed_schema_keeps_its_place() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("lake")).unwrap();
        for (file, event_type) in [("fed", "fed"), ("drained", "lake.drained")] {
            let text = schema(event_type, "/x/y", &[]).to_json();
            std::fs::write(folder.path().join(format!("lake/{file}.json")), text).unwrap();
        }
        let places = Places::of_schemas(&earlier::read(folder.path()).unwrap());
        let fed = schema("fed", "/x/pond-v2/y", &[]);
        assert_eq!(place(&places, "a.md", &fed).as_deref(), Some("lake/fed"));
        let drained = schema("drained", "/x/pond-v2/y", &[]);
        assert_eq!(
            place(&places, "a.md", &drained).as_deref(),
            Some("pond/drained")
        );
    }

    #[test]
    fn what_could_not_be_a_folder_is_no_service() {
        for name in ["Garden.a_v1", "a-b.c", "1a.b"] {
            assert_eq!(
                place(&Places::default(), "a.md", &schema(name, "", &[])),
                None
            );
        }
    }
}

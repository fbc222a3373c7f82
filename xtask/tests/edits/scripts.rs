//! Edits of pages as the platform makes them, at random places.

use std::collections::BTreeSet;

use super::invented::Page;
use super::random::Random;
use super::raw::{RawPage, RawRow};

/// Names that mean something in Rust, in the library or to cargo, and some that mean nothing.
const HOSTILE: [&str; 20] = [
    "crate",
    "event",
    "webhook",
    "type",
    "self",
    "record",
    "header",
    "option",
    "super",
    "async",
    "std",
    "testing",
    "default",
    "macro_rules",
    "gen",
    "try",
    "routes",
    "vec",
    "core",
    "time",
];
const FIELDS: [&str; 12] = [
    "type", "self", "Self", "crate", "2fa", "a-b", "_x", "fn", "Option", "super", "a.b", "extra",
];

/// An edit: whether it only adds, and whether it could be made.
pub(crate) type Edit = (&'static str, bool, fn(&mut Pages, &mut Random) -> bool);

pub(crate) const EDITS: [Edit; 12] = [
    ("object", true, add_object),
    ("field in some places", true, add_in_some_places),
    ("value", true, add_value),
    ("event", true, |pages, random| {
        add_event(pages, random, "pond")
    }),
    ("service", true, |pages, random| {
        let service = *random.of(&HOSTILE);
        add_event(pages, random, service)
    }),
    ("int and string", false, retype),
    ("title", true, rename_title),
    ("scope", true, add_scope),
    ("hostile fields", true, add_hostile),
    ("field removed", false, remove),
    ("field moved", false, move_inside),
    ("list", false, make_list),
];

/// The pages, and which of them a script has touched.
pub(crate) struct Pages {
    pub(crate) pages: Vec<RawPage>,
    pub(crate) touched: BTreeSet<String>,
}

impl Pages {
    fn any(&mut self, random: &mut Random) -> &mut RawPage {
        let at = random.below(self.pages.len());
        self.touched.insert(self.pages[at].file.clone());
        &mut self.pages[at]
    }
}

fn object(name: &str) -> Vec<RawRow> {
    vec![
        RawRow::new(0, name, &format!("{name}_data")),
        RawRow::new(1, "id", "string"),
        RawRow::new(1, "count", "int"),
    ]
}

fn add_object(pages: &mut Pages, random: &mut Random) -> bool {
    let name = format!("new_{}", random.below(4));
    let page = pages.any(random);
    let Some(at) = page.pick(random, |_| true) else {
        return false;
    };
    if page.rows.iter().any(|row| row.name == name) {
        return false;
    }
    page.add_beside(at, object(&name));
    true
}

fn add_in_some_places(pages: &mut Pages, random: &mut Random) -> bool {
    let types: BTreeSet<String> = pages
        .pages
        .iter()
        .flat_map(|page| {
            page.rows
                .iter()
                .filter(|row| row.level > 0 && row.is_object())
        })
        .map(|row| row.type_name.trim_end_matches("[]").to_owned())
        .filter(|name| name != "event_header")
        .collect();
    let types: Vec<String> = types.into_iter().collect();
    let wanted = random.of(&types).clone();
    let deep = random.below(2) == 0;
    let name = format!("more_{}", random.below(1000));
    let mut done = false;
    for page in &mut pages.pages {
        let place = page
            .rows
            .iter()
            .position(|row| row.level > 0 && row.type_name.trim_end_matches("[]") == wanted);
        let Some(place) = place.filter(|_| random.below(3) > 0) else {
            continue;
        };
        let rows = if deep {
            object(&name)
        } else {
            vec![RawRow::new(0, &name, "string")]
        };
        page.add_inside(place, rows);
        pages.touched.insert(page.file.clone());
        done = true;
    }
    done
}

fn add_value(pages: &mut Pages, random: &mut Random) -> bool {
    let page = pages.any(random);
    let listed = |row: &RawRow| row.more.contains("</md-enum>");
    let Some(at) = page.pick(random, listed) else {
        return false;
    };
    let key = 7000 + random.below(900);
    let item = format!("<md-enum-item key=\"{key}\" >New</md-enum-item>\n</md-enum>");
    page.rows[at].more = page.rows[at].more.replace("</md-enum>", &item);
    true
}

fn add_event(pages: &mut Pages, random: &mut Random, service: &str) -> bool {
    let event: &'static str = format!("{service}.swan.flew{}_v1", random.below(9999)).leak();
    let rows = [
        "1swan:duck_event",
        "2name:string",
        "2kind:string a=A b=B",
        "1option:option",
        "2vec:string[]",
    ];
    let page = Page::new(event, "A swan flew", &rows);
    let file = format!("{event}.md");
    let text = page.text().replace("/pond-v1/", &format!("/{service}-v1/"));
    pages.touched.insert(file.clone());
    pages.pages.push(RawPage::of(&file, &text).unwrap());
    true
}

fn retype(pages: &mut Pages, random: &mut Random) -> bool {
    let page = pages.any(random);
    let Some(at) = page.pick(random, |row| {
        ["int", "string"].contains(&&row.type_name[..])
    }) else {
        return false;
    };
    let other = if page.rows[at].type_name == "int" {
        "string"
    } else {
        "int"
    };
    other.clone_into(&mut page.rows[at].type_name);
    true
}

fn rename_title(pages: &mut Pages, random: &mut Random) -> bool {
    let page = pages.any(random);
    let Some(title) = page.title() else {
        return false;
    };
    page.replace(&title, "Another title");
    true
}

fn add_scope(pages: &mut Pages, random: &mut Random) -> bool {
    let page = pages.any(random);
    let Some(at) = page.pick(random, |row| !row.is_object()) else {
        return false;
    };
    page.rows[at].more += "<md-perm name=\"pond:new:readonly\" desc=\"d\" \
                           support_app_types=\"custom,isv\" tags=\"\">d</md-perm>\n";
    true
}

fn add_hostile(pages: &mut Pages, random: &mut Random) -> bool {
    let name = *random.of(&FIELDS);
    let page = pages.any(random);
    let Some(at) = page.pick(random, |row| row.level == 1) else {
        return false;
    };
    if page.rows.iter().any(|row| row.name == name) {
        return false;
    }
    let kind = *random.of(&["string", "int", "boolean"]);
    page.add_beside(at, vec![RawRow::new(0, name, kind)]);
    true
}

fn remove(pages: &mut Pages, random: &mut Random) -> bool {
    let page = pages.any(random);
    let Some(at) = page.pick(random, |row| row.level > 1 || !row.is_object()) else {
        return false;
    };
    let end = page.end_of(at);
    page.rows.drain(at..end);
    true
}

fn move_inside(pages: &mut Pages, random: &mut Random) -> bool {
    let page = pages.any(random);
    let Some(at) = page.pick(random, |row| !row.is_object()) else {
        return false;
    };
    let row = page.rows.remove(at);
    let Some(into) = page.pick(random, RawRow::is_object) else {
        page.rows.insert(at, row);
        return false;
    };
    page.add_inside(into, vec![RawRow { level: 0, ..row }]);
    true
}

fn make_list(pages: &mut Pages, random: &mut Random) -> bool {
    let page = pages.any(random);
    let Some(at) = page.pick(random, |row| !row.type_name.ends_with("[]")) else {
        return false;
    };
    page.rows[at].type_name += "[]";
    true
}

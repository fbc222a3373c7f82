//! Shared types and their names over several runs of `regen`.
#![allow(clippy::unwrap_used, reason = "a test that fails may do so at once")]

mod edits;
mod project;

use edits::invented::{Page, pond};
use insta::assert_snapshot;
use project::Project;
use xtask::diff::report::Step;

/// A new object gets the documented name if that is free; what was there keeps its own.
#[test]
fn names_stay_and_new_objects_get_one() {
    let project = Project::of(&pond());
    let page = Page::new(
        "pond.swan.hissed_v1",
        "Swan hissed",
        &[
            "1swan:swan_event",
            "2name:string",
            "1by:duck_event",
            "2name:string",
            "2weight:int",
        ],
    );
    project.page(&page);
    let done = project.regen_pages().unwrap().unwrap();
    let names = project.read("project/schemas/overlay/names/pond.json");
    assert_snapshot!(names, @r#"
    {
      "DuckEvent": ["swan.hissed_v1/by"],
      "SwanEvent": ["swan.hissed_v1/swan"]
    }
    "#);
    let renamed = done
        .report
        .items
        .iter()
        .filter(|item| item.renamed_to.is_some());
    assert_eq!(renamed.count(), 0);
    assert!(
        done.text
            .contains("`pond`, event `swan.hissed_v1`: a sentence on what happened")
    );
}

/// Two events share a type, and what is a number in it becomes an object on the page of one.
#[test]
fn an_event_leaves_a_type_that_no_longer_fits_it() {
    let mut pond = pond();
    let project = Project::of(&pond);
    let shared = r#"{
  "Duck": ["duck.landed_v1/duck", "duck.left_v1/duck"]
}
"#;
    project.write("project/schemas/overlay/names/pond.json", shared);
    project.regen().unwrap().unwrap();
    project.commit();
    pond[1].change("weight", &["2weight:object", "3grams:int"]);
    project.page(&pond[1]);
    let done = project.regen_pages().unwrap().unwrap();
    let names = project.read("project/schemas/overlay/names/pond.json");
    assert!(
        names.contains(r#""Duck": ["duck.landed_v1/duck"]"#),
        "{names}"
    );
    assert_snapshot!(edits::short(&done.report), @r"
    step: Major
    pond.duck.left_v1 Changed: Breaking
      RustType Breaking at event.duck: Duck > DuckLeftV1Duck
        rust pond::DuckLeftV1 → duck
        Duck > DuckLeftV1Duck
      RowRetyped Breaking at event.duck.weight: int > object
        rust pond::DuckLeftV1 → duck.weight
        i64 > DuckLeftV1DuckWeight
      RowAdded Addition at event.duck.weight.grams > int
        rust pond::DuckLeftV1 → duck.weight.grams
    pond::DuckLeftV1.duck: Breaking Duck > DuckLeftV1Duck, renamed -
    pond::DuckLeftV1Duck: Addition - > struct, renamed -
    pond::DuckLeftV1DuckWeight: Addition - > struct, renamed -
    ");
    let by_hand = done.text.split_once("## Left to do by hand").unwrap().1;
    assert!(
        by_hand.contains(
            "`schemas/overlay/names/pond.json`: `Duck`: `duck.left_v1/duck` has a type of its own, \
             because its `weight` is not what it is in `duck.landed_v1/duck`"
        ),
        "{by_hand}"
    );
}

/// A type that two events share gets an object inside: the same on both pages, or on one of them.
#[test]
fn an_object_inside_a_shared_type_is_an_addition() {
    let shared = r#"{
  "Duck": ["duck.landed_v1/duck", "duck.left_v1/duck"]
}
"#;
    for changed in [0..2, 0..1, 1..2] {
        let mut pond = pond();
        let project = Project::of(&pond);
        project.write("project/schemas/overlay/names/pond.json", shared);
        project.regen().unwrap().unwrap();
        project.commit();
        for page in &mut pond[changed.clone()] {
            let rows = [
                "2weight:int",
                "2nest:nest_event",
                "3eggs:int",
                "3by:object",
                "4name:string",
            ];
            page.change("weight", &rows);
            project.page(page);
        }
        let done = project.regen_pages().unwrap().unwrap();
        assert_eq!(done.report.step, Step::Minor, "{}", done.text);
        let names = project.read("project/schemas/overlay/names/pond.json");
        let lines: Vec<&str> = names
            .lines()
            .filter(|line| line.contains("NestEvent"))
            .collect();
        assert_eq!(lines.len(), 1, "{names}");
        assert_eq!(
            lines[0].matches("duck/nest").count(),
            changed.len(),
            "{names}"
        );
        let code = project.read("project/feishu-events/src/generated/services/pond.rs");
        assert!(
            code.contains("pub nest: ::core::option::Option<NestEvent>"),
            "{code}"
        );
        assert_eq!(code.matches("pub eggs: ").count(), 1, "{code}");
    }
}

/// An enum of the overlay goes by a field's bare name, and another page begins to list values of a
/// field of that name: what the documentation adds breaks no code.
#[test]
fn a_field_whose_values_are_listed_later_keeps_its_type() {
    let mut pond = pond();
    pond[2].change("volume", &["1kind:string"]);
    let project = Project::of(&pond);
    let docs = r#"{
  "service": "Ducks.",
  "events": {},
  "enums": {
    "Kind": { "doc": "A kind.", "at": ["kind"], "values": { "mallard": ["Mallard", "A mallard."] } }
  }
}
"#;
    project.write("project/schemas/overlay/docs/pond.json", docs);
    project.regen().unwrap().unwrap();
    project.commit();

    pond[2].change("kind", &["1kind:string mallard=Mallard teal=Teal"]);
    project.page(&pond[2]);
    let done = project.regen_pages().unwrap().unwrap();
    assert!(done.report.step < Step::Major, "{}", done.text);
    let list = "project/schemas/overlay/scalars.json";
    assert_snapshot!(project.read(list), @r#"
    {
      "pond": [
        "FrogCroakedV1.kind"
      ]
    }
    "#);
    assert!(
        done.by_hand
            .contains("`FrogCroakedV1.kind` of `pond` keeps its type"),
        "{}",
        done.by_hand
    );
    let types = "project/feishu-events/src/generated/services/pond.rs";
    assert_eq!(
        project
            .read(types)
            .matches("kind: ::core::option::Option<::std::string::String>")
            .count(),
        1
    );

    // The next run changes nothing; without the entry, somebody has chosen the enum.
    project.commit();
    project.regen_pages().unwrap().unwrap();
    assert_eq!(project.changed(), Vec::<String>::new());
    std::fs::remove_file(project.path(list)).unwrap();
    project.regen().unwrap().unwrap();
    assert_eq!(
        project
            .read(types)
            .matches("kind: ::core::option::Option<::std::string::String>")
            .count(),
        0
    );
}

/// The ids of a user get a member more on one page: the library's type for them stays.
#[test]
fn ids_of_a_user_stay_so_when_their_page_adds_a_member() {
    let ids = [
        "1by:user_id",
        "2open_id:string",
        "2union_id:string",
        "2user_id:string",
    ];
    let mut pond = pond();
    pond[2].change("volume", &ids);
    let project = Project::of(&pond);
    pond[2].change("open_id", &["2nickname:string", "2open_id:string"]);
    project.page(&pond[2]);
    let done = project.regen_pages().unwrap().unwrap();
    assert!(done.report.step < Step::Major, "{}", done.text);
    let names = project.read("project/schemas/overlay/names/pond.json");
    assert_snapshot!(names, @r#"
    {
      "UserId": ["frog.croaked_v1/by"]
    }
    "#);
}

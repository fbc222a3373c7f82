//! Files are written once, compared by line, and removed when they are no longer generated.

#![allow(clippy::unwrap_used, reason = "a test that fails may do so at once")]

use std::fs;

use feishu_events_gen::internals::output::{Output, write_if_changed};

fn output(files: &[(&str, &str)]) -> Output {
    let mut output = Output::default();
    output.own_folder("made");
    for (path, text) in files {
        output.insert(path, (*text).to_owned());
    }
    output
}

fn listed(stale: &[feishu_events_gen::internals::output::Stale]) -> Vec<String> {
    stale.iter().map(ToString::to_string).collect()
}

#[test]
fn a_file_is_replaced_as_a_whole_and_its_neighbours_stay() {
    let folder = tempfile::tempdir().unwrap();
    let (file, neighbour) = (
        folder.path().join("a/b.toml"),
        folder.path().join("a/b.new"),
    );
    assert!(write_if_changed(&file, "one").unwrap(), "with its folder");
    fs::write(&neighbour, "not ours").unwrap();
    let written = fs::metadata(&file).unwrap().modified().unwrap();
    assert!(!write_if_changed(&file, "one").unwrap());
    assert_eq!(fs::metadata(&file).unwrap().modified().unwrap(), written);
    assert!(write_if_changed(&file, "two").unwrap());
    assert_eq!(fs::read_to_string(&file).unwrap(), "two");
    assert_eq!(fs::read_to_string(&neighbour).unwrap(), "not ours");
    assert_eq!(fs::read_dir(folder.path().join("a")).unwrap().count(), 2);
}

#[test]
fn nothing_is_left_beside_a_file_that_cannot_be_written() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.json");
    fs::create_dir(&file).unwrap();
    assert!(write_if_changed(&file, "one").is_err());
    let left = fs::read_dir(folder.path()).unwrap();
    let left: Vec<_> = left.map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, ["a.json"]);
}

#[test]
fn a_stale_tree_is_named_and_mended() {
    let root = tempfile::tempdir().unwrap();
    fs::create_dir_all(root.path().join("made/deep")).unwrap();
    fs::write(root.path().join("made/deep/gone.rs"), "").unwrap();
    fs::write(root.path().join("made/edited.rs"), "one\nTWO\n").unwrap();
    fs::write(root.path().join("made/short.rs"), "one\n").unwrap();
    fs::write(root.path().join("other.rs"), "not ours").unwrap();

    let output = output(&[
        ("made/edited.rs", "one\ntwo\n"),
        ("made/new.rs", "new\n"),
        ("made/short.rs", "one\ntwo\n"),
    ]);
    let expected = [
        "made/deep/gone.rs: no longer generated",
        "made/edited.rs:2: stale\n  is:        TWO\n  should be: two",
        "made/new.rs: missing",
        "made/short.rs:2: stale\n  is:        (end of file)\n  should be: two",
    ];
    assert_eq!(listed(&output.compare(root.path()).unwrap()), expected);
    assert_eq!(listed(&output.write(root.path()).unwrap()), expected);
    assert!(output.compare(root.path()).unwrap().is_empty());
    assert!(output.write(root.path()).unwrap().is_empty());
    assert!(!root.path().join("made/deep/gone.rs").exists());
    assert_eq!(
        fs::read_to_string(root.path().join("other.rs")).unwrap(),
        "not ours"
    );
}

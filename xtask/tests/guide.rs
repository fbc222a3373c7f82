//! The commands that guide, README and notes for contributors name are commands, with options that
//! they have.

#![allow(clippy::unwrap_used, reason = "a test that fails may do so at once")]

use std::fs;
use std::path::{Path, PathBuf};

use clap::{CommandFactory, Parser};
use xtask::cli::Cli;

/// The commands that are programs of their own and parse their options themselves.
const PROGRAMS: [&str; 2] = ["fetch", "send"];

fn texts() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut texts = vec![root.join("README.md"), root.join("CONTRIBUTING.md")];
    for folder in ["feishu-events/docs", "feishu-events/examples"] {
        let entries = fs::read_dir(root.join(folder)).unwrap();
        let files = entries.map(|entry| entry.unwrap().path());
        texts.extend(files.filter(|path| path.is_file()));
    }
    texts
}

/// The commands in a text, without what a shell takes for itself.
fn commands(text: &str) -> Vec<Vec<String>> {
    let text = text.replace("\\\n//!", " ").replace("\\\n", " ");
    let after = text.split("cargo xtask ").skip(1);
    let commands = after.map(|rest| {
        let command = rest
            .split(['\n', '`', ';', '|', '#'])
            .next()
            .unwrap_or_default();
        let mut words = vec!["xtask".to_owned()];
        // `<last tag>` is one argument.
        let mut inside = false;
        let command = command.chars().map(|c| {
            inside = (inside || c == '<') && c != '>';
            if inside && c == ' ' { '-' } else { c }
        });
        let command: String = command.collect();
        words.extend(command.split_whitespace().map(str::to_owned));
        words
    });
    commands.filter(|words| words.len() > 1).collect()
}

#[test]
fn each_command_that_is_named_is_one() {
    let known = Cli::command();
    let mut found = 0;
    for path in texts() {
        for words in commands(&fs::read_to_string(&path).unwrap()) {
            // In prose, words follow that are not arguments: `cargo xtask …` alone.
            let name = words[1].trim_end_matches([',', '.', ':', ')']);
            if name == "…" {
                continue;
            }
            let place = path.display();
            assert!(
                known.find_subcommand(name).is_some(),
                "{place}: there is no `cargo xtask {name}`"
            );
            found += 1;
            if PROGRAMS.contains(&name) {
                assert_options(name, &words, &path);
                continue;
            }
            let parsed = Cli::try_parse_from(&words);
            if let Err(error) = parsed {
                let kind = error.kind();
                // A command that is only named lacks what it needs.
                let named = kind == clap::error::ErrorKind::MissingRequiredArgument
                    && words.len() == 2
                    || kind == clap::error::ErrorKind::DisplayHelp;
                assert!(named, "{place}: {words:?}: {error}");
            }
        }
    }
    assert!(found > 10, "where are the commands?");
}

/// Asserts that the options are among the fields that the program's command line is read into.
fn assert_options(name: &str, words: &[String], path: &Path) {
    let folder = match name {
        // `cargo xtask send` is a command of this program.
        "send" => "../feishu-events/cli/src/send".to_owned(),
        name => format!("{name}/src"),
    };
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let sources = fs::read_dir(folder).unwrap();
    let sources = sources.map(|entry| fs::read_to_string(entry.unwrap().path()).unwrap());
    let sources: String = sources.collect();
    for word in words {
        if let Some(option) = word.strip_prefix("--").filter(|option| *option != "help") {
            let field = format!("{}:", option.replace('-', "_"));
            let place = path.display();
            assert!(
                sources.contains(&field),
                "{place}: `cargo xtask {name}` has no option {word}"
            );
        }
    }
}

/// Where the files of the project are for those who read the README on a page of a registry.
const FILES: &str = "https://github.com/feishu-events/feishu-events/blob/main/";
/// Where the guide is, page by page.
const GUIDE: &str = "https://docs.rs/feishu-events/latest/feishu_events/guide/";

/// A link to a file of the project that is not there helps nobody.
#[test]
fn each_link_to_a_file_leads_somewhere() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut found = 0;
    for name in ["README.md", "CONTRIBUTING.md"] {
        let text = fs::read_to_string(root.join(name)).unwrap();
        let links = text.split("](").skip(1);
        for link in links.filter_map(|rest| rest.split([')', '#']).next()) {
            let file = if let Some(page) = link.strip_prefix(GUIDE) {
                match page.trim_end_matches('/') {
                    "" => "feishu-events/docs".to_owned(),
                    page => format!("feishu-events/docs/{page}.md"),
                }
            } else if let Some(file) = link.strip_prefix(FILES) {
                file.to_owned()
            } else if link.is_empty() || link.contains("://") {
                continue;
            } else {
                // The README is shown where its neighbours are not.
                assert_ne!(
                    name, "README.md",
                    "{link} leads nowhere on a registry's page"
                );
                link.to_owned()
            };
            found += 1;
            assert!(root.join(&file).exists(), "{name}: {file}");
        }
    }
    assert!(found > 5, "{found} links");
}

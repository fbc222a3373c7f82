//! The command as people call it: exit codes, and what goes where.

#![allow(clippy::unwrap_used, reason = "a test that fails may do so at once")]

use std::path::Path;
use std::process::{Command, Output};

fn xtask(arguments: &[&str], folder: &Path) -> Output {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    for argument in arguments {
        if argument.contains('/') {
            command.arg(fixtures.join(argument));
        } else {
            command.arg(argument);
        }
    }
    command.current_dir(folder).output().unwrap()
}

#[test]
fn exit_codes_tell_how_it_went() {
    let folder = tempfile::tempdir().unwrap();
    for (arguments, code, message) in [
        (&["scrape", "."][..], 1, "no pages in `.`"),
        (&["scrape", "pages/meadow/grazed.md"], 0, "events: 1\n"),
        (&["scrape", "broken/cut_table.md"], 1, "unclosed-table"),
        (&["scrape", "pages/missing.md"], 1, "cannot read"),
        (&["scrape"], 2, "Usage:"),
        (&["scrub"], 2, "Usage:"),
        (&[], 2, "Usage:"),
    ] {
        let output = xtask(arguments, folder.path());
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {stderr}");
        assert!(stderr.contains(message), "{arguments:?}: {stderr}");
        assert!(output.stdout.is_empty(), "{arguments:?}");
    }
    assert!(
        folder
            .path()
            .join("schemas/meadow/cow.grazed_v1.json")
            .is_file()
    );
}

#[test]
fn the_help_tells_the_exit_codes() {
    let folder = tempfile::tempdir().unwrap();
    let output = xtask(&["--help"], folder.path());
    let help = String::from_utf8(output.stdout).unwrap();
    let codes = help.split_once("Exit codes: ").unwrap().1;
    for code in ["0 success", "1 a problem with the input", "2 wrong usage"] {
        assert!(codes.contains(code), "{help}");
    }
    assert!(
        help.contains("\n  bench  ") && !help.contains("bench-build"),
        "{help}"
    );
}

/// A workflow that runs weekly is not seen to be wrong before a week has passed.
#[test]
fn the_workflow_calls_commands_that_there_are() {
    use clap::Parser;
    use xtask::cli::{Cli, Command as Parsed};

    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../.github/workflows/regen.yml");
    let text = std::fs::read_to_string(file).unwrap();
    let calls = text
        .lines()
        .filter_map(|line| line.trim().strip_prefix("cargo xtask "));
    let parsed = calls.map(|call| {
        let words = call.split_whitespace();
        let words = words.take_while(|word| !word.starts_with("2>") && *word != "|");
        let words = words.map(|word| {
            if word == "$LOSS" {
                "--allow-loss"
            } else {
                word
            }
        });
        Cli::try_parse_from(std::iter::once("cargo xtask").chain(words)).unwrap()
    });
    let parsed: Vec<Parsed> = parsed.map(|cli| cli.command).collect();
    let [Parsed::Regen(regen), Parsed::Generate(generate)] = &parsed[..] else {
        panic!("{parsed:?}");
    };
    assert!(regen.fetch && regen.allow_loss && regen.report.is_some());
    assert!(generate.check);
}

/// Who only wants samples for the benchmarks does not want other schemas.
#[test]
fn a_command_that_makes_samples_leaves_the_schemas_alone() {
    use clap::{CommandFactory, Parser};
    use xtask::cli::{Cli, Command as Parsed};

    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let text = |file: &str| std::fs::read_to_string(root.join(file)).unwrap();
    let mut cli = Cli::command();
    let bench = cli.find_subcommand_mut("bench").unwrap();
    // It is wrapped where another package of the build asks clap for that.
    let help = bench.render_long_help().to_string().replace('\n', " ");
    let texts = [
        ("help", help),
        ("CONTRIBUTING", text("CONTRIBUTING.md")),
        ("samples", text("feishu-events/benches/src/samples.rs")),
    ];
    let placeholder = regex::Regex::new("<[^<>]*>").unwrap();
    for (place, text) in texts {
        let text = placeholder.replace_all(&text, "FILE").replace("\\\n", " ");
        let calls = text.split("cargo xtask scrape ").skip(1);
        let calls = calls.map(|call| call.split(['`', '\n']).next().unwrap());
        let calls: Vec<&str> = calls.filter(|call| call.contains("--samples")).collect();
        assert_eq!(calls.len(), 1, "{place}");
        let line = format!("xtask scrape {}", calls[0]);
        let cli = Cli::try_parse_from(line.split_whitespace()).unwrap();
        let Parsed::Scrape(scrape) = cli.command else {
            panic!("{place}: it is scrape");
        };
        assert_eq!(scrape.out, Path::new("target/schemas"), "{place}");
    }
}

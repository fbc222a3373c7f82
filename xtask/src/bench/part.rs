//! The parts of the benchmarks.

use std::path::Path;

use clap::ValueEnum;
use miette::Result;
use serde::{Deserialize, Serialize};

use super::program::{Program, Report};
use super::{build, sdks, tools};

/// A part, which can be measured alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Part {
    /// Reading and routing, against `serde_json::Value`, the payload alone, and serde's derives
    Decode,
    /// Reading and routing, against other crates and the official SDKs
    Peers,
    /// Instructions and allocations of an event, counted by valgrind
    Instructions,
    /// A delivery, against the sum of its parts, and as things grow
    Delivery,
    /// Requests per second, against a server that does nothing
    Webhook,
    /// Events per second over a long connection, against the official SDKs
    LongConnection,
    /// Events kept in each store of the inbox, against deliveries that keep nothing
    Inbox,
    /// Time of clean builds and size of programs
    Build,
    /// Time of `scrape` and `generate`
    Tools,
}

impl Part {
    /// The parts in `only`; all parts if it is empty.
    pub(super) fn chosen(only: &[Self]) -> Vec<Self> {
        let all = Self::value_variants().iter().copied();
        all.filter(|part| only.is_empty() || only.contains(part))
            .collect()
    }

    /// Its name for `--only`.
    pub(super) fn name(self) -> String {
        let value = self.to_possible_value();
        value.map_or_else(String::new, |value| value.get_name().to_owned())
    }

    /// Its title in the table.
    pub(super) fn title(self) -> &'static str {
        match self {
            Self::Decode => "Reading and routing",
            Self::Peers => "Reading and routing beside other crates and SDKs",
            Self::Instructions => "Instructions and allocations",
            Self::Delivery => "Deliveries",
            Self::Webhook => "Webhook requests",
            Self::LongConnection => "Long connections",
            Self::Inbox => "The inbox",
            Self::Build => "Clean builds",
            Self::Tools => "Scrape and generate",
        }
    }

    /// Measures it in the project at `root`, with the documentation in `docs`.
    ///
    /// # Errors
    /// A program that can't be built or fails.
    pub(super) fn measure(self, root: &Path, docs: Option<&Path>) -> Result<Report> {
        let mut report = match self {
            Self::Build => build::measure(root)?,
            Self::Tools => tools::measure(root, docs)?,
            _ => Report::default(),
        };
        for program in self.programs(root, docs) {
            report.add(program.run()?);
        }
        Ok(report)
    }

    /// The programs that measure it; none for parts that are measured in this crate.
    fn programs(self, root: &Path, docs: Option<&Path>) -> Vec<Program> {
        let programs = match self {
            Self::Decode => vec![
                Program::bench(root, "dispatch"),
                Program::bench(root, "decoding"),
            ],
            Self::Peers => vec![Program::peers(root).envs(sdks::environment(root))],
            Self::Instructions => vec![Program::bench(root, "instructions")],
            Self::Delivery => vec![
                Program::bench(root, "delivery"),
                Program::bench(root, "growth"),
            ],
            Self::Webhook => vec![Program::load(root, "speed")],
            Self::LongConnection => {
                vec![Program::load(root, "stream").envs(sdks::environment(root))]
            }
            Self::Inbox => vec![
                Program::inbox(root, "speed"),
                Program::inbox(root, "growth"),
            ],
            Self::Build | Self::Tools => Vec::new(),
        };
        let programs = programs.into_iter();
        programs.map(|program| program.docs(docs)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::docs_in;

    /// Cargo runs benchmarks in the folder of their package, and programs in that of the user.
    #[test]
    fn every_program_finds_the_documentation() {
        let docs = docs_in(Some("target/pages".into())).unwrap().unwrap();
        assert!(docs.is_absolute() && docs.ends_with("target/pages"));
        assert!(docs.starts_with(std::env::current_dir().unwrap()));
        let parts = Part::value_variants().iter();
        let programs: Vec<Program> = parts
            .flat_map(|part| part.programs(Path::new("."), Some(&docs)))
            .collect();
        assert_eq!(programs.len(), 10);
        for program in programs {
            assert_eq!(program.variable("FEISHU_DOCS"), Some(docs.as_os_str()));
        }
        for none in [None, Some("".into())] {
            assert_eq!(docs_in(none).unwrap(), None);
        }
    }
}

//! What is measured, part by part.

use std::path::Path;

use clap::ValueEnum;
use miette::Result;

use super::program::{Program, Report};
use super::{build, sdks, tools};

/// A part that can be measured alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub(super) enum Part {
    /// Reading and routing, against `serde_json::Value`, the payload alone, and serde's derives
    Decode,
    /// Reading and routing, against other crates and the official SDKs
    Peers,
    /// A delivery, against the sum of its parts
    Delivery,
    /// Requests a second, against a server that does nothing
    Webhook,
    /// Events a second over a long connection, against the official SDKs
    LongConnection,
    /// Time of clean builds and size of programs
    Build,
    /// Time of `scrape` and `generate`
    Tools,
}

impl Part {
    /// Those that are asked for; all, if none is.
    pub(super) fn chosen(only: &[Self]) -> Vec<Self> {
        let all = Self::value_variants().iter().copied();
        all.filter(|part| only.is_empty() || only.contains(part))
            .collect()
    }

    /// What `--only` calls it.
    pub(super) fn name(self) -> String {
        let value = self.to_possible_value();
        value.map_or_else(String::new, |value| value.get_name().to_owned())
    }

    /// What people call it.
    pub(super) fn title(self) -> &'static str {
        match self {
            Self::Decode => "Reading and routing",
            Self::Peers => "Reading and routing beside other crates and SDKs",
            Self::Delivery => "Deliveries",
            Self::Webhook => "Webhook requests",
            Self::LongConnection => "Long connections",
            Self::Build => "Clean builds",
            Self::Tools => "Scrape and generate",
        }
    }

    /// Measures it in the project at `root`.
    ///
    /// # Errors
    /// A program that can't be built or fails.
    pub(super) fn measure(self, root: &Path) -> Result<Report> {
        let programs = match self {
            Self::Decode => vec![
                Program::bench(root, "feishu-events-measure", "dispatch"),
                Program::bench(root, "feishu-events-derived", "decoding"),
            ],
            Self::Peers => vec![Program::peers(root).envs(sdks::environment(root))],
            Self::Delivery => vec![Program::bench(root, "feishu-events-measure", "delivery")],
            Self::Webhook => vec![Program::measure(root, "speed")],
            Self::LongConnection => {
                vec![Program::measure(root, "stream").envs(sdks::environment(root))]
            }
            Self::Build => return build::measure(root),
            Self::Tools => return tools::measure(root),
        };
        let mut report = Report::default();
        for program in programs {
            report.add(program.run()?);
        }
        Ok(report)
    }
}

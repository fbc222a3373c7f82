//! The commands and their help.

use clap::{Parser, Subcommand};

use crate::bench::BenchArgs;
use crate::bench_build::BenchBuildArgs;
use crate::diff::DiffArgs;
use crate::generate::GenerateArgs;
use crate::names::NamesArgs;
use crate::programs::run::ProgramArgs;
use crate::regen::RegenArgs;
use crate::scrape::ScrapeArgs;
use crate::tidy::TidyArgs;

/// The project's own commands.
#[derive(Debug, Parser)]
#[command(
    name = "cargo xtask",
    bin_name = "cargo xtask",
    after_help = "Exit codes: 0 fine, 1 something is wrong with the input or not as it should be, \
                  2 wrong usage"
)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Fetches the portal's documentation pages into a folder
    #[command(disable_help_flag = true)]
    Fetch(ProgramArgs),
    /// Reads documentation pages into schemas
    Scrape(ScrapeArgs),
    /// Generates Rust from the schemas
    Generate(GenerateArgs),
    /// Does all that a change of the documentation asks for, and says what it means
    Regen(RegenArgs),
    /// Says what two sets of schemas say differently, and what that means for users of the types
    Diff(DiffArgs),
    /// Sends an event to a URL as the platform would
    #[command(disable_help_flag = true)]
    Send(ProgramArgs),
    /// Names new types in schemas/overlay/names, where the documentation's own name is free
    Names(NamesArgs),
    /// Checks the rules of the house: circles of imports, the map of ARCHITECTURE.md, lengths, words
    Tidy(TidyArgs),
    /// Measures everything that we claim, beside what it is compared with, and prints a table
    ///
    /// Most of it needs the documentation, in the folder that the variable `FEISHU_DOCS` names:
    /// `2026-03/` with the pages, as `cargo xtask fetch` gets them, and `samples.jsonl`, which
    /// `cargo xtask scrape "$FEISHU_DOCS/2026-03" --out target/schemas --samples
    /// "$FEISHU_DOCS/samples.jsonl"` makes of them. What can't be measured is named, and skipped.
    Bench(BenchArgs),
    /// Measures what the types, one service and handlers cost to build: more than the table of
    /// `bench` shows, for who works on that
    #[command(hide = true)]
    BenchBuild(BenchBuildArgs),
}

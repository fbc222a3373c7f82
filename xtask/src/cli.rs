//! The commands and their help.

use clap::{Parser, Subcommand};

use crate::bench::BenchArgs;
use crate::bench_build::BenchBuildArgs;
use crate::catalogue::CatalogueArgs;
use crate::diff::DiffArgs;
use crate::export::ExportArgs;
use crate::generate::GenerateArgs;
use crate::learn::LearnArgs;
use crate::names::NamesArgs;
use crate::programs::run::ProgramArgs;
use crate::regen::RegenArgs;
use crate::scrape::ScrapeArgs;
use crate::tidy::TidyArgs;

/// The commands of the feishu-events project.
#[derive(Debug, Parser)]
#[command(
    name = "cargo xtask",
    bin_name = "cargo xtask",
    after_help = "Exit codes: 0 success, 1 a problem with the input or a failed check, 2 wrong usage"
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
    /// Updates schemas, types and changelog from the documentation, and reports what changed
    Regen(RegenArgs),
    /// Compares two sets of schemas, and reports what the difference means for users of the types
    Diff(DiffArgs),
    /// Writes the schemas as JSON Schema, OpenAPI, AsyncAPI and a mapping to CloudEvents
    Export(ExportArgs),
    /// Writes a static site of all events: search, fields, samples, scopes, and what changed
    Catalogue(CatalogueArgs),
    /// Sends an event to a URL as the platform would
    #[command(disable_help_flag = true)]
    Send(ProgramArgs),
    /// Names new types in schemas/overlay/names after the documentation, where that name is free
    Names(NamesArgs),
    /// Checks the rules of the code: import cycles, the map of ARCHITECTURE.md, file lengths, wording
    Tidy(TidyArgs),
    /// Proposes for schemas/overlay what running apps counted, as a diff with the counts as reasons
    Learn(LearnArgs),
    /// Runs the benchmarks behind BENCHMARKS.md, and prints their results as a table
    ///
    /// Most of it needs the documentation, in the folder that the variable `FEISHU_DOCS` names:
    /// `2026-03/` with the pages, as `cargo xtask fetch` gets them, and `samples.jsonl`, made from them by
    /// `cargo xtask scrape "$FEISHU_DOCS/2026-03" --out target/schemas --samples "$FEISHU_DOCS/samples.jsonl"`.
    ///
    /// Parts that can't be measured here are named and skipped.
    Bench(BenchArgs),
    /// Measures what the types, one service and handlers cost to build, in more detail than
    /// `bench`
    #[command(hide = true)]
    BenchBuild(BenchBuildArgs),
}

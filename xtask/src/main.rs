//! Parses the command line, runs the command, returns its exit code.

use std::process::ExitCode;

use clap::Parser;
use xtask::cli::{Cli, Command};

/// The exit codes are those that the help names.
fn main() -> ExitCode {
    let result = match Cli::parse().command {
        Command::Fetch(args) => xtask::programs::fetch::run(&args),
        Command::Scrape(args) => xtask::scrape::run(&args).map(code),
        Command::Generate(args) => xtask::generate::run(&args).map(code),
        Command::Regen(args) => xtask::regen::run(&args).map(code),
        Command::Diff(args) => xtask::diff::run(&args).map(code),
        Command::Export(args) => {
            xtask::export::run(&args, &xtask::generate::project_root()).map(code)
        }
        Command::Catalogue(args) => {
            xtask::catalogue::run(&args, &xtask::generate::project_root()).map(code)
        }
        Command::Send(args) => xtask::programs::send::run(&args),
        Command::Bench(args) => xtask::bench::run(&args).map(code),
        Command::BenchBuild(args) => xtask::bench_build::run(&args).map(code),
        Command::Tidy(args) => xtask::tidy::run(&args).map(code),
        Command::Learn(args) => xtask::learn::run(&args).map(code),
        Command::Names(args) => xtask::names::run(&args).map(code),
    };
    result.unwrap_or_else(|error| {
        eprintln!("{error:?}");
        ExitCode::FAILURE
    })
}

fn code(fine: bool) -> ExitCode {
    if fine {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

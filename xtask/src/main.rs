//! Parses the command line, runs the command, gives its exit code.

use std::process::ExitCode;

use clap::Parser;
use xtask::cli::{Cli, Command};

/// Exit codes: 0 fine, 1 something is wrong with the input, 2 wrong usage.
fn main() -> ExitCode {
    let result = match Cli::parse().command {
        Command::Fetch(args) => xtask::fetch::run(&args),
        Command::Scrape(args) => xtask::scrape::run(&args),
        Command::Generate(args) => xtask::generate::run(&args),
        Command::Regen(args) => xtask::regen::run(&args),
        Command::Diff(args) => xtask::diff::run(&args),
        Command::Send(args) => xtask::send::run(&args),
        Command::Bench(args) => xtask::bench::run(&args),
        Command::BenchBuild(args) => xtask::bench_build::run(&args),
        Command::Names(args) => xtask::names::run(&args),
    };
    match result {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("{error:?}");
            ExitCode::FAILURE
        }
    }
}

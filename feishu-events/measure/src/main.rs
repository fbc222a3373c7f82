//! How the webhook does under load and under attack.
//!
//! ```text
//! cargo run --release -p feishu-events-measure -- storm
//! cargo run --release -p feishu-events-measure -- speed
//! cargo run --release -p feishu-events-measure -- fuzz request --minutes 10
//! cargo run --release -p feishu-events-measure -- memory
//! ```

#![allow(clippy::print_stdout, clippy::unwrap_used)] // measurements report, and may stop

use clap::{Parser, Subcommand};

mod client;
mod events;
mod fuzz;
mod memory;
mod process;
mod server;
mod speed;
mod storm;

/// How the webhook does under load and under attack
#[derive(Parser)]
struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Sends events to a server whose handlers fail, panic and sleep: is each handled once?
    Storm(storm::StormArgs),
    /// Compares requests a second with a server that does nothing
    Speed(speed::SpeedArgs),
    /// Mangles bytes for some minutes: does anything panic, hang or grow?
    Fuzz(fuzz::FuzzArgs),
    /// What the memory of handled events takes
    Memory,
    /// The server of `storm` and `speed`
    #[command(hide = true)]
    Serve(server::ServeArgs),
}

fn main() {
    match Args::parse().command {
        Command::Storm(args) => storm::run(&args),
        Command::Speed(args) => speed::run(&args),
        Command::Fuzz(args) => fuzz::run(&args),
        Command::Memory => memory::run(),
        Command::Serve(args) => server::run(&args),
    }
}

//! How the receivers do under load and under attack.
//!
//! ```text
//! cargo bench -p feishu-events-benches --bench load -- storm
//! cargo bench -p feishu-events-benches --bench load -- speed
//! cargo bench -p feishu-events-benches --bench load -- memory
//! cargo bench -p feishu-events-benches --bench load -- chaos
//! cargo bench -p feishu-events-benches --bench load -- soak
//! taskset -c 0 cargo bench -p feishu-events-benches --bench load -- stream
//! ```

#![allow(clippy::print_stdout, clippy::unwrap_used)] // measurements report, and may stop

use clap::{Parser, Subcommand};

mod chaos;
mod client;
mod events;
#[path = "../benches/shared/floor.rs"]
mod floor;
mod listen;
mod memory;
mod process;
mod server;
mod soak;
mod speed;
mod storm;
mod stream;

/// How the receivers do under load and under attack
#[derive(Parser)]
struct Args {
    /// Given by `cargo bench`
    #[arg(long, hide = true, global = true)]
    bench: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Sends events to a server whose handlers fail, panic and sleep: is each handled once?
    Storm(storm::StormArgs),
    /// Compares requests a second with servers that do less
    Speed(speed::SpeedArgs),
    /// What the memory of handled events takes
    Memory,
    /// Breaks a long connection again and again: is each event handled once?
    Chaos(chaos::ChaosArgs),
    /// Both receivers under everything at once for long: is every event accounted for, is memory flat?
    Soak(soak::SoakArgs),
    /// The receivers of `soak`
    #[command(hide = true)]
    Receive(soak::receivers::ReceiveArgs),
    /// Compares events a second over a long connection with the official clients
    Stream(stream::StreamArgs),
    /// The client of `stream`
    #[command(hide = true)]
    Listen(listen::ListenArgs),
    /// The server of `storm` and `speed`
    #[command(hide = true)]
    Serve(server::ServeArgs),
}

fn main() {
    match Args::parse().command {
        Command::Storm(args) => storm::run(&args),
        Command::Speed(args) => speed::run(&args),
        Command::Memory => memory::run(),
        Command::Chaos(args) => chaos::run(&args),
        Command::Soak(args) => soak::run(&args),
        Command::Receive(args) => soak::receivers::run(&args),
        Command::Stream(args) => stream::run(&args),
        Command::Listen(args) => listen::run(&args),
        Command::Serve(args) => server::run(&args),
    }
}

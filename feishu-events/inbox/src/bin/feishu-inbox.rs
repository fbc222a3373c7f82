//! `feishu-inbox`: what an operator sees and does.

use std::io::Write as _;
use std::process::ExitCode;

use clap::Parser;
use feishu_events_inbox::OperatorArgs;

/// Shows and manages the events that an inbox of feishu-events keeps
#[derive(Parser)]
#[command(name = "feishu-inbox", version, arg_required_else_help = true)]
struct Cli {
    #[command(flatten)]
    operator: OperatorArgs,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match Cli::parse().operator.run().await {
        Ok(code) => code,
        Err(error) => {
            drop(writeln!(std::io::stderr(), "error: {error}"));
            ExitCode::from(2)
        }
    }
}

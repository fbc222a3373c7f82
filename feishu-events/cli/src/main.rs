//! `feishu-events`: the events of a Feishu (Lark) app on the command line.

use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{CommandFactory as _, Parser as _};
use tracing_subscriber::EnvFilter;

mod args;
mod credentials;
mod describe;
mod event_table;
mod nearest;
mod notice;
mod others;
mod problem;
mod processes;
mod receive;
mod send;
mod serve;
mod shell;
mod sink;
mod tail;

use args::{Cli, Command};
use problem::{Code, Problem};

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return wrong_usage(&error),
    };
    if cli.json {
        notice::use_json();
    }
    log(cli.verbose);
    match run(cli.command) {
        Ok(code) => code,
        Err(problem) => {
            let code = problem.code.exit();
            notice::problem(problem);
            code
        }
    }
}

fn run(command: Command) -> problem::Result<ExitCode> {
    match command {
        Command::Tail(args) => in_runtime(tail::run(*args))?,
        Command::Serve(args) => in_runtime(serve::run(*args))?,
        Command::Send(args) => {
            let is_good = send::run(&args)?;
            return Ok(if is_good {
                ExitCode::SUCCESS
            } else {
                Code::Failure.exit()
            });
        }
        Command::Schema(args) => describe::schema::run(&args)?,
        Command::Scopes(args) => describe::scopes::run(&args)?,
        Command::Explain(args) => describe::explain::run(&args)?,
        Command::Inbox(args) => {
            return in_runtime(async { args.run().await.map_err(Problem::failure) });
        }
        Command::Completions(args) => shell::completions(&args, Cli::command())?,
        Command::Man(args) => shell::man(&args, Cli::command())?,
    }
    Ok(ExitCode::SUCCESS)
}

fn in_runtime<T>(work: impl Future<Output = problem::Result<T>>) -> problem::Result<T> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(Problem::failure)?;
    let outcome = runtime.block_on(work);
    // What still blocks, for example a write to an output that nobody reads, is not waited for.
    runtime.shutdown_background();
    outcome
}

/// Shows help and mistakes as clap does, unless JSON is asked for.
fn wrong_usage(error: &clap::Error) -> ExitCode {
    let is_help = matches!(
        error.kind(),
        ErrorKind::DisplayHelp
            | ErrorKind::DisplayVersion
            | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand
    );
    if !is_help && std::env::args_os().any(|argument| argument == "--json") {
        notice::use_json();
        let text = error.to_string();
        let text = text.strip_prefix("error: ").unwrap_or(&text);
        notice::problem(Problem::usage(text.trim_end()));
    } else {
        // If it cannot be written, there is nobody to read it.
        drop(error.print());
    }
    ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(Code::Usage as u8))
}

/// Logs what the library does, if it is asked for.
fn log(verbose: u8) {
    let level = match verbose {
        0 => return,
        1 => "info",
        _ => "debug",
    };
    let filter =
        format!("feishu_events={level},feishu_events_inbox={level},feishu_events_cli={level}");
    let subscriber = tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::new(filter))
        .with_writer(std::io::stderr)
        .with_ansi(
            anstream::AutoStream::choice(&std::io::stderr()) != anstream::ColorChoice::Never,
        );
    if notice::is_json() {
        subscriber.json().init();
    } else {
        subscriber.init();
    }
}

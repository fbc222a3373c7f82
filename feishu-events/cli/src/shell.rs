//! `completions` and `man`: what shells and readers of manuals need.

use std::fs;
use std::path::PathBuf;

use clap::{Args, Command};
use clap_complete::Shell;

use crate::describe::print;
use crate::problem::{Problem, Result};

/// Prints completions for a shell
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  feishu-events completions bash > ~/.local/share/bash-completion/completions/feishu-events
  feishu-events completions zsh > ~/.zfunc/_feishu-events
  feishu-events completions fish > ~/.config/fish/completions/feishu-events.fish")]
pub(crate) struct CompletionsArgs {
    /// The shell
    shell: Shell,
}

/// Writes the manual pages
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  feishu-events man > feishu-events.1                   # the page of the command itself
  feishu-events man --out ~/.local/share/man/man1       # a page for each subcommand too")]
pub(crate) struct ManArgs {
    /// Write a page for the command and each subcommand into this folder
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

/// Runs `completions`.
///
/// # Errors
/// The output cannot be written.
pub(crate) fn completions(args: &CompletionsArgs, mut command: Command) -> Result<()> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut command, "feishu-events", &mut script);
    print(&String::from_utf8_lossy(&script))
}

/// Runs `man`.
///
/// # Errors
/// The pages cannot be written.
pub(crate) fn man(args: &ManArgs, command: Command) -> Result<()> {
    if let Some(folder) = &args.out {
        let failed = |error| Problem::failure(format!("{}: {error}", folder.display()));
        fs::create_dir_all(folder).map_err(failed)?;
        return clap_mangen::generate_to(command, folder).map_err(failed);
    }
    let mut page = Vec::new();
    let rendered = clap_mangen::Man::new(command).render(&mut page);
    rendered.map_err(Problem::failure)?;
    print(&String::from_utf8_lossy(&page))
}

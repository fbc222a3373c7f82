//! The command line.

use clap::{ArgAction, Parser, Subcommand};
use feishu_events_inbox::OperatorArgs;

use crate::describe::explain::ExplainArgs;
use crate::describe::schema::SchemaArgs;
use crate::describe::scopes::ScopesArgs;
use crate::send::args::SendArgs;
use crate::serve::ServeArgs;
use crate::shell::{CompletionsArgs, ManArgs};
use crate::tail::TailArgs;

/// The events of a Feishu (Lark) app, for shells and scripts
#[derive(Debug, Parser)]
#[command(
    name = "feishu-events",
    version,
    propagate_version = true,
    arg_required_else_help = true,
    after_long_help = "\
Examples:
  export FEISHU_APP_ID=cli_… FEISHU_APP_SECRET=…
  feishu-events tail                                    # events on the terminal
  feishu-events tail --event 'im.*' | jq .event         # into another program
  feishu-events scopes im.message.receive_v1            # what the app needs for an event
  feishu-events explain contact.user.created_v3 object.mobile   # why a field is absent

Exit codes: 0 ended as asked; 1 a failure, or for `send` an event that was not acknowledged, or for
`inbox depth` events that failed for good; 2 wrong usage; 3 credentials are missing or were refused;
4 `--for` ended before there were as many events as `--max` says; 128 + n a second signal n.

Secrets come from the environment, a file (--credentials) or a prompt. There are no options for them,
because other users of the machine can read the arguments of a process.",
    after_help = "`feishu-events help COMMAND` has examples."
)]
pub(crate) struct Cli {
    /// Write notices and errors as JSON to stderr, one in a line
    #[arg(long, global = true, help_heading = "General")]
    pub(crate) json: bool,
    /// Log what happens to stderr; twice for more
    #[arg(short, long, global = true, action = ArgAction::Count, help_heading = "General")]
    pub(crate) verbose: u8,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Tail(Box<TailArgs>),
    Serve(Box<ServeArgs>),
    Send(SendArgs),
    Schema(SchemaArgs),
    Scopes(ScopesArgs),
    Explain(ExplainArgs),
    /// Shows and manages the events that `--inbox` keeps
    #[command(arg_required_else_help = true)]
    Inbox(OperatorArgs),
    Completions(CompletionsArgs),
    Man(ManArgs),
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn no_secret_can_be_an_argument() {
        fn look(command: &clap::Command) {
            for argument in command.get_arguments() {
                let name = argument.get_long().unwrap_or_default();
                for word in ["secret", "token", "key", "password"] {
                    let refused = argument.is_hide_set();
                    assert!(
                        refused || !name.contains(word),
                        "{} --{name}",
                        command.get_name()
                    );
                }
            }
            command.get_subcommands().for_each(look);
        }
        look(&Cli::command());
    }

    /// The words of a command as a shell passes them on.
    fn words(command: &str) -> Vec<String> {
        let mut words = vec![String::new()];
        let mut is_quoted = false;
        for character in command.chars() {
            match character {
                '\'' => is_quoted = !is_quoted,
                ' ' if !is_quoted => words.push(String::new()),
                '|' | '#' | '>' if !is_quoted => break,
                other => words.iter_mut().last().expect("one was begun").push(other),
            }
        }
        words.retain(|word| !word.is_empty());
        words
    }

    #[test]
    fn each_command_of_the_guide_and_of_the_help_is_one() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
        let files = [
            "README.md",
            "../docs/command.md",
            "src/args.rs",
            "src/tail.rs",
            "src/serve.rs",
        ];
        let mut found = 0;
        for name in files {
            let text = std::fs::read_to_string(folder.join(name)).expect("it is there");
            for line in text.replace("\\\"", "\"").lines() {
                let Some((before, rest)) = line.split_once("feishu-events ") else {
                    continue;
                };
                let is_command = before.split_whitespace().all(|word| word.contains('='));
                if !is_command {
                    continue;
                }
                let words = words(&format!("feishu-events {rest}"));
                let parsed = Cli::try_parse_from(&words);
                assert!(
                    parsed.is_ok(),
                    "{name}: {words:?}: {}",
                    parsed.err().map_or_else(String::new, |it| it.to_string())
                );
                found += 1;
            }
        }
        assert!(found > 15, "{found} commands");
    }
}

//! `scopes`: what to set up in the developer console.

use clap::{Args, ValueEnum};
use feishu_events::Manifest;

use crate::describe::{PortalArg, events, print};
use crate::problem::Result;

/// Shows what events need in the developer console: scopes, subscriptions, calls
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  feishu-events scopes im.message.receive_v1 'contact.user.*'
  feishu-events scopes im.message.receive_v1 --only 'messages in chats with the bot'
  feishu-events scopes 'contact.*' --format console     # JSON for the console's import")]
pub(crate) struct ScopesArgs {
    /// The events; `*` is anything
    #[arg(required = true)]
    events: Vec<String>,
    /// Of events that several scopes bring a part of, only these parts; can be repeated
    #[arg(long, value_name = "PART")]
    only: Vec<String>,
    /// The portal whose documentation counts
    #[arg(long, default_value = "feishu")]
    portal: PortalArg,
    /// How it is printed
    #[arg(long, default_value = "text")]
    format: Format,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    /// For people
    Text,
    /// The names of the scopes, one in a line
    Names,
    /// JSON for the console's import of scopes
    Console,
}

/// Runs the command.
///
/// # Errors
/// An event that is not known.
pub(crate) fn run(args: &ScopesArgs) -> Result<()> {
    let events = events(&args.events)?;
    let manifest = Manifest::from_events_where(events, |_, group| {
        args.only.is_empty() || args.only.iter().any(|part| part == group.brings)
    });
    let manifest = manifest.on(args.portal.into());
    print(&match args.format {
        Format::Text => manifest.to_string(),
        Format::Console => manifest.to_console_json(),
        Format::Names => {
            let names: Vec<&str> = manifest.scopes.iter().map(|scope| scope.name).collect();
            names.join("\n")
        }
    })
}

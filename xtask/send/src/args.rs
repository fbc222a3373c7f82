//! The command line.

use std::path::PathBuf;

use clap::{ArgGroup, Parser};
use feishu_events::EventType;
use serde_json::Value;

/// Sends an event to a URL as the platform would: plausible values, and those you set
#[derive(Parser)]
#[command(name = "cargo xtask send", bin_name = "cargo xtask send")]
#[command(group = ArgGroup::new("what").required(true).args(["event_type", "challenge"]))]
#[command(group = ArgGroup::new("where").required(true).args(["to", "print"]))]
pub(crate) struct Args {
    /// The name of the event, for example `contact.user.created_v3`
    pub(crate) event_type: Option<String>,
    /// Check the URL instead, as the platform does when it is saved
    #[arg(long)]
    pub(crate) challenge: bool,
    /// Where to send it
    #[arg(long, value_name = "URL")]
    pub(crate) to: Option<String>,
    /// Show what would be sent, before encryption
    #[arg(long)]
    pub(crate) print: bool,
    /// The app's verification token
    #[arg(long, env = "FEISHU_VERIFICATION_TOKEN", hide_env_values = true)]
    pub(crate) token: Option<String>,
    /// The app's encrypt key: the event is encrypted and signed
    #[arg(long, env = "FEISHU_ENCRYPT_KEY", hide_env_values = true)]
    pub(crate) encrypt_key: Option<String>,
    /// Set a value of the payload, for example `object.leaders.0.leaderType=1`; a value that is not JSON
    /// is taken as text
    #[arg(long, value_name = "PATH=VALUE", value_parser = assignment, conflicts_with = "challenge")]
    pub(crate) set: Vec<(String, Value)>,
    /// A file with the payload (the member `event`); for events that are not documented too
    #[arg(long, value_name = "FILE", conflicts_with = "challenge")]
    pub(crate) payload: Option<PathBuf>,
    /// The id of the event, for sending it a second time
    #[arg(long, value_name = "ID", conflicts_with = "challenge")]
    pub(crate) event_id: Option<String>,
}

impl Args {
    /// The event, if it is a known one.
    pub(crate) fn known(&self) -> Option<EventType> {
        self.event_type.as_deref()?.parse().ok()
    }
}

fn assignment(text: &str) -> Result<(String, Value), String> {
    let (path, value) = text.split_once('=').ok_or("expected PATH=VALUE")?;
    let value = serde_json::from_str(value).unwrap_or_else(|_| value.into());
    Ok((path.to_owned(), value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_check_of_a_url_takes_nothing_that_is_an_events() {
        let parsed = |more: &[&str]| {
            let args = [&["send", "--challenge", "--print"], more].concat();
            Args::try_parse_from(args).is_ok()
        };
        assert!(parsed(&[]) && parsed(&["--token", "t"]));
        for more in [["--set", "a=b"], ["--payload", "f"], ["--event-id", "e"]] {
            assert!(!parsed(&more), "{more:?} would change nothing");
        }
    }
}

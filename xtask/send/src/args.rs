//! The command line.

use std::path::PathBuf;

use clap::{ArgGroup, Parser};
use feishu_events::EventType;
use serde_json::Value;

/// Sends an event to a URL as the platform would, with plausible values and those you set
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
    #[arg(long, value_name = "URL", value_parser = url)]
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
    /// is sent as a string
    #[arg(long, value_name = "PATH=VALUE", value_parser = assignment, conflicts_with = "challenge")]
    pub(crate) set: Vec<(String, Value)>,
    /// A file with the payload (the member `event`), also for undocumented events
    #[arg(long, value_name = "FILE", conflicts_with = "challenge")]
    pub(crate) payload: Option<PathBuf>,
    /// The id of the event: send the same id twice to test a repetition
    #[arg(long, value_name = "ID", conflicts_with = "challenge")]
    pub(crate) event_id: Option<String>,
}

impl Args {
    /// The event, if it is a known one.
    pub(crate) fn known(&self) -> Option<EventType> {
        self.event_type.as_deref()?.parse().ok()
    }
}

fn url(text: &str) -> Result<String, String> {
    if text.starts_with("http://") || text.starts_with("https://") {
        return Ok(text.to_owned());
    }
    Err(format!("expected a URL, such as `http://{text}`"))
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
    fn an_address_without_a_scheme_is_refused_with_one() {
        let parsed = |to| Args::try_parse_from(["send", "--challenge", "--to", to]);
        assert!(parsed("http://127.0.0.1:3000/feishu").is_ok());
        let refusal = parsed("127.0.0.1:3000/feishu")
            .err()
            .map(|it| it.to_string());
        let refusal = refusal.unwrap_or_default();
        assert!(
            refusal.contains("`http://127.0.0.1:3000/feishu`"),
            "{refusal}"
        );
    }

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

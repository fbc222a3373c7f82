//! The command line.

use std::path::PathBuf;

use clap::{ArgGroup, Args};
use feishu_events::EventType;
use serde_json::Value;

use crate::credentials::FileArgs;
use crate::problem::Problem;

/// Sends an event to a URL as the platform would, with plausible values and those you set
///
/// It is encrypted and signed with `FEISHU_ENCRYPT_KEY` and has `FEISHU_VERIFICATION_TOKEN`, from the
/// environment or the file of --credentials.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  feishu-events send contact.user.created_v3 --to http://127.0.0.1:3000/ --set object.name=Ada
  feishu-events send --challenge --to https://example.com/feishu
  feishu-events send im.message.receive_v1 --print")]
#[command(group = ArgGroup::new("what").required(true).args(["event_type", "challenge"]))]
#[command(group = ArgGroup::new("where").required(true).args(["to", "print"]))]
pub(crate) struct SendArgs {
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
    /// Refused, without a message that repeats it: other users of the machine would see it
    #[arg(long, hide = true)]
    token: Option<String>,
    /// Refused, as --token
    #[arg(long, hide = true)]
    encrypt_key: Option<String>,
    #[command(flatten)]
    pub(crate) file: FileArgs,
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

impl SendArgs {
    /// Refuses secrets among the arguments, where earlier versions had them.
    ///
    /// # Errors
    /// There is one.
    pub(crate) fn refuse_secrets(&self) -> Result<(), Problem> {
        for (flag, name, value) in [
            ("--token", "FEISHU_VERIFICATION_TOKEN", &self.token),
            ("--encrypt-key", "FEISHU_ENCRYPT_KEY", &self.encrypt_key),
        ] {
            if value.is_some() {
                let why =
                    format!("{flag} is not taken: other users could read it among the arguments");
                return Err(Problem::usage(why).help(format!("set {name} in its place")));
            }
        }
        Ok(())
    }

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
    use clap::Parser as _;

    use crate::args::Cli;

    #[test]
    fn an_address_without_a_scheme_is_refused_with_one() {
        let parsed = |to| Cli::try_parse_from(["feishu-events", "send", "--challenge", "--to", to]);
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
            let args = [&["feishu-events", "send", "--challenge", "--print"], more].concat();
            Cli::try_parse_from(args).is_ok()
        };
        assert!(parsed(&[]));
        for more in [["--set", "a=b"], ["--payload", "f"], ["--event-id", "e"]] {
            assert!(!parsed(&more), "{more:?} would change nothing");
        }
    }
}

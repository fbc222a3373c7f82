//! What is received, and where it goes: the options that `tail` and `serve` share.

use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use clap::{ArgGroup, Args, ValueEnum};

use crate::receive::time;

/// Which events, how many, and where they go.
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("destination").args(["out", "exec", "forward"]))]
#[command(group = ArgGroup::new("handled").args(["exec", "forward"]).multiple(true))]
pub(crate) struct ReceiveArgs {
    /// Only events whose name matches; can be repeated
    ///
    /// `*` is anything: `im.*`, `*.created_v3`. The others are acknowledged and passed over.
    #[arg(long, value_name = "GLOB", help_heading = "Which events")]
    pub(crate) event: Vec<String>,
    /// Only events for which this jq expression gives anything but `false`, `null` or nothing
    ///
    /// It gets the JSON that is printed. If it fails for an event, the event is not acknowledged.
    #[arg(long, value_name = "EXPR", help_heading = "Which events")]
    pub(crate) filter: Option<String>,
    /// Refuse the other events, so that the platform sends them again: to another client of the app
    #[arg(long, help_heading = "Which events", conflicts_with = "inbox")]
    pub(crate) refuse_others: bool,
    /// End after this many events
    #[arg(long, value_name = "N", help_heading = "Which events", value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) max: Option<u32>,
    /// End after this time: `30s`, `5m`, `2h`
    #[arg(long = "for", value_name = "TIME", help_heading = "Which events", value_parser = time::duration)]
    pub(crate) run_for: Option<Duration>,

    /// How events are printed [default: pretty on a terminal, else ndjson]
    #[arg(long, help_heading = "Where they go", conflicts_with = "destination")]
    pub(crate) format: Option<Format>,
    /// Add a member `typed`: what of the event is not as documented
    #[arg(long, help_heading = "Where they go")]
    pub(crate) typed: bool,
    /// Write each event into a file of its own in this folder
    #[arg(long, value_name = "DIR", help_heading = "Where they go")]
    pub(crate) out: Option<PathBuf>,
    /// Run this shell command for each event, with its JSON on stdin; only if it exits with 0 is the
    /// event acknowledged
    ///
    /// It finds `FEISHU_EVENT_TYPE`, `FEISHU_EVENT_ID` and `FEISHU_TENANT_KEY` in its environment, and
    /// `FEISHU_EVENT_REPEATED=1` if the event may have been handled before.
    #[arg(long, value_name = "CMD", help_heading = "Where they go")]
    pub(crate) exec: Option<String>,
    /// POST each event as JSON to this URL; only if it answers 2xx is the event acknowledged
    #[arg(long, value_name = "URL", help_heading = "Where they go", value_parser = url)]
    pub(crate) forward: Option<String>,
    /// How many commands or requests run at a time
    #[arg(long, value_name = "N", help_heading = "Where they go", requires = "handled",
        default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(crate) jobs: u16,
    /// How long a command or request may take
    #[arg(long, value_name = "TIME", help_heading = "Where they go", requires = "handled",
        default_value = "1m", value_parser = time::duration)]
    pub(crate) timeout: Duration,
    /// How long what is running may take when the command is to end
    #[arg(long, value_name = "TIME", help_heading = "Where they go", default_value = "10s",
        value_parser = time::duration)]
    pub(crate) grace: Duration,

    /// Keep events in this SQLite file before they are acknowledged, so that they survive the end of
    /// this command and a loss of power
    ///
    /// What fails is tried again, 8 times over 7.6 h; `feishu-events inbox` shows what failed for good.
    #[arg(long, value_name = "FILE", help_heading = "Durable delivery")]
    pub(crate) inbox: Option<PathBuf>,
    /// Begin with what the inbox has from then on, also if it was delivered before: `2h` ago, or
    /// `2026-01-31T08:00:00Z`
    #[arg(long, value_name = "TIME", help_heading = "Durable delivery", requires = "inbox",
        value_parser = time::since)]
    pub(crate) since: Option<SystemTime>,
    /// How long the inbox keeps delivered events for --since; at least 12h
    #[arg(long, value_name = "TIME", help_heading = "Durable delivery", requires = "inbox",
        default_value = "12h", value_parser = time::duration)]
    pub(crate) keep: Duration,
}

/// How events are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// The JSON of each event in one line
    Ndjson,
    /// For people
    Pretty,
}

fn url(text: &str) -> Result<String, String> {
    if text.starts_with("http://") || text.starts_with("https://") {
        return Ok(text.to_owned());
    }
    Err(format!("expected a URL, such as `http://{text}`"))
}

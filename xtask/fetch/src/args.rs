//! The command line.

use std::path::PathBuf;
use std::time::Duration;

use clap::Parser;

use crate::host::Host;

/// Fetches the portal's documentation pages into a folder that `cargo xtask scrape` reads
///
/// Reads the portal's directory and downloads the pages that the folder lacks or that have
/// changed since. Failed requests are tried again after growing pauses, or after the pause that
/// the portal asks for; a page that still fails is reported with its reason, and the exit code
/// is 1. A run may be stopped at any time: the next one continues from there. A page that has
/// left the portal's directory is reported, and its file stays.
///
/// A proxy is taken from the environment (`HTTPS_PROXY`, `NO_PROXY`, …).
#[derive(Debug, Parser)]
#[command(name = "cargo xtask fetch", bin_name = "cargo xtask fetch")]
pub(crate) struct Args {
    /// The portal: `open.feishu.cn`, `open.larkoffice.com`, `open.larksuite.com`, or a URL
    #[arg(long, default_value = "open.feishu.cn")]
    pub(crate) host: Host,
    /// The language of the pages: `zh-CN` or `en-US`
    #[arg(long, default_value = "zh-CN", value_parser = language)]
    pub(crate) lang: String,
    /// The folder for the pages; a file's path is the page's path in the directory
    #[arg(long, default_value = "docs")]
    pub(crate) out: PathBuf,
    /// Only pages that may describe events or callbacks: those with one of the words `event`,
    /// `callback`, `事件` and `回调` in their path or name, or in those of a folder above them
    #[arg(long)]
    pub(crate) only_events: bool,
    /// The maximum number of concurrent requests
    #[arg(long, default_value_t = 4, value_parser = clap::value_parser!(u8).range(1..=16))]
    pub(crate) jobs: u8,
    /// The number of attempts before a page counts as failed
    #[arg(long, default_value_t = 6, value_parser = clap::value_parser!(u32).range(1..=20))]
    pub(crate) tries: u32,
    /// The timeout of a request, in seconds
    #[arg(long, default_value = "60", value_name = "SECONDS", value_parser = seconds)]
    pub(crate) timeout: Duration,
    /// Writes the outcome for each page to this file, as JSON
    #[arg(long, value_name = "FILE")]
    pub(crate) report: Option<PathBuf>,
    /// The pause before the first repetition; it doubles with each further one
    #[arg(long, default_value = "0.5", value_parser = seconds, hide = true)]
    pub(crate) pause: Duration,
    /// The longest pause, even if the portal asks for a longer one
    #[arg(long, default_value = "120", value_parser = seconds, hide = true)]
    pub(crate) longest_pause: Duration,
}

fn seconds(text: &str) -> Result<Duration, String> {
    let seconds: f64 = text.parse().map_err(|_| "expected a number of seconds")?;
    if !(0.001..=3600.0).contains(&seconds) {
        return Err("expected between 0.001 and 3600 seconds".to_owned());
    }
    Ok(Duration::from_secs_f64(seconds))
}

/// Checks that a language can be written into a header and into the head of a file.
fn language(text: &str) -> Result<String, String> {
    let letters = |c: char| c.is_ascii_alphanumeric() || c == '-';
    if text.is_empty() || text.len() > 35 || !text.chars().all(letters) {
        return Err("expected a language such as zh-CN or en-US".to_owned());
    }
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Args::command().debug_assert();
    }

    #[test]
    fn durations_and_languages_are_checked() {
        assert_eq!(seconds("0.5"), Ok(Duration::from_millis(500)));
        for wrong in ["", "-1", "0", "NaN", "inf", "1e9", "5s"] {
            assert!(seconds(wrong).is_err(), "{wrong}");
        }
        assert!(language("zh-CN").is_ok());
        for wrong in ["", "zh CN", "zh\r\nX: y", "zh;q=1"] {
            assert!(language(wrong).is_err(), "{wrong}");
        }
    }
}

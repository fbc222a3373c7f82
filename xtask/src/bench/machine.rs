//! The machine on which results were measured.

use std::fmt;
use std::fs;
use std::process::Command;

use serde::{Deserialize, Serialize};

/// The kind of machine, the day, and the load.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Machine {
    day: String,
    processor: String,
    cores: usize,
    rustc: String,
    /// The average number of processes that were running or waiting in the minute before, if known.
    #[serde(skip_serializing_if = "Option::is_none")]
    load: Option<String>,
}

impl Machine {
    /// This machine, now.
    pub(super) fn now() -> Self {
        let load = fs::read_to_string("/proc/loadavg").ok();
        Self {
            day: jiff::Timestamp::now().strftime("%Y-%m-%d").to_string(),
            processor: processor().unwrap_or_else(|| std::env::consts::ARCH.to_owned()),
            cores: std::thread::available_parallelism().map_or(1, usize::from),
            rustc: output_of("rustc", &["--version"]).unwrap_or_else(|| "rustc".to_owned()),
            load: load.and_then(|load| Some(load.split(' ').next()?.to_owned())),
        }
    }
}

fn processor() -> Option<String> {
    let Ok(info) = fs::read_to_string("/proc/cpuinfo") else {
        return output_of("sysctl", &["-n", "machdep.cpu.brand_string"]);
    };
    let line = info.lines().find(|line| line.starts_with("model name"))?;
    Some(line.split_once(':')?.1.trim().to_owned())
}

fn output_of(program: &str, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program).args(arguments).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    let text = text.trim();
    (output.status.success() && !text.is_empty()).then(|| text.to_owned())
}

impl fmt::Display for Machine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            day,
            processor,
            cores,
            rustc,
            load,
        } = self;
        write!(f, "{day}, {processor}, {cores} cores, {rustc}")?;
        match load {
            Some(load) => write!(f, ", load {load} at the start."),
            None => f.write_str("."),
        }
    }
}

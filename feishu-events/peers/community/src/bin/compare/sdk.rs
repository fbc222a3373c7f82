//! An official SDK, in a process of its own, which measures itself.
//!
//! It gets a line for each task: a JSON array of samples, to which it answers which of them reach
//! a handler; or `run`, to which it answers how many nanoseconds all of them took.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};

use crate::peer::{Peer, Way};
use crate::samples::Sample;

/// The exit code with which a script says that its SDK is not installed.
const NO_SDK: i32 = 77;

/// An SDK's process.
pub(crate) struct Sdk {
    child: Child,
    stdin: ChildStdin,
    stdout: BufReader<ChildStdout>,
    name: String,
    events: usize,
}

/// PyPI's lark-oapi, if it is installed.
pub(crate) fn python() -> Result<Sdk, String> {
    let python = std::env::var("PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let hint = "PyPI's lark-oapi: set PYTHON to a Python that has it";
    Sdk::start(&python, &["-W", "ignore"], "sdks/peer.py", hint)
}

/// npm's node-sdk, if it is installed.
pub(crate) fn node() -> Result<Sdk, String> {
    let hint = "npm's @larksuiteoapi/node-sdk: set NODE_PATH to the folder that has it";
    Sdk::start("node", &[], "sdks/peer.cjs", hint)
}

impl Sdk {
    fn start(program: &str, options: &[&str], script: &str, hint: &str) -> Result<Self, String> {
        let started = Command::new(program)
            .args(options)
            .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join(script))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn();
        let mut child = started.map_err(|error| format!("{hint} ({program}: {error})"))?;
        let stdin = child.stdin.take().unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        let Ok(hello) = serde_json::from_str::<Value>(&line) else {
            let status = child.wait().unwrap();
            assert_eq!(status.code(), Some(NO_SDK), "{script} failed");
            return Err(hint.to_owned());
        };
        Ok(Self {
            child,
            stdin,
            stdout,
            name: hello["name"].as_str().unwrap().to_owned(),
            events: serde_json::from_value(hello["events"].clone()).unwrap(),
        })
    }

    fn ask(&mut self, task: &str) -> String {
        writeln!(self.stdin, "{task}").unwrap();
        let mut answer = String::new();
        self.stdout.read_line(&mut answer).unwrap();
        answer
    }
}

impl Drop for Sdk {
    fn drop(&mut self) {
        // It may have ended by itself, which the measurement has noticed then.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

impl Peer for Sdk {
    fn name(&self) -> &str {
        &self.name
    }

    fn events(&self) -> usize {
        self.events
    }

    fn load(&mut self, samples: &[Sample]) -> Vec<bool> {
        let samples = samples.iter();
        let samples: Vec<_> = samples
            .map(|it| json!({ "type": it.event_type, "json": it.json }))
            .collect();
        let answer = self.ask(&json!(samples).to_string());
        serde_json::from_str(&answer).unwrap()
    }

    fn ways(&self) -> &'static [Way] {
        &[Way::Dispatch]
    }

    fn rounds(&self) -> usize {
        40
    }

    fn time(&mut self, _: Way) -> Duration {
        Duration::from_nanos(self.ask("run").trim().parse().unwrap())
    }
}

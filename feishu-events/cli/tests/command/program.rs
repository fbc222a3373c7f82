//! The command as a running program.

use std::io::{BufRead as _, BufReader, Read};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, ExitStatus, Output, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use feishu_events::testing::gateway::Gateway;
use serde_json::Value;

/// Longer than anything takes on a loaded machine; what does not end by then hangs.
const PATIENCE: Duration = Duration::from_secs(60);

/// The command without anything of this machine's environment.
pub(crate) fn command(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_feishu-events"));
    for (name, _) in std::env::vars_os() {
        let name_text = name.to_string_lossy();
        let is_proxy = name_text.to_ascii_uppercase().ends_with("_PROXY");
        if name_text.starts_with("FEISHU_") || is_proxy {
            command.env_remove(&name);
        }
    }
    command.args(args).stdin(Stdio::null());
    command
}

/// The command for an app of this platform.
pub(crate) fn command_at(gateway: &Gateway, args: &[&str]) -> Command {
    let mut command = command(args);
    command
        .env("FEISHU_APP_ID", gateway.app_id())
        .env("FEISHU_APP_SECRET", gateway.app_secret())
        .env("FEISHU_DOMAIN", gateway.domain());
    command
}

/// Runs a command to its end.
pub(crate) fn run(mut command: Command) -> Output {
    command.output().expect("it can be started")
}

/// What a command printed, for messages and to look for words.
pub(crate) fn printed(output: &Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    text(&output.stdout) + &text(&output.stderr)
}

/// A running `tail` or `serve`.
pub(crate) struct Program {
    child: Child,
    stdout: Option<ChildStdout>,
    stderr: Receiver<String>,
    said: Vec<String>,
}

/// What a program printed to stdout, collected while it runs.
pub(crate) struct Lines(JoinHandle<Vec<String>>);

impl Lines {
    /// The lines, once the program has ended; without a last one that was cut off.
    pub(crate) fn all(self) -> Vec<String> {
        self.0.join().expect("the reader does not panic")
    }

    /// The same as JSON.
    pub(crate) fn events(self) -> Vec<Value> {
        let lines = self.all().into_iter();
        lines
            .map(|line| serde_json::from_str(&line).expect("a line is JSON"))
            .collect()
    }
}

impl Program {
    /// Starts a program, and does not wait.
    pub(crate) fn start(mut command: Command) -> Self {
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("it can be started");
        let stdout = child.stdout.take();
        let stderr = child.stderr.take().expect("it is piped");
        let (sender, receiver) = channel();
        thread::spawn(move || {
            for line in BufReader::new(stderr).lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    return;
                }
            }
        });
        Self {
            child,
            stdout,
            stderr: receiver,
            said: Vec::new(),
        }
    }

    /// Starts a program and waits until it receives events.
    pub(crate) fn ready(command: Command) -> Self {
        let mut program = Self::start(command);
        program.wait_for("ready");
        program
    }

    /// Waits until it has said something with this word, and gives the line.
    pub(crate) fn wait_for(&mut self, word: &str) -> String {
        loop {
            match self.stderr.recv_timeout(PATIENCE) {
                Ok(line) => {
                    self.said.push(line.clone());
                    if line.contains(word) {
                        return line;
                    }
                }
                Err(error) => panic!("it did not say `{word}` ({error}): {:#?}", self.said),
            }
        }
    }

    /// Reads stdout from now on.
    pub(crate) fn read(&mut self) -> Lines {
        let stdout = self.stdout.take().expect("nobody has read it");
        Lines(thread::spawn(move || complete_lines(stdout)))
    }

    /// Stdout itself, for those who read it slowly or not at all.
    pub(crate) fn stdout(&mut self) -> ChildStdout {
        self.stdout.take().expect("nobody has read it")
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Kills it as the system does that is out of memory.
    pub(crate) fn kill(mut self) {
        self.child.kill().expect("it runs");
        self.child.wait().expect("it was started here");
    }

    #[cfg(unix)]
    pub(crate) fn signal(&self, signal: rustix::process::Signal) {
        let id = i32::try_from(self.child.id()).expect("ids are small");
        let id = rustix::process::Pid::from_raw(id).expect("it is not 0");
        rustix::process::kill_process(id, signal).expect("it runs");
    }

    /// Waits for its end; gives how it ended, and all that it said on stderr.
    pub(crate) fn end(mut self) -> (ExitStatus, String) {
        let begun = Instant::now();
        let status = loop {
            if let Some(status) = self.child.try_wait().expect("it was started here") {
                break status;
            }
            if begun.elapsed() > PATIENCE {
                drop(self.child.kill());
                panic!("it did not end: {:#?}", self.said);
            }
            thread::sleep(Duration::from_millis(5));
        };
        while let Ok(line) = self.stderr.recv_timeout(PATIENCE) {
            self.said.push(line);
        }
        (status, self.said.join("\n"))
    }

    /// Waits for its end, which must be a success.
    pub(crate) fn success(self) -> String {
        let (status, said) = self.end();
        assert!(status.success(), "{status}: {said}");
        said
    }
}

/// All lines that are complete.
fn complete_lines(mut stdout: impl Read) -> Vec<String> {
    let mut text = Vec::new();
    stdout.read_to_end(&mut text).expect("a pipe");
    let end = text
        .iter()
        .rposition(|byte| *byte == b'\n')
        .map_or(0, |at| at + 1);
    let text = String::from_utf8(text[..end].to_vec()).expect("UTF-8");
    text.lines().map(str::to_owned).collect()
}

/// The ids of events, in their order.
pub(crate) fn ids(events: &[Value]) -> Vec<&str> {
    let id = |event: &'_ Value| match event["header"]["event_id"].as_str() {
        Some(_) => "/header/event_id",
        None => "/uuid",
    };
    events
        .iter()
        .map(|event| {
            event
                .pointer(id(event))
                .and_then(Value::as_str)
                .unwrap_or_default()
        })
        .collect()
}

/// A script in a folder, which `sh` runs.
pub(crate) fn script(folder: &Path, text: &str) -> String {
    let path = folder.join("script.sh");
    std::fs::write(&path, text).expect("a folder for tests");
    format!("sh {}", path.display())
}

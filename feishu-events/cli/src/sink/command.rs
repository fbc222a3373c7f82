//! A shell command for each event.

use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use tokio::io::AsyncWriteExt as _;
use tokio::process::Child;
use tokio::sync::Semaphore;
use tokio::time::timeout;

use crate::receive::event::Arrived;
use crate::sink::Undelivered;

/// Runs a shell command for each event, with its JSON on stdin.
pub(crate) struct Command {
    text: String,
    places: Semaphore,
    jobs: usize,
    limit: Duration,
}

impl Command {
    pub(crate) fn new(text: &str, jobs: u16, limit: Duration) -> Self {
        let jobs = usize::from(jobs);
        Self {
            text: text.to_owned(),
            places: Semaphore::new(jobs),
            jobs,
            limit,
        }
    }

    pub(crate) fn jobs(&self) -> usize {
        self.jobs
    }

    pub(crate) async fn deliver(&self, event: &Arrived) -> Result<(), Undelivered> {
        // Nobody closes it.
        let _place = self.places.acquire().await;
        let failed = |why: String| Undelivered::Failed(format!("the command {why}"));
        let mut child = self
            .start(event)
            .map_err(|error| failed(format!("could not be started: {error}")))?;
        // If this is given up, everything that the command has started is stopped.
        #[cfg(unix)]
        let group = child.id().and_then(crate::processes::Group::new);
        let ended = timeout(self.limit, run(&mut child, &event.json)).await;
        #[cfg(unix)]
        if let (Ok(Ok(_)), Some(group)) = (&ended, group) {
            group.ended();
        }
        match ended {
            Ok(Ok(status)) if status.success() => Ok(()),
            Ok(Ok(status)) => Err(failed(shown(status))),
            Ok(Err(error)) => Err(failed(format!("was lost: {error}"))),
            Err(_) => Err(failed(format!(
                "was not done after {}, and was stopped",
                humantime::format_duration(self.limit)
            ))),
        }
    }

    fn start(&self, event: &Arrived) -> std::io::Result<Child> {
        let mut command = shell(&self.text);
        command
            .stdin(Stdio::piped())
            .kill_on_drop(true)
            .env("FEISHU_EVENT_TYPE", without_nul(&event.header.event_type));
        for (name, value) in [
            ("FEISHU_EVENT_ID", event.header.event_id.as_deref()),
            ("FEISHU_TENANT_KEY", event.header.tenant_key.as_deref()),
            ("FEISHU_EVENT_REPEATED", event.is_repetition.then_some("1")),
        ] {
            match value {
                Some(value) => command.env(name, without_nul(value)),
                None => command.env_remove(name),
            };
        }
        command.spawn()
    }
}

/// Writes the event and waits for the end; a command need not read.
async fn run(child: &mut Child, json: &str) -> std::io::Result<ExitStatus> {
    let stdin = child.stdin.take();
    let writing = async {
        if let Some(mut stdin) = stdin {
            // A command that does not read is not wrong: its exit code says whether it is done.
            drop(stdin.write_all(json.as_bytes()).await);
            drop(stdin.write_all(b"\n").await);
            drop(stdin.shutdown().await);
        }
        std::future::pending::<()>().await;
    };
    tokio::select! {
        status = child.wait() => status,
        () = writing => child.wait().await,
    }
}

/// In an environment, a NUL would end a value.
fn without_nul(value: &str) -> String {
    value.replace('\0', "")
}

fn shown(status: ExitStatus) -> String {
    match status.code() {
        Some(code) => format!("exited with {code}"),
        None => format!("was ended by a signal ({status})"),
    }
}

#[cfg(unix)]
fn shell(text: &str) -> tokio::process::Command {
    let mut command = tokio::process::Command::new("sh");
    // In a group of its own, so that Ctrl-C ends this command only, which lets running ones finish.
    command.arg("-c").arg(text).process_group(0);
    command
}

#[cfg(not(unix))]
fn shell(text: &str) -> tokio::process::Command {
    let mut command = tokio::process::Command::new("cmd");
    command.arg("/C").arg(text);
    command
}

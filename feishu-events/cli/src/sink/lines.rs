//! Events on stdout.

use std::io::{self, IsTerminal as _, Write};
use std::thread;

use anstream::{AutoStream, ColorChoice};
use tokio::sync::{mpsc, oneshot};

use crate::problem::{Problem, Result};
use crate::receive::end::End;
use crate::receive::event::Arrived;
use crate::receive::options::Format;
use crate::receive::pretty::pretty;
use crate::sink::Undelivered;
use crate::sink::output;

/// How many events wait for the thread that writes; all others wait where they came from.
const WAITING: usize = 256;

/// How much is written at a time, at most.
const AT_ONCE: usize = 256 * 1024;

/// Writes events to stdout, from a thread of its own: its reader may stall, and the connection must not.
pub(crate) struct Lines {
    sender: mpsc::Sender<Line>,
    format: Format,
    colours: bool,
}

struct Line {
    text: String,
    written: oneshot::Sender<std::result::Result<(), Undelivered>>,
}

impl Lines {
    /// Starts the thread.
    ///
    /// # Errors
    /// The system has no more threads.
    pub(crate) fn start(format: Option<Format>, end: &End) -> Result<Self> {
        let format = format.unwrap_or(if io::stdout().is_terminal() {
            Format::Pretty
        } else {
            Format::Ndjson
        });
        let colours = AutoStream::choice(&io::stdout()) != ColorChoice::Never;
        let (sender, receiver) = mpsc::channel(WAITING);
        let started =
            thread::Builder::new()
                .name("stdout".to_owned())
                .spawn(move || match format {
                    // What a terminal obeys is removed only where this command has written it.
                    Format::Ndjson => write_lines(receiver, io::stdout().lock()),
                    Format::Pretty => write_lines(receiver, anstream::stdout().lock()),
                });
        started.map_err(Problem::failure)?;
        output::watch(end);
        Ok(Self {
            sender,
            format,
            colours,
        })
    }

    pub(crate) async fn deliver(&self, event: &Arrived) -> std::result::Result<(), Undelivered> {
        let text = match self.format {
            Format::Ndjson => event.json.clone() + "\n",
            Format::Pretty => pretty(event, self.colours),
        };
        let (written, outcome) = oneshot::channel();
        if self.sender.send(Line { text, written }).await.is_err() {
            return Err(Undelivered::OutputClosed);
        }
        // The thread ends only when the output is closed.
        outcome.await.unwrap_or(Err(Undelivered::OutputClosed))
    }
}

/// Writes until nobody sends, or nobody reads.
fn write_lines(mut receiver: mpsc::Receiver<Line>, mut stdout: impl Write) {
    let mut bytes = Vec::new();
    while let Some(first) = receiver.blocking_recv() {
        let mut lines = vec![first];
        let mut size = lines[0].text.len();
        while size < AT_ONCE
            && let Ok(next) = receiver.try_recv()
        {
            size += next.text.len();
            lines.push(next);
        }
        // What was given up meanwhile comes again.
        lines.retain(|line| !line.written.is_closed());
        bytes.clear();
        for line in &lines {
            bytes.extend_from_slice(line.text.as_bytes());
        }
        let result = stdout.write_all(&bytes).and_then(|()| stdout.flush());
        let is_over = result.is_err();
        for line in lines {
            let outcome = match &result {
                Ok(()) => Ok(()),
                Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                    Err(Undelivered::OutputClosed)
                }
                Err(error) => Err(Undelivered::OutputFailed(error.to_string())),
            };
            // If nobody waits, nothing is acknowledged.
            drop(line.written.send(outcome));
        }
        if is_over {
            return;
        }
    }
}

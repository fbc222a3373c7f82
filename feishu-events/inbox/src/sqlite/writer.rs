//! The thread that writes. What waits for it at the same time shares one transaction, and so one
//! wait for the disk.

use std::sync::mpsc;
use std::thread::{Builder, JoinHandle};
use std::time::{Duration, Instant};

use rusqlite::{Connection, Error, TransactionBehavior};
use tokio::sync::oneshot;

use super::error::explain;
use crate::error::{ErrorKind, InboxError};

/// How many jobs share one transaction at most.
const BATCH: usize = 512;

/// How long a transaction waits for as many jobs as the one before had.
const GATHER: Duration = Duration::from_micros(300);

/// The thread that writes; it ends when this is dropped.
pub(super) struct Writer {
    name: String,
    jobs: Option<mpsc::Sender<Box<dyn Job>>>,
    thread: Option<JoinHandle<()>>,
}

/// Something to write. It can run again if the transaction fails for the sake of another one.
trait Job: Send {
    fn is_wanted(&self) -> bool;
    fn run(&mut self, connection: &Connection) -> Result<(), Error>;
    fn reply(self: Box<Self>, failure: Option<InboxError>);
}

struct Call<T, F> {
    write: F,
    written: Option<T>,
    reply: oneshot::Sender<Result<T, InboxError>>,
}

impl<T: Send, F: FnMut(&Connection) -> Result<T, Error> + Send> Job for Call<T, F> {
    fn is_wanted(&self) -> bool {
        !self.reply.is_closed()
    }

    fn run(&mut self, connection: &Connection) -> Result<(), Error> {
        self.written = Some((self.write)(connection)?);
        Ok(())
    }

    fn reply(self: Box<Self>, failure: Option<InboxError>) {
        let result = match (failure, self.written) {
            (None, Some(written)) => Ok(written),
            (Some(failure), _) => Err(failure),
            (None, None) => Err(InboxError::new("sqlite", ErrorKind::Other)),
        };
        // If nobody waits any longer, nobody needs it.
        drop(self.reply.send(result));
    }
}

impl Writer {
    pub(super) fn start(name: String, connection: Connection) -> Result<Self, InboxError> {
        let (jobs, incoming) = mpsc::channel();
        let thread_name = name.clone();
        let thread = Builder::new()
            .name("feishu-inbox".to_owned())
            .spawn(move || work(&thread_name, connection, &incoming))
            .map_err(|error| InboxError::new(&name, ErrorKind::Other).because(error))?;
        Ok(Self {
            name,
            jobs: Some(jobs),
            thread: Some(thread),
        })
    }

    /// Has something written, and returns once it is on disk.
    pub(super) async fn write<T: Send + 'static>(
        &self,
        write: impl FnMut(&Connection) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, InboxError> {
        let (reply, written) = oneshot::channel();
        let call = Call {
            write,
            written: None,
            reply,
        };
        let ended = || InboxError::new(&self.name, ErrorKind::Other).because("its thread ended");
        let jobs = self.jobs.as_ref().ok_or_else(ended)?;
        jobs.send(Box::new(call)).map_err(|_| ended())?;
        written.await.map_err(|_| ended())?
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.jobs = None;
        // The file is closed when the store is gone, so that it can be moved or opened again.
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}

fn work(name: &str, mut connection: Connection, incoming: &mpsc::Receiver<Box<dyn Job>>) {
    let mut before = 1;
    while let Ok(first) = incoming.recv() {
        let mut jobs = gather(first, before, incoming);
        before = jobs.len();
        jobs.retain(|job| job.is_wanted());
        if jobs.is_empty() {
            continue;
        }
        match together(&mut connection, &mut jobs) {
            Ok(()) => jobs.into_iter().for_each(|job| job.reply(None)),
            Err(Failed::Begin(error)) => {
                for job in jobs {
                    job.reply(Some(explain(name, &error)));
                }
            }
            // One that fails takes no other with it.
            Err(Failed::Later) => {
                for mut job in jobs {
                    let alone = together(&mut connection, std::slice::from_mut(&mut job));
                    let failure = match alone {
                        Ok(()) => None,
                        Err(Failed::Begin(error)) => Some(explain(name, &error)),
                        Err(Failed::Later) => Some(InboxError::new(name, ErrorKind::Other)),
                    };
                    job.reply(failure);
                }
            }
        }
    }
}

/// The next jobs. Those who were answered together come again together, but one by one: the first of
/// them waits a moment, so that one wait for the disk does for all. A job that comes alone waits for
/// none.
fn gather(
    first: Box<dyn Job>,
    before: usize,
    incoming: &mpsc::Receiver<Box<dyn Job>>,
) -> Vec<Box<dyn Job>> {
    let mut jobs = vec![first];
    let until = Instant::now() + GATHER;
    while jobs.len() < BATCH {
        let next = if jobs.len() < before {
            let left = until.saturating_duration_since(Instant::now());
            incoming.recv_timeout(left).ok()
        } else {
            incoming.try_recv().ok()
        };
        let Some(job) = next else { break };
        jobs.push(job);
    }
    jobs
}

enum Failed {
    /// The transaction could not begin, or its only job failed.
    Begin(Error),
    /// One of several jobs failed, or all could not be committed.
    Later,
}

fn together(connection: &mut Connection, jobs: &mut [Box<dyn Job>]) -> Result<(), Failed> {
    let alone = jobs.len() == 1;
    let failed = |error| {
        if alone {
            Failed::Begin(error)
        } else {
            Failed::Later
        }
    };
    let transaction = connection
        .transaction_with_behavior(TransactionBehavior::Immediate)
        .map_err(Failed::Begin)?;
    for job in jobs {
        job.run(&transaction).map_err(failed)?;
    }
    transaction.commit().map_err(failed)
}

//! When to end, and why.

use std::process;
use std::time::Duration;

use tokio::sync::watch;

use crate::notice;
use crate::processes;

/// Why the command ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Why {
    /// `--max` events were delivered.
    Max,
    /// The time of `--for` is over.
    Time,
    /// A signal asked for it.
    Signal,
    /// Nobody reads the output any longer.
    OutputClosed,
    /// The output cannot be written.
    OutputFailed(String),
}

/// When to end; clones are one.
#[derive(Debug, Clone)]
pub(crate) struct End(watch::Sender<Option<Why>>);

impl End {
    pub(crate) fn new() -> Self {
        Self(watch::Sender::new(None))
    }

    /// Ends; the first reason counts.
    pub(crate) fn now(&self, why: Why) {
        self.0.send_if_modified(|known| {
            let is_first = known.is_none();
            if is_first {
                *known = Some(why);
            }
            is_first
        });
    }

    /// Waits for the end.
    pub(crate) async fn came(&self) -> Why {
        let mut receiver = self.0.subscribe();
        match receiver
            .wait_for(Option::is_some)
            .await
            .map(|why| why.clone())
        {
            Ok(Some(why)) => why,
            // The sender lives as long as this.
            _ => std::future::pending().await,
        }
    }

    /// Ends after this time.
    pub(crate) fn after(&self, time: Duration) {
        let end = self.clone();
        tokio::spawn(async move {
            tokio::time::sleep(time).await;
            end.now(Why::Time);
        });
    }

    /// Ends at SIGINT, SIGTERM or SIGHUP; the second one does not wait for anything.
    pub(crate) fn at_signals(&self) {
        let end = self.clone();
        tokio::spawn(async move {
            let mut signals = Signals::new();
            signals.next().await;
            end.now(Why::Signal);
            notice::note("ending; once more to end at once");
            let number = signals.next().await;
            processes::stop_all();
            process::exit(128 + number);
        });
    }
}

#[cfg(unix)]
struct Signals([(i32, Option<tokio::signal::unix::Signal>); 3]);

#[cfg(unix)]
impl Signals {
    fn new() -> Self {
        use tokio::signal::unix::{SignalKind, signal};
        let kinds = [
            SignalKind::interrupt(),
            SignalKind::terminate(),
            SignalKind::hangup(),
        ];
        Self(kinds.map(|kind| (kind.as_raw_value(), signal(kind).ok())))
    }

    /// Waits for one, and gives its number.
    async fn next(&mut self) -> i32 {
        use std::task::Poll;
        std::future::poll_fn(|context| {
            for (number, signal) in &mut self.0 {
                let Some(signal) = signal else { continue };
                if signal.poll_recv(context).is_ready() {
                    return Poll::Ready(*number);
                }
            }
            Poll::Pending
        })
        .await
    }
}

#[cfg(not(unix))]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    fn new() -> Self {
        Self
    }

    async fn next(&mut self) -> i32 {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
        2
    }
}

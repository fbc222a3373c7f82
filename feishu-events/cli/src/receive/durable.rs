//! `--inbox`: events are kept in a file before they are acknowledged, and delivered from there.

use std::path::Path;
use std::time::Duration;

use feishu_events::Dispatcher;
use feishu_events_inbox::{Inbox, SqliteStore, Summary, Workers};

use crate::notice::{self, Kind};
use crate::problem::{Problem, Result};
use crate::receive::handler::Receiver;
use crate::receive::options::ReceiveArgs;

/// Whoever reads the output may stall for long; commands and requests have a limit of their own.
const TIME_LIMIT: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// Until another process delivers an event of one that ended without a word.
const LEASE: Duration = Duration::from_secs(15);

/// What events are received with: the receiver itself, or an inbox before it.
pub(crate) struct Durable {
    dispatcher: Dispatcher,
    running: Option<(Inbox, Workers)>,
}

impl Durable {
    /// Opens the inbox, if there is to be one, and begins to deliver what it has.
    ///
    /// # Errors
    /// A file that cannot be opened or contains something else.
    pub(crate) async fn start(receiver: &Receiver, args: &ReceiveArgs) -> Result<Self> {
        let handlers = receiver.dispatcher();
        let Some(path) = &args.inbox else {
            return Ok(Self {
                dispatcher: handlers,
                running: None,
            });
        };
        let store = SqliteStore::options(path).keep_bodies().open();
        let store = store.map_err(Problem::failure)?;
        if let Some(since) = args.since {
            let repeated = store.repeat_since(since).await.map_err(Problem::failure)?;
            notice::note(&format!(
                "{repeated} events of the inbox are delivered again"
            ));
        }
        let shown = path.clone();
        let inbox = Inbox::builder(handlers)
            .workers(receiver.jobs())
            .lease_time(LEASE)
            .time_limit(TIME_LIMIT)
            .keep_done(args.keep)
            .on_dead(move |event| say_dead(&shown, event))
            .build(store);
        let depth = inbox.depth().await.map_err(Problem::failure)?;
        if depth.unsettled() > 0 {
            notice::note(&format!("{} events wait in the inbox", depth.unsettled()));
        }
        if depth.dead + depth.held > 0 {
            notice::warn(&format!(
                "{} events of the inbox failed for good: see `feishu-events inbox --store {} list`",
                depth.dead + depth.held,
                path.display()
            ));
        }
        let workers = inbox.start();
        Ok(Self {
            dispatcher: inbox.dispatcher(),
            running: Some((inbox, workers)),
        })
    }

    /// What a receiver passes events to.
    pub(crate) fn dispatcher(&self) -> Dispatcher {
        self.dispatcher.clone()
    }

    /// Begins nothing more from the inbox, which still keeps what arrives.
    pub(crate) fn pause(&self) {
        if let Some((inbox, _)) = &self.running {
            inbox.pause();
        }
    }

    /// Lets running deliveries finish, for this time.
    pub(crate) async fn shut_down(self, time: Duration) {
        if let Some((_, workers)) = self.running {
            let stopped = workers.shut_down(time).await;
            if stopped.interrupted > 0 {
                notice::note(&format!(
                    "{} deliveries were interrupted, and are repeated next time",
                    stopped.interrupted
                ));
            }
        }
    }
}

fn say_dead(path: &Path, event: &Summary) {
    let message = format!(
        "{} (event {}) failed for good; `feishu-events inbox --store {} redrive {}` has it delivered again",
        event.event_type,
        event.event_id.as_deref().unwrap_or("without an id"),
        path.display(),
        event.id
    );
    notice::say(Kind::Failed, &message, &[("inbox_id", event.id.into())]);
}

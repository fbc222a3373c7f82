//! The inbox: between a receiver and the handlers.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use feishu_events::Dispatcher;
use tokio::sync::{Notify, watch};

use crate::builder::InboxBuilder;
use crate::error::InboxError;
use crate::keep::Keeper;
use crate::settings::Settings;
use crate::shared::Shared;
use crate::status::{Health, Status};
use crate::store::{Depth, InboxStore, Query, Selection, State, Summary};
use crate::workers::Workers;

/// Keeps events before they are acknowledged, and has them handled afterwards.
///
/// Clones share one inbox.
///
/// ```no_run
/// use feishu_events::{Dispatcher, Webhook, dispatcher, feishu_handler, im};
/// use feishu_events_inbox::{Inbox, SqliteStore};
///
/// #[feishu_handler("im.message.receive_v1")]
/// async fn on_message(event: im::MessageReceiveV1) -> Result<(), std::io::Error> {
///     Ok(())
/// }
///
/// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
/// let handlers: Dispatcher = dispatcher![on_message];
/// let inbox = Inbox::builder(handlers).in_order().build(SqliteStore::open("inbox.db")?);
/// let webhook = Webhook::builder(inbox.dispatcher())
///     .encrypt_key("the app's encrypt key")
///     .build()?;
/// let workers = inbox.start();
/// // Serve `webhook` until the end, then:
/// workers.shut_down(std::time::Duration::from_secs(10)).await;
/// # Ok(()) }
/// ```
#[derive(Clone)]
pub struct Inbox(pub(crate) Arc<Shared>);

impl Inbox {
    /// A builder for an inbox whose events are handled by `handlers`.
    pub fn builder(handlers: Dispatcher) -> InboxBuilder {
        InboxBuilder::new(handlers)
    }

    pub(crate) fn new(
        handlers: Dispatcher,
        store: Arc<dyn InboxStore>,
        settings: Settings,
    ) -> Self {
        Self(Arc::new(Shared {
            handlers,
            store,
            settings,
            health: Health::default(),
            due: Notify::new(),
            paused: watch::Sender::new(false),
        }))
    }

    /// The dispatcher to pass to a receiver in place of the handlers: it keeps each event that has a
    /// handler, after which the receiver acknowledges it. Callbacks still go to their handlers directly.
    pub fn dispatcher(&self) -> Dispatcher {
        self.0.handlers.clone().keep_in(Keeper(Arc::clone(&self.0)))
    }

    /// Starts to handle kept events, in tasks of the tokio runtime.
    ///
    /// Several processes can do so with one store; each event is leased to one of them at a time.
    ///
    /// # Panics
    /// Outside a tokio runtime.
    pub fn start(&self) -> Workers {
        Workers::start(Arc::clone(&self.0))
    }

    /// Stops taking events from the store; running handlers continue, and events are still kept.
    pub fn pause(&self) {
        self.0.paused.send_replace(true);
    }

    /// Handles events again after [`pause`](Self::pause).
    pub fn resume(&self) {
        self.0.paused.send_replace(false);
    }

    /// The status of the inbox, without querying the store.
    pub fn status(&self) -> Status {
        Status {
            store: self.0.store.name().to_owned(),
            down: self.0.health.down(),
            running: self.0.health.running.load(Ordering::Acquire),
            is_paused: *self.0.paused.borrow(),
        }
    }

    /// How many events there are.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn depth(&self) -> Result<Depth, InboxError> {
        self.0.ask(self.0.store.depth()).await
    }

    /// Dead events with an id after this one, at most `limit`.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn dead(&self, after: u64, limit: usize) -> Result<Vec<Summary>, InboxError> {
        let query = Query {
            states: vec![State::Dead],
            after,
            id: None,
            limit,
        };
        self.0.ask(self.0.store.list(query)).await
    }

    /// Queues dead and held events again, with the full number of attempts; returns how many.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn redrive(&self, selection: Selection) -> Result<u64, InboxError> {
        let redriven = self.0.ask(self.0.store.redrive(selection)).await?;
        self.0.due.notify_one();
        Ok(redriven)
    }

    /// Where events are kept.
    pub fn store(&self) -> &dyn InboxStore {
        &*self.0.store
    }
}

impl fmt::Debug for Inbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Inbox")
            .field("handlers", &self.0.handlers)
            .field("status", &self.status())
            .finish_non_exhaustive()
    }
}

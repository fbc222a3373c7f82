//! The client: connects, receives, reconnects.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::fmt;
use std::future::pending;
use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use tokio::sync::watch;
use tokio::time::{Instant, sleep};
use tracing::{Instrument, Span};

use super::builder::LongConnectionBuilder;
use super::failure::Failure;
use super::schedule::{Lost, Schedule};
use super::session::{Ended, Session, SessionTasks};
use super::shutdown::Shutdown;
use super::status::{Connected, ConnectionState, Disconnected, Reconnecting, Status};
use crate::delivery::{DeliveryMonitor, Drained};
use crate::long_connection::connect::endpoint;
use crate::long_connection::connect::upgrade::upgrade;
use crate::long_connection::session::activity::LastActivity;
use crate::long_connection::shared::ClientShared;

/// A receiver of events over a connection that it opens to the platform: no public address, no
/// signature, no decryption.
///
/// It reconnects when necessary, and detects dead connections. Each event runs in a task of its own
/// and is acknowledged according to the [`DeliveryOptions`](crate::DeliveryOptions).
///
/// A program may have any number of them, for one app or several. The platform accepts
/// [50 connections][page] of one app, and sends each event to one of them.
///
/// [page]: https://open.feishu.cn/document/uAjLw4CM/ukTMukTMukTM/event-subscription-guide/long-connection-mode
///
/// ```no_run
/// use feishu_events::{Domain, LongConnection, contact, dispatcher, feishu_handler};
///
/// #[feishu_handler("contact.user.created_v3")]
/// async fn on_user_created(event: contact::UserCreatedV3) {
///     println!("{:?}", event.object.and_then(|user| user.name));
/// }
///
/// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
/// let connection = LongConnection::builder("cli_…", "the app's secret")
///     .domain(Domain::Lark)
///     .dispatcher(dispatcher![on_user_created])
///     .build()?;
/// connection.run().await?;
/// # Ok(())
/// # }
/// ```
#[must_use = "it does nothing unless it is run"]
pub struct LongConnection {
    shared: Arc<ClientShared>,
}

/// What happened to a long connection that was shut down.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Stopped {
    /// What happened to the events that were being handled.
    pub drained: Drained,
    /// Whether all answers were sent and the connection was closed cleanly; false if it was
    /// not connected at the time.
    pub closed: bool,
    /// How many events without a handler were received, by event type.
    pub unhandled: BTreeMap<String, u64>,
    /// The last status.
    pub status: Status,
}

/// A long connection has ended with an error that retrying does not fix.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct LongConnectionError {
    /// The app.
    pub app_id: String,
    /// How many attempts had failed in a row.
    pub attempts: u32,
    /// The last failure; its message says what to do.
    pub failure: Arc<Failure>,
    /// What happened to the events that were still being handled.
    pub drained: Drained,
}

impl LongConnection {
    /// A builder for a long connection of the app with this id and secret (developer console,
    /// Credentials & Basic Info).
    pub fn builder(
        app_id: impl Into<String>,
        app_secret: impl Into<String>,
    ) -> LongConnectionBuilder {
        LongConnectionBuilder::new(app_id.into(), app_secret.into())
    }

    pub(super) fn new(shared: ClientShared) -> Self {
        let shared = Arc::new(shared);
        Self { shared }
    }

    /// The state of the connection, for health checks and for waiting until it changes.
    ///
    /// Receivers are woken when the state changes, not for each event.
    pub fn status(&self) -> watch::Receiver<Status> {
        self.shared.status.subscribe()
    }

    /// What its handlers are doing: how many run and how many events wait, and the oldest.
    pub fn monitor(&self) -> DeliveryMonitor {
        self.shared.acceptor.monitor()
    }

    /// Receives events indefinitely.
    ///
    /// Dropping the future stops everything at once: the connection, and the handlers at their
    /// next `.await`; what was cut off is logged. [`run_until`](Self::run_until) lets handlers finish.
    ///
    /// # Errors
    /// Failures that retrying does not fix: a wrong secret, the wrong domain, an app that may not use
    /// long connections.
    ///
    /// # Panics
    /// Outside a tokio runtime with I/O and a timer.
    pub async fn run(self) -> Result<Infallible, LongConnectionError> {
        match self.run_until(pending()).await {
            Err(error) => Err(error),
            // `pending` never comes, so this is not reached; and if it were, to wait is right.
            Ok(_) => pending().await,
        }
    }

    /// Receives events until `shutdown` is ready; then accepts no more, gives running handlers time
    /// to finish, sends their answers, closes, and returns what happened.
    ///
    /// # Errors
    /// As [`run`](Self::run).
    ///
    /// # Panics
    /// Outside a tokio runtime with I/O and a timer.
    pub async fn run_until(
        self,
        shutdown: impl Future<Output = ()>,
    ) -> Result<Stopped, LongConnectionError> {
        let shutdown = pin!(shutdown);
        let span = tracing::info_span!("long_connection", app_id = self.shared.app_id);
        let mut running = Running {
            shared: self.shared,
            span: span.clone(),
            tasks: SessionTasks::default(),
            schedule: Schedule::default(),
            last_online: None,
            refused_since: None,
        };
        let mut shutdown = Shutdown::new(shutdown);
        let outcome = async {
            let ended = match running.serve(&mut shutdown).await {
                // There is nobody to answer to, but what has begun is not torn off.
                Err(failure) => Err((failure, running.drain().await)),
                Ok(ended) => Ok(ended),
            };
            running.tasks.say_farewells().await;
            ended
        };
        let outcome = outcome.instrument(span).await;
        let shared = &running.shared;
        shared.enter(ConnectionState::Stopped, |_| {});
        match outcome {
            Ok((drained, closed)) => Ok(Stopped {
                drained,
                closed,
                unhandled: shared.acceptor.unhandled(),
                status: shared.status.borrow().clone(),
            }),
            Err((failure, drained)) => Err(LongConnectionError {
                app_id: shared.app_id.clone(),
                attempts: running.schedule.failures(),
                failure,
                drained,
            }),
        }
    }
}

impl fmt::Debug for LongConnection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("LongConnection").field(&self.shared).finish()
    }
}

/// A running client. Dropping it stops everything.
struct Running {
    shared: Arc<ClientShared>,
    /// In which all is logged, the end too.
    span: Span,
    tasks: SessionTasks,
    schedule: Schedule,
    /// When the last connection was lost.
    last_online: Option<Instant>,
    /// Since when the platform has refused the app, if it does.
    refused_since: Option<Instant>,
}

impl Running {
    /// Receives events until the shutdown, or a failure that retrying does not fix.
    async fn serve<S: Future<Output = ()>>(
        &mut self,
        shutdown: &mut Shutdown<'_, S>,
    ) -> Result<(Drained, bool), Arc<Failure>> {
        loop {
            let attempt = self.schedule.attempt();
            let shared = Arc::clone(&self.shared);
            shared.enter(ConnectionState::Connecting, |status| {
                status.attempt = attempt;
            });
            let Some(connected) = shutdown.unless(connect(&shared)).await else {
                return Ok((self.drain().await, false));
            };
            let wait = match connected {
                Ok((session, connection)) => {
                    self.online(connection.clone(), attempt);
                    let since = Instant::now();
                    let (failure, received) = match session.run(shutdown, &mut self.tasks).await {
                        Ended::ShutDown { drained, closed } => return Ok((drained, closed)),
                        Ended::Lost { failure, received } => (Arc::new(failure), received),
                    };
                    self.last_online = Some(Instant::now());
                    let lasted = since.elapsed();
                    shared.observers.disconnected(&Disconnected {
                        app_id: shared.app_id.clone(),
                        connection,
                        lasted,
                        failure: Arc::clone(&failure),
                    });
                    let settings = shared.settings();
                    let lost = Lost {
                        lasted,
                        received,
                        closed: matches!(*failure, Failure::Closed { .. }),
                    };
                    let wait = self.schedule.lost(lost, shared.reconnect, &settings);
                    (failure, wait)
                }
                Err(failure) => {
                    let settings = shared.settings();
                    let wait = self.schedule.failed(shared.reconnect, &settings);
                    (Arc::new(failure), wait)
                }
            };
            let wait = match wait {
                (failure, Some(wait)) if shared.heals(&failure) || self.is_doubtful(&failure) => {
                    (failure, wait)
                }
                (failure, _) => return Err(failure),
            };
            if self.wait(shutdown, wait).await.is_none() {
                return Ok((self.drain().await, false));
            }
        }
    }

    /// Whether a refusal that retrying can't fix is retried nevertheless: the platform has accepted
    /// the same app and secret before, so that the mistake may be its own.
    fn is_doubtful(&mut self, failure: &Failure) -> bool {
        if self.last_online.is_none() || failure.is_connection_limit() {
            return false;
        }
        let since = *self.refused_since.get_or_insert_with(Instant::now);
        let limit = self.shared.retry_refusals_for;
        if since.elapsed() >= limit {
            return false;
        }
        tracing::error!(
            %failure,
            "the platform refuses an app that it has accepted before: retrying for {limit:?}"
        );
        true
    }

    fn online(&mut self, connection: Option<String>, attempts: u32) {
        self.refused_since = None;
        self.shared.enter(ConnectionState::Online, |status| {
            status.online_since = Some(SystemTime::now());
            status.attempt = 0;
            status.connections += 1;
        });
        self.shared.observers.connected(&Connected {
            app_id: self.shared.app_id.clone(),
            connection,
            attempts,
            offline_for: self.last_online.map(|lost| lost.elapsed()),
        });
    }

    /// Waits for the next attempt; `None` if the shutdown started first.
    async fn wait<S: Future<Output = ()>>(
        &self,
        shutdown: &mut Shutdown<'_, S>,
        (failure, after): (Arc<Failure>, Duration),
    ) -> Option<()> {
        let attempt = self.schedule.attempt();
        self.shared.enter(ConnectionState::Waiting, |status| {
            status.attempt = attempt;
            status.next_try = Some(SystemTime::now() + after);
            status.last_failure = Some(Arc::clone(&failure));
        });
        self.shared.observers.reconnecting(&Reconnecting {
            app_id: self.shared.app_id.clone(),
            attempt,
            after,
            failure,
        });
        shutdown.unless(sleep(after)).await
    }

    /// Lets running handlers finish, when there is no connection.
    async fn drain(&self) -> Drained {
        self.shared.enter(ConnectionState::Draining, |_| {});
        self.shared
            .acceptor
            .shut_down(self.shared.drain_within)
            .await
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _inside = self.span.enter();
        self.shared.acceptor.stop();
        if self.shared.status.borrow().state != ConnectionState::Stopped {
            self.shared.enter(ConnectionState::Stopped, |_| {});
        }
    }
}

/// Asks for an address and connects to it.
async fn connect(shared: &Arc<ClientShared>) -> Result<(Session, Option<String>), Failure> {
    let mut settings = shared.settings();
    let app = (shared.app_id.as_str(), &shared.app_secret);
    let address = endpoint::ask(&shared.connector, &shared.endpoint, app, &mut settings).await?;
    shared.status.send_if_modified(|status| {
        status.settings = settings;
        false
    });
    let last_activity = Arc::new(LastActivity::new());
    let socket = upgrade(
        &shared.connector,
        &address,
        shared.message_limit,
        &last_activity,
    )
    .await?;
    let session = Session {
        shared: Arc::clone(shared),
        socket,
        service: address.service,
        last_activity,
    };
    Ok((session, address.connection))
}

impl fmt::Display for LongConnectionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            app_id,
            attempts,
            failure,
            drained: _,
        } = self;
        write!(f, "the long connection of app {app_id} has ended")?;
        if failure.can_heal() {
            write!(f, " after {attempts} attempts")?;
        }
        write!(f, ": {failure}")
    }
}

impl std::error::Error for LongConnectionError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&*self.failure)
    }
}

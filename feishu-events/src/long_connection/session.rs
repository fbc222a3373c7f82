//! One open connection, from its first message to its end.

mod reader;
mod writer;

use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use futures_util::StreamExt;
use tokio::sync::{Notify, mpsc};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until, timeout};
use tokio_tungstenite::tungstenite::Message;

use super::core::Core;
use super::failure::Failure;
use super::frame::Frame;
use super::heard::LastHeard;
use super::liveness::{Due, Liveness};
use super::shutdown::Shutdown;
use super::status::ConnectionState;
use super::upgrade::Socket;
use crate::delivery::Drained;
use reader::Reader;

/// How many messages wait for being sent.
const OUTGOING: usize = 1024;

/// How long the platform has for its part of closing.
const CLOSE_WITHIN: Duration = Duration::from_secs(3);

/// How a connection ended.
pub(super) enum Ended {
    /// It was lost.
    Lost(Failure),
    /// The client was shut down: what became of the events, and whether all answers were sent and
    /// the connection closed as it should be.
    ShutDown { drained: Drained, closed: bool },
}

/// An open connection.
pub(super) struct Session {
    pub(super) core: Arc<Core>,
    pub(super) socket: Socket,
    /// The service that pings go to.
    pub(super) service: i32,
    pub(super) last_heard: Arc<LastHeard>,
}

impl Session {
    /// Receives events until the connection is lost or the client is shut down; the events'
    /// answers are waited for in `tasks`.
    ///
    /// Reading, writing and pinging wait for nothing of each other, and dropping this ends all.
    pub(super) async fn run<S: Future<Output = ()>>(
        self,
        shutdown: &mut Shutdown<'_, S>,
        tasks: &mut JoinSet<()>,
    ) -> Ended {
        let Self {
            core,
            socket,
            service,
            last_heard,
        } = self;
        let (sink, stream) = socket.split();
        // All hold it weakly but those who have something to send, and the one who ends it.
        let (outgoing, messages) = mpsc::channel(OUTGOING);
        let new_settings = Notify::new();
        let reader = Reader::new(&core, outgoing.downgrade(), tasks, &new_settings);
        let mut reading = pin!(reader.run(stream));
        let mut writing = pin!(writer::run(sink, messages, core.net.limit));
        let watching = watch(
            &core,
            service,
            &last_heard,
            &new_settings,
            outgoing.downgrade(),
        );
        let mut watching = pin!(watching);
        let is_shut_down = shutdown.flag();
        let mut draining = pin!(async {
            shutdown.wait().await;
            core.enter(ConnectionState::Draining, |_| {});
            let drained = core.intake.shut_down(core.drain_within).await;
            // When the last answer is on its way, the connection is closed.
            drop(outgoing);
            drained
        });
        let mut drained = None;
        let ended = poll_fn(|context| {
            if drained.is_none()
                && let Poll::Ready(done) = draining.as_mut().poll(context)
            {
                drained = Some(done);
            }
            // Reading last: in a flood it takes all of the turn that tokio gives this task.
            if let Poll::Ready(written) = writing.as_mut().poll(context) {
                return Poll::Ready(written);
            }
            if let Poll::Ready(failure) = watching.as_mut().poll(context) {
                return Poll::Ready(Err(failure));
            }
            reading.as_mut().poll(context).map(Err)
        })
        .await;
        match (ended, drained) {
            (Ok(()), Some(drained)) => {
                // The platform answers the closing, or it does not.
                drop(timeout(CLOSE_WITHIN, reading).await);
                let closed = true;
                Ended::ShutDown { drained, closed }
            }
            (Err(failure), drained) if is_shut_down.is_set() => {
                tracing::debug!(%failure, "the connection was lost while shutting down");
                let closed = false;
                let drained = match drained {
                    Some(drained) => drained,
                    None => draining.await,
                };
                Ended::ShutDown { drained, closed }
            }
            (Err(failure), _) => Ended::Lost(failure),
            // Writing ends well only after draining.
            (Ok(()), None) => Ended::Lost(Failure::broken("nothing could be sent")),
        }
    }
}

/// Pings, and notices when the connection is dead.
async fn watch(
    core: &Core,
    service: i32,
    last_heard: &LastHeard,
    new_settings: &Notify,
    outgoing: mpsc::WeakSender<Message>,
) -> Failure {
    let mut liveness = Liveness::new(core.patience);
    loop {
        let interval = core.settings().ping_interval;
        let ping = match liveness.due(Instant::now(), last_heard.sign(), interval) {
            Due::Dead(silence) => return Failure::Silent { silence },
            Due::Ping => Message::Binary(Frame::ping(service).encode()),
            Due::Probe => Message::Ping(bytes::Bytes::new()),
            Due::Nothing { until } => {
                let new_settings = pin!(new_settings.notified());
                let until = pin!(sleep_until(until));
                futures_util::future::select(until, new_settings).await;
                continue;
            }
        };
        if let Some(outgoing) = outgoing.upgrade() {
            // If so much waits for being sent, writing takes too long or is stuck: its limit is
            // the writer's.
            drop(outgoing.try_send(ping));
        }
    }
}

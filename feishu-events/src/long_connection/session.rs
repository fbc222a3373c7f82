//! One open connection, from its first message to its end.

pub(super) mod activity;
mod answer;
mod assembly;
pub(crate) mod frame;
pub(super) mod liveness;
mod payload;
mod reader;
mod writer;

use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::Poll;
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::future::OptionFuture;
use tokio::sync::{Notify, mpsc};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, sleep_until, timeout};
use tokio_tungstenite::tungstenite::Message;

use super::failure::{Failure, Step};
use super::shutdown::Shutdown;
use super::status::ConnectionState;
use crate::delivery::Drained;
use crate::long_connection::connect::upgrade::Socket;
use crate::long_connection::session::activity::{LastActivity, LastFrame};
use crate::long_connection::session::frame::Frame;
use crate::long_connection::session::liveness::{Due, Liveness};
use crate::long_connection::shared::ClientShared;
use reader::Reader;

/// How many messages wait for being sent.
const OUTGOING: usize = 1024;

/// How long the platform has for its part of closing.
const CLOSE_WITHIN: Duration = Duration::from_secs(3);

/// What those who read, ping and shut down tell each other.
struct SessionFlags {
    /// All events are done: no more are taken.
    is_over: AtomicBool,
    /// The reader waits for a place, and reads nothing.
    is_waiting: AtomicBool,
    /// A frame has arrived.
    has_received: AtomicBool,
    last_activity: Arc<LastActivity>,
    last_frame: LastFrame,
    /// The platform has sent settings.
    new_settings: Notify,
}

impl SessionFlags {
    fn new(last_activity: Arc<LastActivity>) -> Self {
        Self {
            is_over: AtomicBool::new(false),
            is_waiting: AtomicBool::new(false),
            has_received: AtomicBool::new(false),
            last_activity,
            last_frame: LastFrame::default(),
            new_settings: Notify::new(),
        }
    }

    /// Silence is counted from now on only: until now, nobody listened.
    fn excuse_silence(&self) {
        self.last_activity.note();
        self.last_frame.note();
    }
}

/// How a connection ended.
pub(super) enum Ended {
    /// It was lost; and whether the platform had sent anything.
    Lost { failure: Failure, received: bool },
    /// The client was shut down: what became of the events, and whether all answers were sent and
    /// the connection closed as it should be.
    ShutDown { drained: Drained, closed: bool },
}

/// An open connection.
pub(super) struct Session {
    pub(super) shared: Arc<ClientShared>,
    pub(super) socket: Socket,
    /// The service that pings go to.
    pub(super) service: i32,
    pub(super) last_activity: Arc<LastActivity>,
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
            shared,
            socket,
            service,
            last_activity,
        } = self;
        let (sink, stream) = socket.split();
        // All hold it weakly but those who have something to send, and the one who ends it.
        let (outgoing, messages) = mpsc::channel(OUTGOING);
        let flags = SessionFlags::new(last_activity);
        let reader = Reader::new(&shared, outgoing.downgrade(), tasks, &flags);
        let mut reading = pin!(reader.run(stream));
        let mut writing = pin!(writer::run(sink, messages, shared.connector.limit));
        let watching = watch(&shared, service, &flags, outgoing.downgrade());
        let mut watching = pin!(watching);
        let is_shut_down = shutdown.flag();
        let mut draining = pin!(async {
            shutdown.wait().await;
            shared.enter(ConnectionState::Draining, |_| {});
            let drained = shared.acceptor.shut_down(shared.drain_within).await;
            // When the last answer is on its way, the connection is closed.
            flags.is_over.store(true, Ordering::Release);
            drop(outgoing);
            drained
        });
        let mut drained = None;
        // The last answers have as long as any step, however slowly the platform reads them.
        let mut too_late = pin!(OptionFuture::from(None));
        let ended = poll_fn(|context| {
            if drained.is_none()
                && let Poll::Ready(done) = draining.as_mut().poll(context)
            {
                drained = Some(done);
                too_late.set(Some(sleep(shared.connector.limit)).into());
            }
            if let Poll::Ready(Some(())) = too_late.as_mut().poll(context) {
                let failure = Failure::timed_out(Step::Write, "the long connection");
                return Poll::Ready(Err(failure));
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
            (Err(failure), _) => Ended::Lost {
                failure,
                received: flags.has_received.load(Ordering::Acquire),
            },
            // Writing ends well only after draining.
            (Ok(()), None) => Ended::Lost {
                failure: Failure::broken("nothing could be sent"),
                received: flags.has_received.load(Ordering::Acquire),
            },
        }
    }
}

/// Pings, and notices when the connection is dead.
async fn watch(
    shared: &ClientShared,
    service: i32,
    flags: &SessionFlags,
    outgoing: mpsc::WeakSender<Message>,
) -> Failure {
    let mut liveness = Liveness::new(shared.timeouts);
    loop {
        let interval = shared.settings().ping_interval;
        if flags.is_waiting.load(Ordering::Acquire) {
            flags.excuse_silence();
        }
        let (heard, frame) = (flags.last_activity.sign(), flags.last_frame.at());
        let ping = match liveness.due(Instant::now(), heard, frame, interval) {
            Due::Dead(silence) => return Failure::Silent { silence },
            Due::Forgotten(silence) => return Failure::Forgotten { silence },
            Due::Ping => Message::Binary(Frame::ping(service).encode()),
            Due::Probe => Message::Ping(bytes::Bytes::new()),
            Due::Nothing { until } => {
                let new_settings = pin!(flags.new_settings.notified());
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

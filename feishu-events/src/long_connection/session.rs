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
use crate::long_connection::session::activity::{LastFrame, LastHeard};
use crate::long_connection::session::frame::Frame;
use crate::long_connection::session::liveness::{Due, Liveness};
use crate::long_connection::shared::Core;
use reader::Reader;

/// How many messages wait for being sent.
const OUTGOING: usize = 1024;

/// How long the platform has for its part of closing.
const CLOSE_WITHIN: Duration = Duration::from_secs(3);

/// What those who read, ping and shut down tell each other.
struct News {
    /// All events are done: no more are taken.
    is_over: AtomicBool,
    /// The reader waits for a place, and reads nothing.
    is_held_up: AtomicBool,
    last_heard: Arc<LastHeard>,
    last_frame: LastFrame,
    /// The platform has sent settings.
    new_settings: Notify,
}

impl News {
    fn new(last_heard: Arc<LastHeard>) -> Self {
        Self {
            is_over: AtomicBool::new(false),
            is_held_up: AtomicBool::new(false),
            last_heard,
            last_frame: LastFrame::default(),
            new_settings: Notify::new(),
        }
    }

    /// Silence is counted from now on only: until now, nobody listened.
    fn excuse_silence(&self) {
        self.last_heard.note();
        self.last_frame.note();
    }
}

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
        let news = News::new(last_heard);
        let reader = Reader::new(&core, outgoing.downgrade(), tasks, &news);
        let mut reading = pin!(reader.run(stream));
        let mut writing = pin!(writer::run(sink, messages, core.net.limit));
        let watching = watch(&core, service, &news, outgoing.downgrade());
        let mut watching = pin!(watching);
        let is_shut_down = shutdown.flag();
        let mut draining = pin!(async {
            shutdown.wait().await;
            core.enter(ConnectionState::Draining, |_| {});
            let drained = core.intake.shut_down(core.drain_within).await;
            // When the last answer is on its way, the connection is closed.
            news.is_over.store(true, Ordering::Release);
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
                too_late.set(Some(sleep(core.net.limit)).into());
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
    news: &News,
    outgoing: mpsc::WeakSender<Message>,
) -> Failure {
    let mut liveness = Liveness::new(core.patience);
    loop {
        let interval = core.settings().ping_interval;
        if news.is_held_up.load(Ordering::Acquire) {
            news.excuse_silence();
        }
        let (heard, frame) = (news.last_heard.sign(), news.last_frame.at());
        let ping = match liveness.due(Instant::now(), heard, frame, interval) {
            Due::Dead(silence) => return Failure::Silent { silence },
            Due::Forgotten(silence) => return Failure::Forgotten { silence },
            Due::Ping => Message::Binary(Frame::ping(service).encode()),
            Due::Probe => Message::Ping(bytes::Bytes::new()),
            Due::Nothing { until } => {
                let new_settings = pin!(news.new_settings.notified());
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

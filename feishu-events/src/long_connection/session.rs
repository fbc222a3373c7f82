//! One open connection, from its first message to its end.

pub(super) mod activity;
mod answer;
mod assembly;
mod farewell;
pub(crate) mod frame;
pub(super) mod liveness;
mod payload;
mod reader;
pub(super) mod socket;
mod writer;

use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::Poll;
use std::time::Duration;

use futures_util::future::OptionFuture;
use tokio::sync::{Notify, mpsc};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, sleep_until, timeout};
use tokio_tungstenite::tungstenite::protocol::frame::Frame as WebSocketFrame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::{Data, OpCode};
use tracing::Instrument;

use super::failure::{Failure, Step};
use super::shutdown::Shutdown;
use super::status::ConnectionState;
use crate::delivery::Drained;
use crate::long_connection::session::activity::{LastActivity, LastFrame};
use crate::long_connection::session::frame::Frame;
use crate::long_connection::session::liveness::{Due, Liveness};
use crate::long_connection::shared::ClientShared;
use farewell::{Farewell, LastWords};
use reader::Reader;
use socket::Socket;
use writer::{Pongs, Writer};

/// How many messages wait for being sent.
const OUTGOING: usize = 1024;

/// How long the platform has for its part of closing.
const CLOSE_WITHIN: Duration = Duration::from_secs(3);

/// When nothing can be written, how long it may take to read why.
const REASON_WITHIN: Duration = Duration::from_secs(1);

/// What is waited for in tasks of its own, by all connections of one client.
#[derive(Default)]
pub(super) struct SessionTasks {
    /// Answers to events.
    pub(super) answers: JoinSet<()>,
    /// Answers that go out over connections that the platform has closed.
    pub(super) farewells: JoinSet<()>,
}

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
    pongs: Pongs,
}

impl SessionTasks {
    fn say_farewell(&mut self, farewell: Farewell, words: LastWords) {
        while self.farewells.try_join_next().is_some() {}
        if !matches!(words, LastWords::Nothing) {
            self.farewells.spawn(farewell.say(words).in_current_span());
        }
    }

    /// Waits until the last answers are sent, but not for long.
    pub(super) async fn say_farewells(&mut self) {
        let said = async { while self.farewells.join_next().await.is_some() {} };
        drop(timeout(CLOSE_WITHIN, said).await);
    }
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
            pongs: Pongs::default(),
        }
    }

    /// Silence is counted from now on only: until now, nobody listened.
    fn excuse_silence(&self) {
        self.last_activity.note();
        self.last_frame.note(Instant::now());
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
        tasks: &mut SessionTasks,
    ) -> Ended {
        let Self {
            shared,
            socket:
                Socket {
                    mut incoming,
                    outgoing: stream,
                },
            service,
            last_activity,
        } = self;
        // All hold it weakly but those who have something to send, and the one who ends it.
        let (outgoing, mut frames) = mpsc::channel(OUTGOING);
        let flags = SessionFlags::new(last_activity);
        let mut writer = Writer::new(stream, shared.connector.limit);
        let answers = &mut tasks.answers;
        let reader = Reader::new(&shared, outgoing.downgrade(), answers, &flags);
        let mut reading = Box::pin(reader.run(&mut incoming));
        let mut writing = Box::pin(writer.run_and_close(&mut frames, &flags.pongs));
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
        let mut has_read = false;
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
                return Poll::Ready(Err((failure, LastWords::Nothing)));
            }
            // Reading last: in a flood it takes all of the turn that tokio gives this task.
            if let Poll::Ready(written) = writing.as_mut().poll(context) {
                return Poll::Ready(written.map_err(|failure| (failure, LastWords::Nothing)));
            }
            if let Poll::Ready(failure) = watching.as_mut().poll(context) {
                return Poll::Ready(Err((failure, LastWords::Nothing)));
            }
            let read = reading.as_mut().poll(context);
            has_read = read.is_ready();
            read.map(Err)
        })
        .await;
        let (failure, words) = match (ended, drained.take()) {
            (Ok(()), Some(drained)) => {
                // The platform answers the closing, or it does not.
                drop(timeout(CLOSE_WITHIN, reading).await);
                let closed = true;
                return Ended::ShutDown { drained, closed };
            }
            // Writing ends well only after draining.
            (Ok(()), None) => (Failure::broken("nothing could be sent"), LastWords::Nothing),
            (Err(ended), done) => {
                drained = done;
                ended
            }
        };
        let failure = match failure {
            Failure::Broken { .. } if !has_read => reason(failure, &mut reading).await,
            _ => failure,
        };
        drop((reading, writing));
        let farewell = Farewell {
            writer,
            frames,
            incoming,
        };
        tasks.say_farewell(farewell, words);
        if is_shut_down.is_set() {
            tracing::debug!(%failure, "the connection was lost while shutting down");
            let drained = match drained {
                Some(drained) => drained,
                None => draining.await,
            };
            let closed = false;
            return Ended::ShutDown { drained, closed };
        }
        Ended::Lost {
            failure,
            received: flags.has_received.load(Ordering::Acquire),
        }
    }
}

/// Why nothing could be written: perhaps the platform has said that it closes the connection.
async fn reason(failure: Failure, reading: impl Future<Output = (Failure, LastWords)>) -> Failure {
    match timeout(REASON_WITHIN, reading).await {
        Ok((closed @ Failure::Closed { code: Some(_), .. }, _)) => closed,
        _ => failure,
    }
}

/// A frame as the WebSocket's message.
fn binary(frame: Frame) -> WebSocketFrame {
    WebSocketFrame::message(frame.encode(), OpCode::Data(Data::Binary), true)
}

/// Pings, and notices when the connection is dead.
async fn watch(
    shared: &ClientShared,
    service: i32,
    flags: &SessionFlags,
    outgoing: mpsc::WeakSender<WebSocketFrame>,
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
            Due::Ping => binary(Frame::ping(service)),
            Due::Probe => WebSocketFrame::ping(bytes::Bytes::new()),
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

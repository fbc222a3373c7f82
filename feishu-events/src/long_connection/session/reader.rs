//! Receiving: each message is read at once, and answered from a task of its own.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::task::Poll;
use std::time::SystemTime;

use bytes::Bytes;
use futures_util::StreamExt;
use tokio::sync::{OwnedSemaphorePermit, mpsc};
use tokio::task::JoinSet;
use tokio::time::Instant;
use tokio_tungstenite::tungstenite::error::ProtocolError;
use tokio_tungstenite::tungstenite::protocol::frame::Frame as WebSocketFrame;
use tokio_tungstenite::tungstenite::{Error, Message};
use tracing::Instrument;

use super::SessionFlags;
use crate::delivery::{AcceptedEvent, Answer};
use crate::event::envelope::{EnvelopeError, LazyPayload, RawEnvelope, open};
use crate::handler::catch_panic::{catch_panic, poll_once};
use crate::handler::context::{Delivery, LazyDelivery, Transport};
use crate::long_connection::failure::Failure;
use crate::long_connection::order::Arrival;
use crate::long_connection::session::answer::answer_to;
use crate::long_connection::session::assembly::Assembly;
use crate::long_connection::session::binary;
use crate::long_connection::session::farewell::LastWords;
use crate::long_connection::session::frame::{Frame, Kind, Method, key};
use crate::long_connection::session::payload;
use crate::long_connection::session::socket::Incoming;
use crate::long_connection::shared::ClientShared;
use crate::redact::one_line::OneLine;

/// Reads what the platform sends.
pub(super) struct Reader<'a> {
    shared: &'a Arc<ClientShared>,
    outgoing: mpsc::WeakSender<WebSocketFrame>,
    /// Where the events' answers are waited for.
    tasks: &'a mut JoinSet<()>,
    flags: &'a SessionFlags,
    assembly: Assembly,
}

/// When a message came, by the clock that is compared and the one that is shown.
#[derive(Clone, Copy)]
struct Received {
    at: Instant,
    time: SystemTime,
}

impl Received {
    fn now() -> Self {
        Self {
            at: Instant::now(),
            time: SystemTime::now(),
        }
    }
}

impl<'a> Reader<'a> {
    pub(super) fn new(
        shared: &'a Arc<ClientShared>,
        outgoing: mpsc::WeakSender<WebSocketFrame>,
        tasks: &'a mut JoinSet<()>,
        flags: &'a SessionFlags,
    ) -> Self {
        Self {
            shared,
            outgoing,
            tasks,
            flags,
            assembly: Assembly::new(shared.message_limit),
        }
    }

    /// Reads until the connection ends, and tells why, and what can still be said.
    pub(super) async fn run(mut self, stream: &mut Incoming) -> (Failure, LastWords) {
        loop {
            let message = stream.next().await;
            if !matches!(message, Some(Ok(Message::Close(_)) | Err(_)) | None) {
                self.flags.has_received.store(true, Ordering::Release);
            }
            match message {
                Some(Ok(Message::Binary(message))) => self.read(message).await,
                Some(Ok(Message::Text(_))) => {
                    if let Some(left_out) = self.shared.text_messages.pass(()) {
                        tracing::warn!(left_out, "dropped a text message, which cannot be a frame");
                    }
                }
                Some(Ok(Message::Ping(ping))) => self.flags.pongs.put(ping),
                Some(Ok(Message::Close(frame))) => {
                    let (code, reason) = match &frame {
                        Some(frame) => (Some(frame.code.into()), frame.reason.to_string()),
                        None => (None, String::new()),
                    };
                    let failure = Failure::Closed { code, reason };
                    return (failure, LastWords::AnswersAndClose(frame));
                }
                Some(Ok(_)) => {}
                Some(Err(Error::ConnectionClosed | Error::AlreadyClosed)) | None => {
                    let (code, reason) = (None, String::new());
                    return (Failure::Closed { code, reason }, LastWords::Answers);
                }
                Some(Err(Error::Capacity(error))) => {
                    let failure = Failure::broken(format!("{error}: see `event_size_limit`"));
                    return (failure, LastWords::Nothing);
                }
                Some(Err(error @ Error::Protocol(ProtocolError::ResetWithoutClosingHandshake))) => {
                    return (Failure::broken(error), LastWords::Answers);
                }
                Some(Err(error)) => return (Failure::broken(error), LastWords::Nothing),
            }
        }
    }

    /// Reads a message; what is wrong with it concerns no other.
    async fn read(&mut self, message: Bytes) {
        let received = Received::now();
        self.assembly.forget_old(received.at);
        let frame = match Frame::decode(message) {
            Ok(frame) => frame,
            Err(error) => {
                tracing::warn!(%error, "a message is dropped");
                return;
            }
        };
        self.shared.note_frame(received.time);
        self.flags.last_frame.note(received.at);
        match frame.method() {
            Method::Control => self.control(&frame),
            Method::Data if matches!(frame.kind(), Kind::Event | Kind::Card) => {
                self.data(frame, received).await;
            }
            Method::Data => {
                tracing::debug!(kind = ?frame.kind(), "data of an unknown kind is ignored");
            }
            Method::Other(method) => {
                tracing::debug!(method, "a frame with an unknown method is ignored");
            }
        }
    }

    fn control(&mut self, frame: &Frame) {
        match frame.kind() {
            Kind::Pong => {
                self.flags.last_frame.note_pong();
                let mut settings = self.shared.settings();
                settings.merge_payload(frame.payload.as_deref().unwrap_or_default());
                let is_new = self.shared.status.send_if_modified(|status| {
                    let is_new = status.settings != settings;
                    status.settings = settings;
                    is_new
                });
                if is_new {
                    tracing::debug!(?settings, "the platform sends other settings");
                    self.flags.new_settings.notify_one();
                }
            }
            kind => tracing::debug!(?kind, "a control frame is ignored"),
        }
    }

    async fn data(&mut self, mut frame: Frame, received: Received) {
        let whole = match self.assembly.add(&frame) {
            Ok(Some(whole)) => whole,
            Ok(None) => return,
            Err(error) => {
                let message_id = frame.header(key::MESSAGE_ID).map(shown);
                let trace_id = frame.header(key::TRACE_ID).map(shown);
                tracing::warn!(%error, message_id, trace_id, "a part of a message is dropped");
                return;
            }
        };
        // As long as answers are on their way there is somebody to send them: that is not enough.
        let is_over = self.flags.is_over.load(Ordering::Acquire);
        let outgoing = self.outgoing.upgrade().filter(|_| !is_over);
        let Some(outgoing) = outgoing else {
            tracing::debug!("an event came after the last answer was sent: it comes again");
            return;
        };
        warn_of_encoding(&frame);
        self.shared.note_event(received.time);
        // What more comes waits where it is, until some of this is answered.
        let places = Arc::clone(&self.shared.places);
        let now = places
            .try_acquire_owned()
            .ok()
            .zip(self.shared.room.take_now(whole.len()));
        let place = match now {
            Some(place) => place,
            None => match self.place(whole.len()).await {
                Some(place) => place,
                None => return,
            },
        };
        // The program's own code reads the event; its panic costs this event only.
        let taken = match catch_panic(|| self.take(frame.kind(), &whole, received.time)) {
            // It may have waited for its place: the platform's clock did not.
            Ok(Ok(Some(taken))) => Ok(taken.arrived(received.at).sized(whole.len())),
            Ok(Ok(None)) => {
                tracing::debug!("ignored a card frame that is not a callback of a card");
                return;
            }
            Ok(Err(error)) => Err(error.to_string()),
            Err(panic) => Err(format!("the program panicked while reading it: {panic}")),
        };
        // Neither is needed for the answer, and they may be large.
        drop(whole);
        frame.payload = None;
        self.reap();
        let mut answering = Box::pin(async move {
            let answer = match taken {
                Ok(taken) => taken.answer().await,
                Err(error) => {
                    let message_id = frame.header(key::MESSAGE_ID).map(shown);
                    let trace_id = frame.header(key::TRACE_ID).map(shown);
                    tracing::warn!(error, message_id, trace_id, "an event is refused");
                    Answer::Failed
                }
            };
            let answer = answer_to(frame, &answer, received.at.elapsed());
            if outgoing.send(binary(answer)).await.is_err() {
                tracing::debug!("the connection ended before the answer: the event comes again");
            }
            drop(place);
        });
        // A handler that waits for nothing is done at once, which saves a task.
        match poll_once(answering.as_mut()).await {
            Ok(Poll::Ready(())) => {}
            Ok(Poll::Pending) => drop(self.tasks.spawn(answering.in_current_span())),
            Err(panic) => tracing::error!(panic, "an event was not answered: it comes again"),
        }
    }

    /// Waits for a place with room for `bytes`. Data that arrives meanwhile is not read, which does not
    /// count as silence.
    async fn place(&self, bytes: usize) -> Option<(OwnedSemaphorePermit, OwnedSemaphorePermit)> {
        let places = Arc::clone(&self.shared.places);
        self.flags.is_waiting.store(true, Ordering::Release);
        let place = places.acquire_owned().await.ok();
        let room = self.shared.room.take(bytes).await;
        self.flags.excuse_silence();
        self.flags.is_waiting.store(false, Ordering::Release);
        place.zip(room)
    }

    /// Forgets the tasks that have ended.
    fn reap(&mut self) {
        while let Some(done) = self.tasks.try_join_next() {
            if let Err(error) = done
                && error.is_panic()
            {
                tracing::error!(%error, "an event was not answered: it comes again");
            }
        }
    }

    /// Reads an event; `None` is a card frame that is none.
    fn take(
        &self,
        kind: Kind<'_>,
        payload: &[u8],
        received: SystemTime,
    ) -> Result<Option<AcceptedEvent>, EnvelopeError> {
        let ClientShared {
            acceptor,
            order,
            turns,
            ..
        } = &**self.shared;
        let delivery = LazyDelivery::Known(Delivery::received(Transport::LongConnection, received));
        let found = match kind {
            Kind::Card => payload::card(payload)?,
            // Nearly all are read in one pass.
            _ if order.is_none() => {
                let take = |envelope: RawEnvelope<'_>| acceptor.take(envelope, delivery.clone());
                return open(payload, take).map(Some);
            }
            _ => Some(payload::event(payload)?),
        };
        let Some((header, payload)) = found else {
            return Ok(None);
        };
        let arrival = Arrival {
            header: &header,
            payload,
        };
        let turn = order.turn(turns, arrival);
        let envelope = RawEnvelope::new(header, LazyPayload::found(payload));
        Ok(Some(acceptor.take(envelope, delivery)?.in_turn(turn)))
    }
}

/// A value of a header, for a log.
fn shown(value: &str) -> String {
    OneLine(value).to_string()
}

fn warn_of_encoding(frame: &Frame) {
    let encoding = frame.payload_encoding.as_deref().unwrap_or_default();
    if !matches!(encoding, "" | "none") {
        tracing::warn!(
            encoding = %OneLine(encoding),
            "the payload has an encoding that is not known here"
        );
    }
}

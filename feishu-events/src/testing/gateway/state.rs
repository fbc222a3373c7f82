//! The state of the gateway: connections, events, and what is waiting for an answer.

mod answers;

use std::collections::{BTreeMap, HashSet, VecDeque};
use std::time::Duration;

use bytes::Bytes;
use serde_json::Value;
use tokio::sync::{mpsc, oneshot};
use tokio::time::Instant;

use super::message::Message;
use super::outcome::PushOutcome;
use super::push::Push;
use super::refusal::ConnectRefusal;
use super::schedule::{ActionQueue, Due, DueKey};
use crate::testing::gateway::delivery_log::{DeliveryAttempt, DeliveryLog, PushRecord};

/// How many different protocol violations are kept.
const VIOLATIONS: usize = 100;

/// The settings of the gateway.
#[derive(Debug, Clone)]
pub(super) struct Options {
    pub(super) app_id: String,
    pub(super) app_secret: String,
    pub(super) answer_within: Duration,
    pub(super) ladder: Vec<Duration>,
    pub(super) connection_limit: usize,
    pub(super) same_message_id: bool,
}

/// The state of the gateway.
#[derive(Debug)]
pub(super) struct GatewayState {
    pub(super) options: Options,
    pub(super) random: fastrand::Rng,
    /// The settings that clients receive from endpoint discovery and in pongs.
    pub(super) settings: Value,
    pub(super) refusals: VecDeque<ConnectRefusal>,
    pub(super) tickets: HashSet<String>,
    pub(super) connections: BTreeMap<u64, Connection>,
    pub(super) schedule: ActionQueue,
    /// Events to push to the next client that connects.
    pub(super) on_connect: VecDeque<usize>,
    protocol_violations: BTreeMap<String, usize>,
    events: Vec<Tracked>,
    pub(super) connects: usize,
    silence_durations: Vec<Duration>,
    next_seq_id: u64,
}

/// A client's connection.
#[derive(Debug)]
pub(super) struct Connection {
    pub(super) commands: mpsc::UnboundedSender<Command>,
    pub(super) silent_since: Option<Instant>,
    /// Messages that wait for an answer, by the sequence id of their first frame.
    waiting: BTreeMap<u64, Waiting>,
}

/// A command to the task of a connection.
#[derive(Debug)]
pub(super) enum Command {
    Send(Bytes),
    /// Ignore what the client sends, and send nothing more.
    Silence,
    /// Close the stream without a close frame.
    Drop,
}

/// A message that waits for an answer.
#[derive(Debug)]
struct Waiting {
    event: usize,
    delivery: usize,
    pushed: Instant,
    deadline: DueKey,
    message: Message,
}

/// An event and its state.
#[derive(Debug)]
struct Tracked {
    push: Push,
    entry: PushRecord,
    /// How often it was sent again because it had not been acknowledged.
    resent: usize,
    /// When it will be sent again for that reason.
    next: Option<DueKey>,
    /// How often it will still be pushed whatever is answered.
    repetitions: usize,
    /// It is acknowledged or lost.
    settled: bool,
    /// Receives the outcome of the first push.
    result: Option<oneshot::Sender<PushOutcome>>,
}

impl GatewayState {
    pub(super) fn new(options: Options, settings: Value, seed: u64) -> Self {
        Self {
            options,
            random: fastrand::Rng::with_seed(seed),
            settings,
            refusals: VecDeque::new(),
            tickets: HashSet::new(),
            connections: BTreeMap::new(),
            schedule: ActionQueue::default(),
            on_connect: VecDeque::new(),
            protocol_violations: BTreeMap::new(),
            events: Vec::new(),
            connects: 0,
            silence_durations: Vec::new(),
            next_seq_id: 1,
        }
    }

    /// Records a protocol violation of a client.
    pub(super) fn violation(&mut self, violation: impl Into<String>) {
        let violation = violation.into();
        if self.protocol_violations.len() < VIOLATIONS
            || self.protocol_violations.contains_key(&violation)
        {
            *self.protocol_violations.entry(violation).or_default() += 1;
        }
    }

    pub(super) fn delivery_log(&self) -> DeliveryLog {
        DeliveryLog {
            entries: self.events.iter().map(|it| it.entry.clone()).collect(),
            connects: self.connects,
            silence_durations: self.silence_durations.clone(),
            protocol_violations: self.protocol_violations.clone(),
        }
    }

    /// Changes a member of the settings.
    pub(super) fn set(&mut self, name: &str, value: Value) {
        if !self.settings.is_object() {
            self.settings = Value::Object(serde_json::Map::new());
        }
        self.settings[name] = value;
    }

    /// Whether nothing waits for an answer and nothing more will be pushed.
    pub(super) fn is_settled(&self) -> bool {
        self.schedule.is_empty() && self.on_connect.is_empty()
    }

    /// Registers a connection and returns its number.
    pub(super) fn connected(&mut self, commands: mpsc::UnboundedSender<Command>) -> u64 {
        self.connects += 1;
        let number = self.connects as u64;
        let connection = Connection {
            commands,
            silent_since: None,
            waiting: BTreeMap::new(),
        };
        self.connections.insert(number, connection);
        while let Some(event) = self.on_connect.pop_front() {
            self.push_to(Some(number), event);
        }
        number
    }

    /// Removes a connection that has ended.
    pub(super) fn disconnected(&mut self, connection: u64) {
        let connection = self.connections.remove(&connection);
        if let Some(since) = connection.and_then(|it| it.silent_since) {
            self.silence_durations.push(since.elapsed());
        }
    }

    /// Adds an event without pushing it, and returns its index.
    pub(super) fn track(
        &mut self,
        push: Push,
        result: Option<oneshot::Sender<PushOutcome>>,
    ) -> usize {
        let entry = PushRecord {
            event_id: push.facts.event_id.clone(),
            event_type: push.facts.event_type.clone(),
            ..PushRecord::default()
        };
        self.events.push(Tracked {
            push,
            entry,
            resent: 0,
            next: None,
            repetitions: 0,
            settled: false,
            result,
        });
        self.events.len() - 1
    }

    /// Adds an event and pushes it, now or after its delay.
    pub(super) fn post(&mut self, push: Push, result: Option<oneshot::Sender<PushOutcome>>) {
        let delay = push.delay;
        let event = self.track(push, result);
        if delay.is_zero() {
            self.push(event);
        } else {
            self.push_later(event, delay);
        }
    }

    /// Does a scheduled action.
    pub(super) fn act(&mut self, due: Due) {
        match due {
            Due::Push { event, on_ladder } => {
                let tracked = &mut self.events[event];
                if on_ladder {
                    tracked.next = None;
                } else {
                    tracked.repetitions -= 1;
                }
                self.push(event);
                self.events[event].forget_payload();
            }
            Due::Deadline { event, delivery } => {
                self.record(event, delivery, PushOutcome::Unanswered);
            }
            Due::Part {
                connection,
                message,
            } => self.send(connection, message),
        }
    }

    /// Sends a frame, if the connection is still there.
    pub(super) fn send(&mut self, connection: u64, message: Bytes) {
        if let Some(connection) = self.connections.get(&connection) {
            // An error means that its task has just ended.
            drop(connection.commands.send(Command::Send(message)));
        }
    }

    /// Pushes an event to a connection at random.
    fn push(&mut self, event: usize) {
        let connection = match self.connections.len() {
            0 => None,
            connections => {
                let index = self.random.usize(..connections);
                self.connections.keys().nth(index).copied()
            }
        };
        self.push_to(connection, event);
    }

    fn push_to(&mut self, connection: Option<u64>, event: usize) {
        let now = Instant::now();
        let tracked = &mut self.events[event];
        let delivery = tracked.entry.deliveries.len();
        tracked.entry.deliveries.push(DeliveryAttempt {
            connection,
            outcome: None,
        });
        if delivery == 0 {
            let again_after = std::mem::take(&mut tracked.push.again_after);
            tracked.repetitions = again_after.len();
            for time in again_after {
                let again = Due::Push {
                    event,
                    on_ladder: false,
                };
                self.schedule.add(now + time, again);
            }
        }
        let Some(connection) = connection else {
            self.record(event, delivery, PushOutcome::NotConnected);
            return;
        };
        let time = match tracked.push.parts {
            1 => Duration::ZERO,
            parts => tracked.push.part_gap * u32::try_from(parts - 1).unwrap_or(u32::MAX),
        };
        let message = self.message(event, delivery);
        let pushed = now + time;
        self.send_parts(connection, event, &message);
        let due = Due::Deadline { event, delivery };
        let deadline = self.schedule.add(pushed + self.options.answer_within, due);
        let waiting = Waiting {
            event,
            delivery,
            pushed,
            deadline,
            message,
        };
        if let Some(connection) = self.connections.get_mut(&connection) {
            connection
                .waiting
                .insert(waiting.message.first_seq_id, waiting);
        }
    }

    fn message(&mut self, event: usize, delivery: usize) -> Message {
        let delivery = if self.options.same_message_id {
            0
        } else {
            delivery
        };
        let push = &self.events[event].push;
        // More than an f64 can represent exactly, to detect clients that convert it to one.
        let log_id = self.random.u64(1 << 60..);
        let message_id = format!("message-{event}-{delivery}");
        let message = Message::new(push, message_id, self.next_seq_id, log_id);
        self.next_seq_id += push.parts as u64;
        message
    }

    fn send_parts(&mut self, connection: u64, event: usize, message: &Message) {
        let push = &self.events[event].push;
        let gap = push.part_gap;
        let frames = message.frames(&push.payload);
        let mut order: Vec<usize> = (0..frames.len()).collect();
        if push.parts_twice && push.parts > 1 {
            order = order.into_iter().flat_map(|part| [part, part]).collect();
        }
        if push.shuffled {
            self.random.shuffle(&mut order);
        }
        let mut time = Instant::now();
        for (index, part) in order.into_iter().enumerate() {
            let frame = frames[part].clone();
            if index == 0 || gap.is_zero() {
                self.send(connection, frame);
            } else {
                time += gap;
                let part = Due::Part {
                    connection,
                    message: frame,
                };
                self.schedule.add(time, part);
            }
        }
    }

    /// Pushes an event after `time`.
    fn push_later(&mut self, event: usize, time: Duration) {
        let due = Due::Push {
            event,
            on_ladder: true,
        };
        let key = self.schedule.add(Instant::now() + time, due);
        self.events[event].next = Some(key);
    }
}

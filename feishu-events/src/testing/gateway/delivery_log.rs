//! The record of what happened to each event.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use super::outcome::PushOutcome;

/// What happened to every event passed to a [`Gateway`](super::Gateway); its `Display` is a summary.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct DeliveryLog {
    /// The events, in the order in which they were passed to the gateway.
    pub entries: Vec<PushRecord>,
    /// How many times a client has connected.
    pub connects: usize,
    /// For each silenced connection that the client has left: how long it took to notice.
    pub silence_durations: Vec<Duration>,
    /// Violations of the platform's protocol by clients, and how often each occurred.
    pub protocol_violations: BTreeMap<String, usize>,
}

/// What happened to one event.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct PushRecord {
    /// The id of the event, if it has one.
    pub event_id: Option<String>,
    /// The type of the event, if it has one.
    pub event_type: Option<String>,
    /// The attempts to push it, in order.
    pub deliveries: Vec<DeliveryAttempt>,
    /// It was not acknowledged, and is not sent again.
    pub lost: bool,
}

/// One attempt to push an event.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct DeliveryAttempt {
    /// The number of the connection, counted from 1; `None` if there was none.
    pub connection: Option<u64>,
    /// The outcome; `None` while the gateway waits for an answer.
    pub outcome: Option<PushOutcome>,
}

impl PushRecord {
    /// How many times it was acknowledged.
    pub fn acknowledgements(&self) -> usize {
        let acknowledged = |it: &&DeliveryAttempt| {
            it.outcome
                .as_ref()
                .is_some_and(PushOutcome::is_acknowledged)
        };
        self.deliveries.iter().filter(acknowledged).count()
    }
}

impl DeliveryLog {
    /// How many events were passed to the gateway.
    pub fn sent(&self) -> usize {
        self.entries.len()
    }

    /// How many times an event was pushed to a connection.
    pub fn deliveries(&self) -> usize {
        let pushed = self.all_deliveries();
        pushed.filter(|it| it.connection.is_some()).count()
    }

    /// How many events were acknowledged.
    pub fn acknowledged(&self) -> usize {
        self.count(|it| it.acknowledgements() > 0)
    }

    /// How many events were acknowledged more than once. They were pushed again, so the client should
    /// have handled each only once.
    pub fn duplicates(&self) -> usize {
        self.count(|it| it.acknowledgements() > 1)
    }

    /// How many events are neither acknowledged nor sent again.
    pub fn lost(&self) -> usize {
        self.count(|it| it.lost)
    }

    /// How many answers arrived after the deadline.
    pub fn late(&self) -> usize {
        self.outcomes(|it| matches!(it, PushOutcome::Late(_)))
    }

    /// How many answers reported a failure.
    pub fn failed(&self) -> usize {
        self.outcomes(|it| matches!(it, PushOutcome::Failed(_)))
    }

    /// How many pushes were never answered.
    pub fn unanswered(&self) -> usize {
        self.outcomes(|it| matches!(it, PushOutcome::Unanswered))
    }

    fn count(&self, of: impl Fn(&&PushRecord) -> bool) -> usize {
        self.entries.iter().filter(of).count()
    }

    fn outcomes(&self, of: impl Fn(&PushOutcome) -> bool) -> usize {
        let deliveries = self.all_deliveries();
        deliveries
            .filter(|it| it.outcome.as_ref().is_some_and(&of))
            .count()
    }

    fn all_deliveries(&self) -> impl Iterator<Item = &DeliveryAttempt> {
        self.entries.iter().flat_map(|it| &it.deliveries)
    }
}

impl fmt::Display for DeliveryLog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} events sent in {} pushes over {} connections: {} acknowledged, {} of them more \
             than once, {} lost; {} answers late, {} failed, {} missing",
            self.sent(),
            self.deliveries(),
            self.connects,
            self.acknowledged(),
            self.duplicates(),
            self.lost(),
            self.late(),
            self.failed(),
            self.unanswered()
        )
    }
}

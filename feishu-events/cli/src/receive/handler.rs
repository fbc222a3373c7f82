//! The handler of all events: selects them, and delivers them before they are acknowledged.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use feishu_events::{
    Ack, Context, Delivery, DeliveryOptions, Dispatcher, Event, RawEvent, State, dispatcher,
    feishu_handler,
};
use serde_json::json;
use tokio::sync::Semaphore;

use crate::notice::{self, Kind};
use crate::problem::{Code, Problem, Result};
use crate::receive::end::{End, Why};
use crate::receive::event::{Arrived, Typed};
use crate::receive::options::ReceiveArgs;
use crate::receive::select::Selection;
use crate::sink::{Sink, Undelivered};

/// How many events are in work at a time, and how many wait for that; the platform keeps the others.
/// This bounds the memory when their destination stalls.
const IN_WORK: usize = 256;

/// Receives events; clones are one.
#[derive(Clone)]
pub(crate) struct Receiver(Arc<Inner>);

struct Inner {
    selection: Selection,
    sink: Sink,
    end: End,
    typed: bool,
    refuse_others: bool,
    is_durable: bool,
    limit: Option<Limit>,
    delivered: AtomicU32,
}

/// `--max`: a permit for each event that may still be delivered.
struct Limit {
    permits: Semaphore,
    max: u32,
}

/// Why an event is not acknowledged.
#[derive(Debug)]
struct NotAcknowledged(String);

impl fmt::Display for NotAcknowledged {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for NotAcknowledged {}

#[feishu_handler(fallback)]
async fn on_raw(
    State(receiver): State<Receiver>,
    event: RawEvent,
    context: Context,
) -> std::result::Result<(), NotAcknowledged> {
    receiver.receive(event, &context.delivery, None).await
}

#[feishu_handler(fallback)]
async fn on_typed(
    State(receiver): State<Receiver>,
    raw: RawEvent,
    event: Event,
    context: Context,
) -> std::result::Result<(), NotAcknowledged> {
    let typed = Typed {
        event: &event,
        reports: &context.reports,
    };
    receiver.receive(raw, &context.delivery, Some(&typed)).await
}

impl Receiver {
    /// Receives what the options say.
    ///
    /// # Errors
    /// A filter that is not an expression, a destination that cannot be prepared.
    pub(crate) fn new(args: &ReceiveArgs, end: &End) -> Result<Self> {
        Ok(Self(Arc::new(Inner {
            selection: Selection::new(args)?,
            sink: Sink::new(args, end)?,
            end: end.clone(),
            typed: args.typed,
            refuse_others: args.refuse_others,
            is_durable: args.inbox.is_some(),
            limit: args.max.map(|max| Limit {
                permits: Semaphore::new(max as usize),
                max,
            }),
            delivered: AtomicU32::new(0),
        })))
    }

    /// The handlers: one, of all events and callbacks.
    pub(crate) fn dispatcher(&self) -> Dispatcher {
        if self.0.typed {
            dispatcher![on_typed].state(self.clone())
        } else {
            dispatcher![on_raw].state(self.clone())
        }
    }

    /// How events are acknowledged: when they have been delivered, and never before.
    pub(crate) fn delivery_options() -> DeliveryOptions {
        DeliveryOptions::new()
            .ack(Ack::WhenKept)
            .concurrency_limit(IN_WORK)
            .queue_limit(IN_WORK)
    }

    /// How many events are handled at a time, if each waits for the one before.
    pub(crate) fn jobs(&self) -> usize {
        self.0.sink.jobs()
    }

    /// How many events were delivered.
    pub(crate) fn delivered(&self) -> u32 {
        self.0.delivered.load(Ordering::Acquire)
    }

    /// What an end for this reason means.
    ///
    /// # Errors
    /// It is a failure.
    pub(crate) fn verdict(&self, why: &Why) -> Result<()> {
        let delivered = self.delivered();
        match why {
            Why::OutputFailed(error) => Err(Problem::failure(format!(
                "the output cannot be written: {error}"
            ))
            .help("what was not written was not acknowledged, and comes again")),
            Why::Time => match &self.0.limit {
                Some(limit) if delivered < limit.max => Err(Problem::new(
                    Code::TooFew,
                    format!(
                        "{delivered} of {} events came in the time of --for",
                        limit.max
                    ),
                )),
                _ => Ok(()),
            },
            Why::Max | Why::Signal | Why::OutputClosed => Ok(()),
        }
    }

    async fn receive(
        &self,
        event: RawEvent,
        delivery: &Delivery,
        typed: Option<&Typed<'_>>,
    ) -> std::result::Result<(), NotAcknowledged> {
        let inner = &*self.0;
        if !inner.selection.wants(&event.header.event_type) {
            return inner.pass_over();
        }
        let arrived = Arrived::new(event, delivery, typed);
        let arrived = arrived.map_err(|error| NotAcknowledged(error.to_string()))?;
        match inner.selection.selects(&arrived.json) {
            Ok(true) => {}
            Ok(false) => return inner.pass_over(),
            Err(why) => return Err(inner.failed(&arrived, &format!("--filter failed: {why}"))),
        }
        let permit = match &inner.limit {
            Some(limit) => match limit.permits.acquire().await {
                Ok(permit) => Some(permit),
                Err(_) => return Err(NotAcknowledged("--max events were delivered".to_owned())),
            },
            None => None,
        };
        match inner.sink.deliver(&arrived).await {
            Ok(()) => {
                let delivered = inner.delivered.fetch_add(1, Ordering::AcqRel) + 1;
                if let (Some(permit), Some(limit)) = (permit, &inner.limit) {
                    permit.forget();
                    if delivered == limit.max {
                        limit.permits.close();
                        inner.end.now(Why::Max);
                    }
                }
                Ok(())
            }
            Err(Undelivered::Failed(why)) => Err(inner.failed(&arrived, &why)),
            Err(Undelivered::OutputClosed) => {
                inner.end.now(Why::OutputClosed);
                Err(NotAcknowledged("nobody reads the output".to_owned()))
            }
            Err(Undelivered::OutputFailed(error)) => {
                inner.end.now(Why::OutputFailed(error.clone()));
                Err(NotAcknowledged(error))
            }
        }
    }
}

impl Inner {
    /// An event that is not selected.
    fn pass_over(&self) -> std::result::Result<(), NotAcknowledged> {
        if self.refuse_others {
            return Err(NotAcknowledged("it is not selected".to_owned()));
        }
        Ok(())
    }

    /// An event that was not delivered.
    fn failed(&self, event: &Arrived, why: &str) -> NotAcknowledged {
        let then = if self.is_durable {
            "it is tried again later"
        } else {
            "the platform sends it again"
        };
        let facts = [
            ("event_type", json!(event.header.event_type)),
            ("event_id", json!(event.header.event_id)),
        ];
        notice::say(
            Kind::Failed,
            &format!("{}: {why}; {then}", event.shown()),
            &facts,
        );
        NotAcknowledged(why.to_owned())
    }
}

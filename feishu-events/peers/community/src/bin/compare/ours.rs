//! This project.

use std::time::Duration;

use feishu_events::{Dispatcher, Event, EventType, Webhook, dispatcher, feishu_handler};
use tokio::runtime::Runtime;

use crate::peer::{Peer, Way, handle, is_handled, now, runtime, time};
use crate::samples::{KEY, Sample};

#[feishu_handler("*")]
async fn every_event(event: Event) {
    handle(event);
}

/// This project's dispatcher and webhook.
pub(crate) struct Ours {
    dispatcher: Dispatcher,
    runtime: Runtime,
    samples: Vec<Sample>,
    payloads: Vec<(EventType, String)>,
}

impl Ours {
    pub(crate) fn new() -> Self {
        Self {
            dispatcher: dispatcher![every_event],
            runtime: runtime(),
            samples: Vec::new(),
            payloads: Vec::new(),
        }
    }
}

impl Peer for Ours {
    fn name(&self) -> &str {
        "feishu-events"
    }

    fn events(&self) -> usize {
        let events = EventType::ALL.iter();
        events
            .filter(|event_type| !event_type.is_callback())
            .count()
    }

    fn load(&mut self, samples: &[Sample]) -> Vec<bool> {
        self.samples = samples.iter().map(Sample::with_new_ids).collect();
        let payload = |sample: &Sample| {
            let event_type = sample.event_type.parse().ok()?;
            Some((event_type, sample.payload.clone()))
        };
        self.payloads = samples.iter().filter_map(payload).collect();
        let dispatch = |sample: &Sample| now(self.dispatcher.dispatch(sample.json.as_bytes()));
        let handled = |sample| is_handled(|| drop(dispatch(sample).unwrap()));
        samples.iter().map(handled).collect()
    }

    fn ways(&self) -> &'static [Way] {
        &[Way::Dispatch, Way::Receive, Way::Payload]
    }

    fn time(&mut self, way: Way) -> Duration {
        match way {
            Way::Dispatch => time(|| {
                for sample in &self.samples {
                    now(self.dispatcher.dispatch(sample.json.as_bytes())).unwrap();
                }
            }),
            Way::Receive => {
                // A new one, which has had none of the events yet.
                let webhook = Webhook::builder(self.dispatcher.clone());
                let webhook = webhook.encrypt_key(KEY).build().unwrap();
                time(|| {
                    self.runtime.block_on(async {
                        for sample in &self.samples {
                            let (headers, body) = (sample.request.headers(), sample.request.body());
                            assert_eq!(webhook.handle(headers, body).await.status(), 200);
                        }
                    });
                })
            }
            Way::Payload => time(|| {
                for (event_type, payload) in &self.payloads {
                    handle(Event::from_payload(*event_type, payload).unwrap());
                }
            }),
        }
    }
}

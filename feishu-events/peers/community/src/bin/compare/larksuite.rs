//! larksuite-oapi-sdk-rs: a dispatcher, and a method for each event that it has a type for.

use std::collections::HashMap;
use std::time::Duration;

use larksuite_oapi_sdk_rs::EventDispatcher;
use larksuite_oapi_sdk_rs::event::EventReq;
use tokio::runtime::Runtime;

use crate::peer::{Peer, Way, is_handled, named, now, runtime, time};
use crate::samples::{KEY, Sample};

mod events;

/// Its dispatchers.
pub(crate) struct Larksuite {
    /// Takes plain bytes.
    plain: EventDispatcher,
    /// Takes what is signed and encrypted.
    secured: EventDispatcher,
    runtime: Runtime,
    name: String,
    bodies: Vec<EventReq>,
    requests: Vec<EventReq>,
    payloads: Vec<(String, String)>,
}

impl Larksuite {
    pub(crate) fn new() -> Self {
        Self {
            plain: events::register(EventDispatcher::new("", "")),
            secured: events::register(EventDispatcher::new("", KEY)),
            runtime: runtime(),
            name: named("larksuite-oapi-sdk-rs"),
            bodies: Vec::new(),
            requests: Vec::new(),
            payloads: Vec::new(),
        }
    }
}

/// A request as it comes without secrets.
fn plain(sample: &Sample) -> EventReq {
    EventReq {
        headers: HashMap::new(),
        body: sample.json.clone().into_bytes(),
        request_uri: String::new(),
    }
}

/// The headers as its own code spells them, for which it looks first.
fn secured(sample: &Sample) -> EventReq {
    let names = [
        "X-Lark-Request-Timestamp",
        "X-Lark-Request-Nonce",
        "X-Lark-Signature",
    ];
    let header = |name: &str| {
        let value = sample.request.headers()[name].to_str().unwrap();
        (name.to_owned(), vec![value.to_owned()])
    };
    EventReq {
        headers: names.into_iter().map(header).collect(),
        body: sample.request.body().to_vec(),
        request_uri: String::new(),
    }
}

impl Peer for Larksuite {
    fn name(&self) -> &str {
        &self.name
    }

    fn events(&self) -> usize {
        events::NAMES.len()
    }

    fn load(&mut self, samples: &[Sample]) -> Vec<bool> {
        self.bodies = samples.iter().map(plain).collect();
        self.requests = samples.iter().map(secured).collect();
        let payload = |sample: &Sample| (sample.event_type.clone(), sample.payload.clone());
        self.payloads = samples.iter().map(payload).collect();
        let bodies = self.bodies.clone().into_iter();
        bodies
            .map(|body| is_handled(|| drop(now(self.plain.handle(body)))))
            .collect()
    }

    fn ways(&self) -> &'static [Way] {
        &[Way::Dispatch, Way::Receive, Way::Payload]
    }

    fn time(&mut self, way: Way) -> Duration {
        // It takes its requests by value.
        match way {
            Way::Dispatch => {
                let bodies = self.bodies.clone();
                time(|| {
                    for body in bodies {
                        assert_eq!(now(self.plain.handle(body)).status_code, 200);
                    }
                })
            }
            Way::Receive => {
                let requests = self.requests.clone();
                time(|| {
                    self.runtime.block_on(async {
                        for request in requests {
                            assert_eq!(self.secured.handle(request).await.status_code, 200);
                        }
                    });
                })
            }
            Way::Payload => time(|| {
                for (name, payload) in &self.payloads {
                    events::read(name, payload).unwrap();
                }
            }),
        }
    }
}

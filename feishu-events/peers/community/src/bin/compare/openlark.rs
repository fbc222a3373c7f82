//! openlark: types for one event and one callback; other events come as bytes.

use std::collections::HashMap;
use std::time::Duration;

use open_lark::event_inbound::{HttpEventInbound, HttpEventRequest};
use open_lark::ws_client::{EventDispatcherHandler, ImMessageReceiveV1, ImMessageReceiveV1Event};

use crate::peer::{Peer, Way, handle, is_handled, named, time};
use crate::samples::{KEY, Sample};

/// Its dispatcher and its receiver.
pub(crate) struct Openlark {
    dispatcher: EventDispatcherHandler,
    receiver: HttpEventInbound,
    name: String,
    bodies: Vec<Vec<u8>>,
    requests: Vec<HttpEventRequest>,
    payloads: Vec<String>,
}

impl Openlark {
    pub(crate) fn new() -> Self {
        let dispatcher = EventDispatcherHandler::builder()
            .register_im_message_receive_v1(|event: ImMessageReceiveV1| {
                handle(event);
                Ok(())
            })
            .unwrap()
            .build();
        let receiver = HttpEventInbound::builder("", KEY).dispatcher(dispatcher.clone());
        Self {
            dispatcher,
            receiver: receiver.build(),
            name: named("openlark"),
            bodies: Vec::new(),
            requests: Vec::new(),
            payloads: Vec::new(),
        }
    }
}

fn secured(sample: &Sample) -> HttpEventRequest {
    let headers = sample.request.headers().iter();
    let text = |(name, value): (&http::HeaderName, &http::HeaderValue)| {
        (name.to_string(), value.to_str().unwrap().to_owned())
    };
    let headers: HashMap<String, String> = headers.map(text).collect();
    HttpEventRequest::new(headers, sample.request.body().to_vec())
}

impl Peer for Openlark {
    fn name(&self) -> &str {
        &self.name
    }

    fn events(&self) -> usize {
        1
    }

    fn load(&mut self, samples: &[Sample]) -> Vec<bool> {
        let body = |sample: &Sample| sample.json.clone().into_bytes();
        self.bodies = samples.iter().map(body).collect();
        self.requests = samples.iter().map(secured).collect();
        let payload = |sample: &Sample| sample.payload.clone();
        self.payloads = samples.iter().map(payload).collect();
        let dispatch = |body: &Vec<u8>| self.dispatcher.dispatch_with_response(body);
        let handled = |body| is_handled(|| drop(dispatch(body)));
        self.bodies.iter().map(handled).collect()
    }

    fn ways(&self) -> &'static [Way] {
        &[Way::Dispatch, Way::Receive, Way::Payload]
    }

    fn time(&mut self, way: Way) -> Duration {
        match way {
            Way::Dispatch => time(|| {
                for body in &self.bodies {
                    self.dispatcher.dispatch_with_response(body).unwrap();
                }
            }),
            Way::Receive => time(|| {
                for request in &self.requests {
                    assert_eq!(self.receiver.handle(request).unwrap().status, 200);
                }
            }),
            Way::Payload => time(|| {
                for payload in &self.payloads {
                    handle(serde_json::from_str::<ImMessageReceiveV1Event>(payload).unwrap());
                }
            }),
        }
    }
}

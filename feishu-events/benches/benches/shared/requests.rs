//! The documented samples as the platform sends them to a webhook, and what no receiver of them can
//! do without.

use std::sync::atomic::{AtomicU64, Ordering};

use bytes::Bytes;
use feishu_events::testing::EventRequest;
use feishu_events::{Envelope, Event};
use http::Request;

#[path = "floor.rs"]
mod floor;

use floor::Floor;

pub(crate) const KEY: &str = "an invented encrypt key";

/// The samples, each with what makes it the same event when it comes again.
pub(crate) struct Samples(pub(crate) Vec<(String, Vec<String>)>);

impl Samples {
    pub(crate) fn of(samples: Vec<String>) -> Self {
        let with_ids = |sample: String| {
            let envelope = Envelope::from_slice(sample.as_bytes()).unwrap();
            let message = match envelope.event {
                Event::ImMessageReceiveV1(event) => event.message.and_then(|it| it.message_id),
                _ => None,
            };
            let ids = [envelope.header.event_id, message];
            (sample, ids.into_iter().flatten().collect())
        };
        Self(samples.into_iter().map(with_ids).collect())
    }

    /// A request for each sample, with new ids.
    pub(crate) fn requests(&self) -> Vec<Request<Bytes>> {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let request = |(sample, ids): &(String, Vec<String>)| {
            let mut json = sample.clone();
            for id in ids {
                let new = format!("{:032x}", NEXT.fetch_add(1, Ordering::Relaxed));
                json = json.replace(&format!("\"{id}\""), &format!("\"{new}\""));
            }
            EventRequest::recorded(json).encrypt_key(KEY).into_http()
        };
        self.0.iter().map(request).collect()
    }
}

/// Hashes each body as a signature does, and decrypts it for `then`.
pub(crate) fn floor(requests: &[Request<Bytes>], then: impl Fn(&[u8])) {
    let floor = Floor::new(KEY);
    for request in requests {
        floor.decrypt(request.headers(), request.body(), &then);
    }
}

//! The webhook that requests are sent to.

use feishu_events::{Webhook, dispatcher};
use http::HeaderMap;
use tokio::runtime::{Builder, Runtime};

pub const KEY: &str = "an invented encrypt key";

thread_local! {
    static SERVER: (Runtime, Webhook) = {
        let runtime = Builder::new_current_thread().enable_time().build();
        let runtime = runtime.expect("a runtime without I/O is made of memory alone");
        let webhook = Webhook::builder(dispatcher![]).encrypt_key(KEY).build();
        (runtime, webhook.expect("a webhook with a key"))
    };
}

/// Sends a request, and checks that its status is one of those that the webhook documents.
pub fn answer(headers: &HeaderMap, body: &[u8]) {
    SERVER.with(|(runtime, webhook)| {
        let response = runtime.block_on(webhook.handle(headers, body));
        let status = response.status().as_u16();
        assert!([200, 401, 413, 500].contains(&status), "{status}");
    });
}

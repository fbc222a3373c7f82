//! The smallest receiver: what it costs to build, and how large it is. It handles an event of `im`,
//! or without any service one of its own.

use std::io::Read;

use feishu_events::{Webhook, dispatcher, feishu_handler};

#[cfg(any(feature = "all-services", feature = "one-service"))]
#[feishu_handler("im.message.receive_v1")]
async fn on_event(event: feishu_events::im::MessageReceiveV1) {
    println!("{event:?}");
}

#[cfg(not(any(feature = "all-services", feature = "one-service")))]
#[feishu_handler("acme.thing.done_v1", payload = std::collections::BTreeMap<String, String>)]
async fn on_event(event: std::collections::BTreeMap<String, String>) {
    println!("{event:?}");
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut body = Vec::new();
    std::io::stdin().read_to_end(&mut body)?;
    let webhook = Webhook::builder(dispatcher![on_event])
        .encrypt_key("an invented encrypt key")
        .build()?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()?;
    let headers = http::HeaderMap::new();
    let response = runtime.block_on(webhook.handle(&headers, &body));
    println!("{}", response.status());
    Ok(())
}

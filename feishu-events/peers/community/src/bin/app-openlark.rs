//! The same with openlark, and of it no more than receiving events takes.

use std::collections::HashMap;
use std::io::Read;

use open_lark::event_inbound::{HttpEventInbound, HttpEventRequest};
use open_lark::ws_client::{EventDispatcherHandler, ImMessageReceiveV1};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut body = Vec::new();
    std::io::stdin().read_to_end(&mut body)?;
    let dispatcher = EventDispatcherHandler::builder()
        .register_im_message_receive_v1(|event: ImMessageReceiveV1| {
            println!("{event:?}");
            Ok(())
        })?
        .build();
    let receiver = HttpEventInbound::builder("", "an invented encrypt key")
        .dispatcher(dispatcher)
        .build();
    let response = receiver.handle(&HttpEventRequest::new(HashMap::new(), body))?;
    println!("{}", response.status);
    Ok(())
}

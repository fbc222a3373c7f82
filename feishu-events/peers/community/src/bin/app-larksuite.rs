//! The same with larksuite-oapi-sdk-rs.

use std::collections::HashMap;
use std::io::Read;

use larksuite_oapi_sdk_rs::{EventDispatcher, event::EventReq};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut body = Vec::new();
    std::io::stdin().read_to_end(&mut body)?;
    let dispatcher = EventDispatcher::new("", "an invented encrypt key")
        .on_p2_im_message_receive_v1(|event| async move {
            println!("{event:?}");
            Ok(())
        });
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()?;
    let request = EventReq {
        headers: HashMap::new(),
        body,
        request_uri: String::new(),
    };
    let response = runtime.block_on(dispatcher.handle(request));
    println!("{}", response.status_code);
    Ok(())
}

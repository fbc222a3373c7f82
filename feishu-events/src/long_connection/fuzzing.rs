//! What `cargo fuzz` reaches of the long connection, and a test with its seeds; in no other build.

use http::Uri;

use crate::long_connection::connect::endpoint;
use crate::long_connection::session::frame::Frame;
use crate::long_connection::settings::ServerSettings;

/// Reads bytes as a frame: in one pass and in any form they are the same, and one that can be read
/// can be written, and reads the same again.
///
/// # Panics
/// If it does not.
pub fn frame(bytes: &[u8]) {
    let frame = Frame::decode(bytes.to_vec()).ok();
    assert_eq!(frame, Frame::decode_any(bytes.to_vec().into()).ok());
    if let Some(frame) = frame {
        let again = Frame::decode(frame.clone().encode());
        assert_eq!(again.ok(), Some(frame));
    }
}

/// Reads bytes as the platform's answer to the request for a connection's address.
pub fn endpoint(bytes: &[u8]) {
    let asked = Uri::from_static("https://open.feishu.cn/callback/ws/endpoint");
    let mut settings = ServerSettings::default();
    if let Err(failure) = endpoint::read(bytes, &asked, &mut settings) {
        let _ = failure.to_string();
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    /// Passes each seed of a target to what the target does. A published package has no seeds.
    fn replay(target: &str, check: fn(&[u8])) {
        let seeds = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/seeds");
        let Ok(seeds) = std::fs::read_dir(seeds.join(target)) else {
            return;
        };
        for seed in seeds {
            check(&std::fs::read(seed.unwrap().path()).unwrap());
        }
    }

    #[test]
    fn every_seed_that_is_a_frame_is_written_as_it_was_read() {
        replay("frame", super::frame);
    }

    #[test]
    fn every_seed_is_an_address_or_a_failure() {
        replay("endpoint", super::endpoint);
    }
}

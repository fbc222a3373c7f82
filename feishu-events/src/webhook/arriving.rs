//! Reading a body into one buffer, with a limit on each and on all that are arriving.

use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};

use bytes::{Buf, Bytes};
use http_body::Body;
use http_body_util::BodyExt;

/// A body up to this size is read however much else is arriving: an ordinary event is smaller.
const ALWAYS: usize = 16 * 1024;

/// How much room is made at once for what a request says that it will send.
const ROOM: usize = 64 * 1024;

/// How many bytes of bodies are arriving, beyond the [first ones](ALWAYS) of each.
#[derive(Default)]
pub(super) struct Arriving(AtomicUsize);

/// Why a body was not read.
pub(super) enum NotRead {
    /// It is larger than the limit.
    TooLarge,
    /// Together with the others that are arriving, it takes too much memory.
    TooMany,
    /// It broke off.
    BrokeOff,
}

/// The share of one body, given back when it is dropped.
struct Share<'a> {
    arriving: &'a Arriving,
    bytes: usize,
}

impl Share<'_> {
    /// Whether there is room for a body of `length` bytes.
    fn grow(&mut self, length: usize, memory_limit: usize) -> bool {
        let more = length.saturating_sub(ALWAYS).saturating_sub(self.bytes);
        if more == 0 {
            return true;
        }
        let before = self.arriving.0.fetch_add(more, Ordering::Relaxed);
        self.bytes += more;
        before.saturating_add(more) <= memory_limit
    }
}

impl Drop for Share<'_> {
    fn drop(&mut self) {
        self.arriving.0.fetch_sub(self.bytes, Ordering::Relaxed);
    }
}

impl Arriving {
    /// Reads a body. It stands in one buffer, in however many pieces it comes: a piece of one byte
    /// would otherwise hold as much as one of a hundred.
    pub(super) async fn read(
        &self,
        mut body: Pin<&mut impl Body>,
        limit: usize,
        memory_limit: usize,
    ) -> Result<Bytes, NotRead> {
        let mut share = Share {
            arriving: self,
            bytes: 0,
        };
        let said = usize::try_from(body.size_hint().lower()).unwrap_or(usize::MAX);
        if said > limit {
            return Err(NotRead::TooLarge);
        }
        let mut read = Vec::new();
        while let Some(frame) = body.frame().await {
            let frame = frame.map_err(|_| NotRead::BrokeOff)?;
            // Trailers have nothing to say here.
            let Ok(mut piece) = frame.into_data() else {
                continue;
            };
            let length = read.len().saturating_add(piece.remaining());
            if length > limit {
                return Err(NotRead::TooLarge);
            }
            if !share.grow(length, memory_limit) {
                return Err(NotRead::TooMany);
            }
            if read.is_empty() && body.is_end_stream() {
                // Usually it is one piece, which needs no copy.
                return Ok(piece.copy_to_bytes(piece.remaining()));
            }
            if read.is_empty() {
                read.reserve(said.min(ROOM));
            }
            while piece.has_remaining() {
                let bytes = piece.chunk();
                read.extend_from_slice(bytes);
                let length = bytes.len();
                piece.advance(length);
            }
        }
        Ok(read.into())
    }
}

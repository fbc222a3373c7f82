//! Frames in the form in which everybody writes them: written, and read in one pass.
//!
//! Nearly all are like this. What is not, [`wire`](super::wire) reads, which also knows what is wrong
//! with it.

use bytes::Bytes;
use prost::encoding::{decode_varint, encode_varint, encoded_len_varint};

use super::headers::{HEADER, KEY, VALUE};
use super::{Frame, Headers, MOST_BESIDE_PAYLOAD};

// Tags with the types of the fields.
const SEQ_ID: u8 = 0x08;
const LOG_ID: u8 = 0x10;
const SERVICE: u8 = 0x18;
const METHOD: u8 = 0x20;
const PAYLOAD_ENCODING: u8 = 0x32;
const PAYLOAD_TYPE: u8 = 0x3a;
const PAYLOAD: u8 = 0x42;
const LOG_ID_NEW: u8 = 0x4a;

/// Reads a frame whose fields are all known, complete, in order and written as short as can be;
/// `None` if it is another one, or none.
pub(in crate::long_connection::session::frame) fn read(message: &Bytes) -> Option<Frame> {
    let mut rest = &message[..];
    let seq_id = number(&mut rest, SEQ_ID)?;
    let log_id = number(&mut rest, LOG_ID)?;
    let service = int32(number(&mut rest, SERVICE)?);
    let method = int32(number(&mut rest, METHOD)?);
    let headers = headers(&mut rest)?;
    let payload_encoding = text(&mut rest, PAYLOAD_ENCODING)?;
    let payload_type = text(&mut rest, PAYLOAD_TYPE)?;
    let before = rest.len();
    let payload = bytes(&mut rest, PAYLOAD)?;
    let beside = message.len() - (before - rest.len());
    let log_id_new = text(&mut rest, LOG_ID_NEW)?;
    if !rest.is_empty() || beside > MOST_BESIDE_PAYLOAD {
        return None;
    }
    Some(Frame {
        seq_id,
        log_id,
        service,
        method,
        headers,
        payload_encoding,
        payload_type,
        payload: payload.map(|payload| message.slice_ref(payload)),
        log_id_new,
    })
}

/// Writes a frame.
pub(in crate::long_connection::session::frame) fn write(frame: &Frame) -> Vec<u8> {
    let signed = |number: i32| i64::from(number).cast_unsigned();
    let numbers = [
        (SEQ_ID, frame.seq_id),
        (LOG_ID, frame.log_id),
        (SERVICE, signed(frame.service)),
        (METHOD, signed(frame.method)),
    ];
    let rest = [
        (PAYLOAD_ENCODING, bytes_of(frame.payload_encoding.as_ref())),
        (PAYLOAD_TYPE, bytes_of(frame.payload_type.as_ref())),
        (PAYLOAD, frame.payload.as_deref()),
        (LOG_ID_NEW, bytes_of(frame.log_id_new.as_ref())),
    ];
    let rest = rest.iter().filter_map(|&(tag, bytes)| Some((tag, bytes?)));
    let headers = frame.headers.as_written();
    let length_of_number = |number: u64| 1 + encoded_len_varint(number);
    let length = numbers.map(|(_, number)| length_of_number(number));
    let length = length.iter().sum::<usize>() + headers.len();
    let length_of_bytes = |bytes: &[u8]| length_of_number(bytes.len() as u64) + bytes.len();
    let length = length
        + rest
            .clone()
            .map(|(_, it)| length_of_bytes(it))
            .sum::<usize>();
    // Exactly, so that it can be shared as it is.
    let mut written = Vec::with_capacity(length);
    for (tag, number) in numbers {
        written.push(tag);
        encode_varint(number, &mut written);
    }
    written.extend_from_slice(headers);
    for (tag, bytes) in rest {
        written.push(tag);
        encode_varint(bytes.len() as u64, &mut written);
        written.extend_from_slice(bytes);
    }
    written
}

fn bytes_of(text: Option<&String>) -> Option<&[u8]> {
    text.map(String::as_bytes)
}

fn number(rest: &mut &[u8], tag: u8) -> Option<u64> {
    *rest = rest.strip_prefix(&[tag])?;
    decode_varint(rest).ok()
}

/// A number as protobuf reads one: it leaves out what is too much.
#[allow(clippy::cast_possible_truncation)]
fn int32(number: u64) -> i32 {
    number as i32
}

/// The bytes of a field that may be absent, which is `Some(None)`.
#[allow(clippy::option_option)] // the outer one is whether it can be read here
fn bytes<'a>(rest: &mut &'a [u8], tag: u8) -> Option<Option<&'a [u8]>> {
    let Some(mut after) = rest.strip_prefix(&[tag]) else {
        return Some(None);
    };
    let length = usize::try_from(decode_varint(&mut after).ok()?).ok()?;
    let (bytes, after) = after.split_at_checked(length)?;
    *rest = after;
    Some(Some(bytes))
}

#[allow(clippy::option_option)] // as above
fn text(rest: &mut &[u8], tag: u8) -> Option<Option<String>> {
    match bytes(rest, tag)? {
        None => Some(None),
        Some(bytes) => Some(Some(std::str::from_utf8(bytes).ok()?.to_owned())),
    }
}

fn headers(rest: &mut &[u8]) -> Option<Headers> {
    let begin = *rest;
    while let Some(header) = rest.strip_prefix(&[HEADER]) {
        let (header, after) = short(header)?;
        let (_, header) = short(header.strip_prefix(&[KEY])?)?;
        let (_, nothing) = short(header.strip_prefix(&[VALUE])?)?;
        if !nothing.is_empty() {
            return None;
        }
        *rest = after;
    }
    let headers = &begin[..begin.len() - rest.len()];
    // Tags and lengths are ASCII here: all is text if, and only if, each key and each value is.
    Some(Headers::copied(std::str::from_utf8(headers).ok()?))
}

/// Splits off something with a length of one byte: of more, one might be written longer than it has
/// to be.
fn short(rest: &[u8]) -> Option<(&[u8], &[u8])> {
    let (&length, after) = rest.split_first().filter(|(length, _)| length.is_ascii())?;
    after.split_at_checked(usize::from(length))
}

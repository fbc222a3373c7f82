//! Frames against the official vectors, and against what those leave out.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::*;
use crate::long_connection::vectors::{messages, vectors};

/// A frame in the words of the vectors.
fn described(frame: &Frame) -> Value {
    let headers = frame.headers.iter().map(|header| json!(header));
    let headers: Vec<_> = headers.collect();
    let mut description = json!({
        "SeqID": frame.seq_id.to_string(),
        "LogID": frame.log_id.to_string(),
        "service": frame.service,
        "method": frame.method,
        "headers": headers,
    });
    let optional = [
        ("payload_encoding", frame.payload_encoding.clone()),
        ("payload_type", frame.payload_type.clone()),
        ("LogIDNew", frame.log_id_new.clone()),
        (
            "payload_b64",
            frame
                .payload
                .as_ref()
                .map(|payload| STANDARD.encode(payload)),
        ),
    ];
    for (name, value) in optional {
        if let Some(value) = value {
            description[name] = value.into();
        }
    }
    description
}

#[test]
fn every_vector_is_read_as_given_and_written_as_it_came() {
    let Some(vectors) = vectors() else { return };
    assert_eq!(vectors.len(), 83);
    let mut read = 0;
    for vector in &vectors {
        let decoded = vector["decoded"].as_array().unwrap();
        for (message, decoded) in messages(vector).into_iter().zip(decoded) {
            let refused = decoded.get("error").is_some() || LENIENT_READER.contains(&id(vector));
            match Frame::decode(message.clone()) {
                Err(_) if refused || message.is_empty() => {}
                Ok(frame) if !refused => {
                    let mut decoded = decoded.clone();
                    decoded.as_object_mut().unwrap().remove("payload_text");
                    assert_eq!(described(&frame), decoded, "{}", id(vector));
                    let written = frame.clone().encode();
                    assert_eq!(Frame::decode(written.clone()).unwrap(), frame);
                    if !UNUSUALLY_WRITTEN.contains(&id(vector)) {
                        assert_eq!(written, message, "{}", id(vector));
                    }
                    read += 1;
                }
                other => panic!("{} {}: {other:?}", id(vector), vector["title"]),
            }
        }
    }
    assert_eq!(read, 91);
}

/// What the class that made the vectors reads, though a required field is missing or has another
/// form.
const LENIENT_READER: [&str; 4] = ["F-052", "F-053", "F-058", "F-059"];

/// Unknown fields, fields twice, another order: read, but not written like that.
const UNUSUALLY_WRITTEN: [&str; 3] = ["F-049", "F-050", "F-051"];

fn id(vector: &Value) -> &str {
    vector["id"].as_str().unwrap()
}

fn refused(message: &[u8]) -> String {
    Frame::decode(message.to_vec()).unwrap_err().to_string()
}

#[test]
fn what_is_read_in_one_pass_is_what_protobuf_says() {
    let Some(vectors) = vectors() else { return };
    let usual = vectors.iter().flat_map(messages);
    let usual = usual.filter(|message| usual::read(&message.clone().into()).is_some());
    let usual: Vec<_> = usual.collect();
    assert_eq!(usual.len(), 88);
    for message in usual {
        let cut = (0..message.len()).map(|length| message[..length].to_vec());
        let changed = (0..message.len()).flat_map(|at| {
            [0x01, 0x08, 0x80].map(|bit| {
                let mut changed = message.clone();
                changed[at] ^= bit;
                changed
            })
        });
        for message in cut.chain(changed).chain([message.clone()]) {
            match (
                Frame::decode(message.clone()),
                Frame::decode_any(message.clone().into()),
            ) {
                (Ok(frame), Ok(any)) => assert_eq!(frame, any),
                (Err(error), Err(any)) => assert_eq!(error.to_string(), any.to_string()),
                other => panic!("{message:02x?}: {other:?}"),
            }
        }
    }
}

#[test]
fn a_header_may_be_long_empty_or_in_any_language() {
    for length in [0, 1, 120, 121, 127, 128, 300, 20_000] {
        let long = "x".repeat(length);
        let headers = [("", ""), ("type", &long), (&long, "值"), ("biz_rt", "0")];
        let frame = Frame {
            headers: Headers::from(headers),
            ..Frame::ping(1)
        };
        let read = Frame::decode(frame.clone().encode()).unwrap();
        assert_eq!(read, frame);
        assert!(read.headers.iter().eq(headers));
        assert_eq!(read.header("type"), Some(&*long));
        assert_eq!(read.header("seq"), None);
    }
}

#[test]
fn a_refusal_says_what_is_wrong() {
    assert_eq!(refused(b""), "the frame has no `SeqID`, which is required");
    // SeqID, LogID and service, each a 1.
    assert_eq!(
        refused(&[0x08, 1, 0x10, 1, 0x18, 1]),
        "the frame has no `method`, which is required"
    );
    // One whole header, and one with a key only.
    let complete = [0x08, 1, 0x10, 1, 0x18, 1, 0x20, 1];
    let headers = [
        0x2a, 6, 0x0a, 1, b'k', 0x12, 1, b'v', 0x2a, 3, 0x0a, 1, b'k',
    ];
    assert_eq!(
        refused(&[&complete[..], &headers[..]].concat()),
        "header 1 of the frame has no `value`, which is required"
    );
    let truncated = refused(&[&complete[..], &[0x42, 9, b'{']].concat());
    assert!(
        truncated.starts_with("the message is not a frame: "),
        "{truncated}"
    );
}

#[test]
fn what_comes_beside_the_payload_has_limits() {
    let complete = [0x08, 1, 0x10, 1, 0x18, 1, 0x20, 1];
    let with = |fields: &[u8]| [&complete[..], fields].concat();
    let header = [0x2a, 6, 0x0a, 1, b'k', 0x12, 1, b'v'];
    // As many headers as fit; each takes eight bytes here.
    let most = (MOST_BESIDE_PAYLOAD - complete.len()) / header.len();
    let frame = Frame::decode(with(&header.repeat(most))).unwrap();
    assert_eq!(frame.headers.iter().count(), most);
    let limit = "the frame has more than 65536 bytes beside its payload";
    assert_eq!(refused(&with(&header.repeat(most + 1))), limit);
    // Of two bytes each, which would be 48 in memory.
    assert_eq!(refused(&[0x2a, 0].repeat(1_000_000)), limit);
    // An encoding of 65537 bytes; a payload may have more.
    let long = [&[0x32, 0x81, 0x80, 0x04][..], &vec![b'x'; 65537]].concat();
    assert_eq!(refused(&with(&long)), limit);
    let payload = [&[0x42, 0x81, 0x80, 0x04][..], &vec![b'x'; 65537]].concat();
    let frame = Frame::decode(with(&payload)).unwrap();
    assert_eq!(frame.payload.map(|payload| payload.len()), Some(65537));
}

#[test]
fn a_repeated_header_counts_once_and_numbers_are_checked() {
    let frame = Frame {
        method: 7,
        headers: Headers::from([
            ("type", "event"),
            ("type", "card"),
            ("sum", "-3"),
            ("seq", "1e3"),
        ]),
        ..Frame::default()
    };
    assert_eq!(frame.kind(), Kind::Event);
    assert_eq!(frame.method(), Method::Other(7));
    assert_eq!(frame.number(key::SUM).unwrap(), Some(-3));
    assert_eq!(frame.number(key::TRACE_ID).unwrap(), None);
    assert_eq!(
        frame.number(key::SEQ).unwrap_err().to_string(),
        "the frame's header `seq` must be a decimal number, not \"1e3\""
    );
}

#[test]
fn a_ping_is_what_the_official_clients_send() {
    let Some(vectors) = vectors() else { return };
    let official = vectors.iter().find(|vector| id(vector) == "R-005");
    let official = messages(official.unwrap()).remove(0);
    assert_eq!(Frame::ping(33_554_678).encode(), official);
}

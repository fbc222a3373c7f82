//! Parts in any order, twice, never complete, and too many.

use tokio::time::advance;

use super::super::frame::Headers;
use super::*;

fn part(id: &str, sum: i64, seq: i64, payload: &str) -> Frame {
    Frame {
        headers: Headers::from([
            (key::MESSAGE_ID, id),
            (key::SUM, &sum.to_string()),
            (key::SEQ, &seq.to_string()),
        ]),
        payload: Some(Bytes::copy_from_slice(payload.as_bytes())),
        ..Frame::default()
    }
}

fn text(whole: Option<Bytes>) -> Option<String> {
    whole.map(|whole| String::from_utf8(whole.to_vec()).unwrap())
}

#[tokio::test(start_paused = true)]
async fn parts_come_in_any_order_and_once_more() {
    let mut assembly = Assembly::new(100);
    for (seq, payload) in [(2, "c"), (0, "a"), (2, "c")] {
        assert_eq!(assembly.add(&part("m", 4, seq, payload)).unwrap(), None);
    }
    assert_eq!(assembly.add(&part("m", 4, 3, "")).unwrap(), None);
    let whole = assembly.add(&part("m", 4, 1, "b")).unwrap();
    assert_eq!(text(whole).as_deref(), Some("abc"));
    assert_eq!(assembly.add(&part("m", 4, 1, "b")).unwrap(), None);
    assert_eq!((assembly.held, assembly.incomplete.len()), (0, 0));
}

#[tokio::test(start_paused = true)]
async fn a_message_that_is_sent_again_is_put_together_again() {
    let mut assembly = Assembly::new(100);
    // The first time, one part is lost; 15 s later all come again, cut elsewhere.
    assert_eq!(assembly.add(&part("m", 2, 0, "ab")).unwrap(), None);
    advance(Duration::from_secs(15)).await;
    assert_eq!(assembly.add(&part("m", 2, 0, "a")).unwrap(), None);
    let whole = assembly.add(&part("m", 2, 1, "bc")).unwrap();
    assert_eq!(text(whole).as_deref(), Some("abc"));
    // Its handler fails, and it comes for the third time.
    advance(Duration::from_secs(15)).await;
    assert_eq!(assembly.add(&part("m", 2, 0, "a")).unwrap(), None);
    let whole = assembly.add(&part("m", 2, 1, "bc")).unwrap();
    assert_eq!(text(whole).as_deref(), Some("abc"));
}

#[tokio::test(start_paused = true)]
async fn parts_may_take_a_while_but_not_for_ever() {
    for (apart, count) in [(4, 4), (6, 2), (19, 6)] {
        let mut assembly = Assembly::new(100);
        let mut whole = None;
        for seq in 0..count {
            advance(Duration::from_secs(apart)).await;
            whole = assembly.add(&part("m", count, seq, "a")).unwrap();
        }
        assert!(whole.is_some(), "{count} parts, {apart} s apart");
    }
    for (apart, count) in [(20, 2), (19, 8)] {
        let mut assembly = Assembly::new(100);
        for seq in 0..count {
            let whole = assembly.add(&part("m", count, seq, "a")).unwrap();
            assert!(whole.is_none(), "{count} parts, {apart} s apart");
            advance(Duration::from_secs(apart)).await;
        }
        advance(NEXT_PART_WITHIN).await;
        assembly.forget_old(Instant::now());
        assert_eq!((assembly.held, assembly.incomplete.len()), (0, 0));
    }
}

#[tokio::test(start_paused = true)]
async fn there_is_a_limit_to_everything() {
    let mut assembly = Assembly::new(100);
    let too_many = assembly.add(&part("m", 4097, 0, "")).unwrap_err();
    assert!(matches!(too_many, PartError::TooManyParts { sum: 4097 }));
    assert_eq!(assembly.add(&part("m", 4096, 0, "")).unwrap(), None);
    assert_eq!(
        assembly.add(&part("n", 2, 0, &"x".repeat(100))).unwrap(),
        None
    );
    let too_large = assembly.add(&part("n", 2, 1, "x")).unwrap_err();
    assert!(
        matches!(too_large, PartError::TooLarge { .. }),
        "{too_large}"
    );
    for number in 1..64 {
        let id = format!("o{number}");
        assert_eq!(assembly.add(&part(&id, 2, 0, "")).unwrap(), None);
    }
    let too_many = assembly.add(&part("p", 2, 0, "")).unwrap_err();
    assert!(matches!(too_many, PartError::TooManyMessages));
    advance(NEXT_PART_WITHIN).await;
    assembly.forget_old(Instant::now());
    assert_eq!((assembly.held, assembly.incomplete.len()), (0, 0));
}

#[tokio::test(start_paused = true)]
async fn an_id_has_a_limit() {
    let mut assembly = Assembly::new(100);
    let longest = "x".repeat(256);
    assert_eq!(assembly.add(&part(&longest, 2, 0, "")).unwrap(), None);
    let too_long = assembly.add(&part(&(longest + "x"), 2, 0, "")).unwrap_err();
    assert_eq!(
        too_long.to_string(),
        "the header `message_id` of a part has 257 bytes, more than 256"
    );
}

#[tokio::test(start_paused = true)]
async fn incomplete_messages_share_a_limit() {
    let mut assembly = Assembly::new(100);
    for id in ["a", "b"] {
        assert_eq!(
            assembly.add(&part(id, 2, 0, &"x".repeat(100))).unwrap(),
            None
        );
    }
    assembly.add(&part("c", 2, 0, "x")).unwrap_err();
    assert_eq!((assembly.held, assembly.incomplete.len()), (200, 2));
}

#[tokio::test(start_paused = true)]
async fn without_numbers_a_message_is_one_part() {
    let mut assembly = Assembly::new(100);
    let frame = Frame {
        payload: Some(Bytes::from_static(b"{}")),
        ..Frame::default()
    };
    assert_eq!(text(assembly.add(&frame).unwrap()).as_deref(), Some("{}"));
    let first = Frame {
        headers: Headers::from([(key::SUM, "2"), (key::MESSAGE_ID, "m")]),
        payload: Some(Bytes::from_static(b"{")),
        ..Frame::default()
    };
    assert_eq!(assembly.add(&first).unwrap(), None);
    let whole = assembly.add(&part("m", 2, 1, "}")).unwrap();
    assert_eq!(text(whole).as_deref(), Some("{}"));
}

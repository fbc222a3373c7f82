//! An app with an event of its own, typed from a schema like the documented ones.
//!
//! ```text
//! cargo test -p own-events
//! ```
//!
//! The schema is `schemas/acme/parcel.sent_v1.json`, its English words are in `schemas/overlay/`, and
//! `build.rs` makes the types of them.

use feishu_events::{HandlerError, feishu_handler};

include!(concat!(env!("OUT_DIR"), "/feishu_events.rs"));

/// Handles the event like any other: the attribute names the generated type.
///
/// # Errors
/// A parcel without a number.
#[allow(clippy::unused_async)] // a real handler would wait for something
#[feishu_handler("acme.parcel.sent_v1", payload = acme::ParcelSentV1)]
pub async fn on_parcel_sent(sent: acme::ParcelSentV1) -> Result<(), HandlerError> {
    let parcel = sent.parcel.ok_or("an event without a parcel")?;
    let number = parcel.number.ok_or("a parcel without a number")?;
    if number.is_empty() {
        return Err("a parcel with an empty number".into());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use feishu_events::{CustomPayload, Envelope, Event, ReportKind};

    use super::acme::{ParcelSentV1, Speed};

    #[test]
    fn an_event_of_ones_own_is_typed() {
        let json = r#"{
            "schema": "2.0",
            "header": { "event_id": "1", "event_type": "acme.parcel.sent_v1" },
            "event": {
                "parcel": { "number": 7, "speed": 2, "sent_time": "1608725989" },
                "sender": { "open_id": "ou_1" }
            }
        }"#;
        let envelope = Envelope::from_slice(json.as_bytes()).expect("an envelope");
        let Event::Unknown(unknown) = &envelope.event else {
            panic!("no documented event")
        };
        assert_eq!(unknown.event_type, ParcelSentV1::EVENT_TYPE);
        let (sent, reports) = unknown.read_as::<ParcelSentV1>().expect("a payload");
        let parcel = sent.parcel.expect("a parcel");
        assert_eq!(parcel.number.as_deref(), Some("7"));
        assert_eq!(parcel.speed, Some(Speed::Express));
        let second = SystemTime::UNIX_EPOCH + Duration::from_secs(1_608_725_989);
        assert_eq!(parcel.sent_time_at(), Some(second));
        assert_eq!(reports.len(), 1);
        assert_eq!(reports[0].path, "/parcel/number");
        assert!(matches!(reports[0].kind, ReportKind::Converted { .. }));
    }

    #[test]
    fn values_that_nobody_listed_are_kept() {
        let read =
            |json: &str| -> super::acme::Parcel { serde_json::from_str(json).expect("a parcel") };
        let parcel = read(r#"{ "speed": 9 }"#);
        assert_eq!(parcel.speed, Some(Speed::from(9)));
        assert!(matches!(parcel.speed, Some(Speed::Unknown(_))));
        assert_eq!(format!("{parcel:?}"), "Parcel { speed: Unknown(9), .. }");
    }
}

//! What the platform would make of an answer.

use std::time::Duration;

use serde_json::Value;

/// What a receiver answered.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: String,
    pub(crate) after: Duration,
    /// What it was asked to give back, if its URL was checked.
    pub(crate) challenge: Option<&'static str>,
}

/// Whether the platform would be content, and what there is to say.
pub(crate) fn verdict(answer: &Answer) -> (bool, &'static str) {
    let limit = Duration::from_secs(if answer.challenge.is_some() { 1 } else { 3 });
    match answer.status {
        200 if answer.after > limit => (
            false,
            "Too late: the platform waits 3 s (1 s when it checks a URL), and sends events again.",
        ),
        200 => content(answer),
        301..=308 => (
            false,
            "The platform follows no redirects: save the final URL.",
        ),
        401 | 403 => (
            false,
            "Refused. Does the receiver have this encrypt key and this token? Its log says which \
             check failed.",
        ),
        404 | 405 => (false, "Nobody takes events at this path."),
        413 => (false, "The event is larger than the receiver's limit."),
        500 => (
            false,
            "The handler failed: the platform would send the event again.",
        ),
        503 => (
            false,
            "The receiver has too much to do or is shutting down: the platform would send the \
             event again.",
        ),
        _ => (
            false,
            "The platform takes 200 only, and would send the event again.",
        ),
    }
}

fn content(answer: &Answer) -> (bool, &'static str) {
    let Some(challenge) = answer.challenge else {
        return (true, "Acknowledged: handled, or no handler wants it.");
    };
    let json: Value = serde_json::from_str(&answer.body).unwrap_or_default();
    if json["challenge"] == challenge {
        (true, "The platform would save this URL.")
    } else {
        (
            false,
            "The answer is not {\"challenge\": …} with what was sent.",
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, body: &str, seconds: u64, challenge: Option<&'static str>) -> bool {
        let (good, _) = verdict(&Answer {
            status,
            body: body.to_owned(),
            after: Duration::from_secs(seconds),
            challenge,
        });
        good
    }

    #[test]
    fn the_platform_wants_200_in_time() {
        assert!(answer(200, "anything", 2, None));
        assert!(!answer(200, "anything", 4, None));
        for status in [204, 302, 401, 404, 500, 503] {
            assert!(!answer(status, "", 0, None), "{status}");
        }
    }

    #[test]
    fn the_platform_wants_its_challenge_back() {
        assert!(answer(200, r#"{"challenge":"a\"b"}"#, 0, Some("a\"b")));
        assert!(!answer(200, r#"{"challenge":"a\"b"}"#, 2, Some("a\"b")));
        assert!(!answer(200, r#"{"challenge":"other"}"#, 0, Some("a\"b")));
        assert!(!answer(200, "a\"b", 0, Some("a\"b")));
    }
}

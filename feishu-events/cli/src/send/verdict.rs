//! What the platform would make of an answer.

use std::time::Duration;

use feishu_events::EventType;
use serde_json::Value;

/// How long this project's webhook waits for a handler, unless it is built otherwise.
const ANSWER_WITHIN: Duration = Duration::from_millis(2500);

/// What the receiver was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Asked {
    /// To take an event.
    Event,
    /// For the answer to a callback, which a person waits for.
    Callback(EventType),
    /// To give this back, as a check of its URL.
    Challenge(&'static str),
}

/// What a receiver answered.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: String,
    pub(crate) after: Duration,
    pub(crate) asked: Asked,
}

/// Whether the platform would be content, and what there is to say.
pub(crate) fn verdict(answer: &Answer) -> (bool, String) {
    let seconds = match answer.asked {
        Asked::Challenge(_) => 1,
        Asked::Event | Asked::Callback(_) => 3,
    };
    if answer.status == 200 {
        if answer.after <= Duration::from_secs(seconds) {
            return accepted(answer);
        }
        let then = consequence(answer.asked);
        return (
            false,
            format!("Too late: the platform waits {seconds} s. {then}"),
        );
    }
    (false, refused(answer))
}

/// What a timely answer with the status 200 means.
fn accepted(answer: &Answer) -> (bool, String) {
    let json: Option<Value> = serde_json::from_str(&answer.body).ok();
    let is_late = answer.after >= ANSWER_WITHIN;
    match answer.asked {
        Asked::Challenge(challenge) => {
            if json.is_some_and(|json| json["challenge"] == challenge) {
                (true, "The platform would save this URL.".to_owned())
            } else {
                let problem = "The answer is not {\"challenge\": …} with what was sent.";
                (false, problem.to_owned())
            }
        }
        Asked::Callback(_) => match json {
            Some(Value::Object(response)) => (true, seen(&Value::Object(response), is_late)),
            _ => (
                false,
                "The answer to a callback must be a JSON object, even if it is empty: the person \
                 sees an error."
                    .to_owned(),
            ),
        },
        Asked::Event if is_late => (
            true,
            "Acknowledged, probably before the handler was done: a webhook waits 2.5 s for it. If it \
             fails later, the event is not sent again, and the log says so."
                .to_owned(),
        ),
        Asked::Event => (
            true,
            "Acknowledged: it was handled now, it repeats an event that was handled before, or it has \
             no handler. The receiver's log names events without a handler."
                .to_owned(),
        ),
    }
}

/// What a person sees of the response to a callback.
fn seen(response: &Value, is_late: bool) -> String {
    let text = |pointer: &str| response.pointer(pointer).and_then(Value::as_str);
    let toast = text("/toast/content").map(|content| {
        let kind = text("/toast/type").unwrap_or("info");
        format!("the toast ({kind}) \"{content}\"")
    });
    let card = response.get("card").map(|_| "the changed card".to_owned());
    let preview = text("/inline/title").map(|title| format!("the preview \"{title}\""));
    let parts: Vec<String> = toast.into_iter().chain(card).chain(preview).collect();
    let shown = if parts.is_empty() {
        "Answered: nothing changes for the person. A callback without a handler is answered like \
         this, too."
            .to_owned()
    } else {
        format!("Answered: the person sees {}.", parts.join(" and "))
    };
    if is_late {
        return shown
            + " A webhook waits 2.5 s for its handler: this is probably its answer for late handlers \
               (`toast_when_late`), not the handler's.";
    }
    shown
}

fn refused(answer: &Answer) -> String {
    let then = consequence(answer.asked);
    match answer.status {
        301..=308 => "The platform follows no redirects: save the final URL.".to_owned(),
        401 | 403 => {
            "Refused. Does the receiver have this encrypt key and this token? Its log says \
                      which check failed."
                .to_owned()
        }
        404 | 405 => "No receiver of events has this path.".to_owned(),
        413 => "The event is larger than the receiver's limit.".to_owned(),
        500 => {
            let hint = match answer.asked {
                Asked::Callback(EventType::CardActionTrigger) => {
                    " If it reads `action.value`, send the value that your card has there: --set \
                     'action.value={…}'."
                }
                _ => "",
            };
            format!("The handler failed, and the receiver's log says why. {then}{hint}")
        }
        503 => format!("The receiver is overloaded or shutting down. {then}"),
        _ => format!("The platform accepts only the status 200. {then}"),
    }
}

/// What the platform does if it is not content.
fn consequence(asked: Asked) -> &'static str {
    match asked {
        Asked::Event => "The platform would send the event again.",
        Asked::Callback(_) => {
            "The platform does not send a callback again: the person sees an error."
        }
        Asked::Challenge(_) => "The platform would not save this URL.",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CARD: Asked = Asked::Callback(EventType::CardActionTrigger);

    fn said(asked: Asked, status: u16, body: &str, millis: u64) -> (bool, String) {
        verdict(&Answer {
            status,
            body: body.to_owned(),
            after: Duration::from_millis(millis),
            asked,
        })
    }

    #[test]
    fn the_platform_wants_200_in_time() {
        let is_good = |status, millis| said(Asked::Event, status, "anything", millis).0;
        assert!(is_good(200, 2000));
        assert!(!is_good(200, 4000));
        for status in [204, 302, 401, 404, 500, 503] {
            assert!(!is_good(status, 0), "{status}");
        }
    }

    #[test]
    fn the_platform_wants_its_challenge_back() {
        let check = Asked::Challenge("a\"b");
        assert!(said(check, 200, r#"{"challenge":"a\"b"}"#, 0).0);
        assert!(!said(check, 200, r#"{"challenge":"a\"b"}"#, 2000).0);
        assert!(!said(check, 200, r#"{"challenge":"other"}"#, 0).0);
        assert!(!said(check, 200, "a\"b", 0).0);
    }

    #[test]
    fn an_event_is_sent_again_and_a_callback_is_not() {
        for status in [500, 503, 502] {
            let (_, event) = said(Asked::Event, status, "", 0);
            assert!(event.contains("would send the event again"), "{event}");
            let (_, card) = said(CARD, status, "", 0);
            assert!(!card.contains("event again"), "{card}");
            assert!(card.contains("the person sees an error"), "{card}");
        }
        let (_, late) = said(CARD, 200, "{}", 4000);
        assert!(late.contains("does not send a callback again"), "{late}");
    }

    #[test]
    fn a_click_that_failed_says_how_to_send_the_value_of_ones_own_card() {
        let (_, card) = said(CARD, 500, "", 0);
        assert!(card.contains("--set 'action.value={…}'"), "{card}");
        let (_, preview) = said(Asked::Callback(EventType::UrlPreviewGet), 500, "", 0);
        assert!(!preview.contains("action.value"), "{preview}");
    }

    #[test]
    fn what_a_person_sees_is_said() {
        let both = r#"{"toast":{"type":"success","content":"Done"},"card":{"type":"raw"}}"#;
        let (good, both) = said(CARD, 200, both, 100);
        assert!(good);
        assert_eq!(
            both,
            "Answered: the person sees the toast (success) \"Done\" and the changed card."
        );
        let (good, nothing) = said(CARD, 200, "{}", 100);
        assert!(good);
        assert!(
            nothing.starts_with("Answered: nothing changes for the person."),
            "{nothing}"
        );
        let (good, text) = said(CARD, 200, "ok", 100);
        assert!(!good, "{text}");
    }

    #[test]
    fn an_answer_for_a_late_handler_is_not_said_to_be_the_handlers() {
        let toast = r#"{"toast":{"type":"info","content":"Working on it."}}"#;
        let (good, late) = said(CARD, 200, toast, 2510);
        assert!(good);
        assert!(
            late.contains("probably its answer for late handlers"),
            "{late}"
        );
        let (_, early) = said(CARD, 200, toast, 2000);
        assert!(!early.contains("late"), "{early}");
        let (good, event) = said(Asked::Event, 200, "", 2510);
        assert!(good);
        assert!(event.contains("before the handler was done"), "{event}");
    }
}

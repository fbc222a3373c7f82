//! What is sent.

use std::fs;

use feishu_events::testing::{EventRequest, sample_of};
use feishu_events::{EventType, Protocol, Report};
use miette::{Context, IntoDiagnostic, Result, miette};

use crate::credentials::{Secret, WebhookSecrets};
use crate::nearest::nearest;
use crate::send::args::SendArgs;
use crate::send::paths;

/// What the receiver must give back to a check of its URL.
pub(crate) const CHALLENGE: &str = "is \"this\" your URL? \\ 是";

/// The request that the command line asks for, and what of the values that it sets is not as
/// documented.
///
/// # Errors
/// An event that is not known, a file that cannot be read, a value for a field that is not there.
pub(crate) fn request(
    args: &SendArgs,
    secrets: &WebhookSecrets,
) -> Result<(EventRequest, Vec<Report>)> {
    let mut request = match &args.event_type {
        None => EventRequest::challenge(CHALLENGE),
        Some(name) => event(name, args)?,
    };
    if let Some(token) = secrets.verification_token.as_ref().map(Secret::expose) {
        request = request.token(token);
    }
    if let Some(key) = secrets.encrypt_key.as_ref().map(Secret::expose) {
        request = request.encrypt_key(key);
    }
    if let Some(id) = &args.event_id {
        request = request.event_id(id);
    }
    for (path, value) in &args.set {
        request = request.set(path, value.clone());
    }
    let sample = args.known().filter(|_| args.payload.is_none());
    let reports = match sample.and_then(sample_of) {
        Some(sample) if !args.set.is_empty() => {
            let sample = serde_json::to_value(sample).into_diagnostic()?;
            paths::check(&request.json(), &sample)?
        }
        _ => Vec::new(),
    };
    Ok((request, reports))
}

fn event(name: &str, args: &SendArgs) -> Result<EventRequest> {
    let known = args.known();
    if let Some(path) = &args.payload {
        let text = fs::read_to_string(path)
            .into_diagnostic()
            .wrap_err_with(|| path.display().to_string())?;
        let payload = serde_json::from_str(&text)
            .into_diagnostic()
            .wrap_err_with(|| path.display().to_string())?;
        let protocol = known.map_or(Protocol::V2, EventType::protocol);
        return Ok(EventRequest::from_json(name, protocol, payload));
    }
    known.and_then(EventRequest::from_sample).ok_or_else(|| {
        let suggestion = match nearest(name).as_slice() {
            [] => String::new(),
            near => format!("did you mean {}? ", near.join(", ")),
        };
        miette!(
            help = format!("{suggestion}An unknown event needs --payload FILE"),
            "no event is named {name}"
        )
    })
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::args::{Cli, Command};

    fn of(args: &[&str]) -> Result<(EventRequest, Vec<Report>)> {
        let args = [&["feishu-events", "send", "--print"], args].concat();
        let Command::Send(args) = Cli::try_parse_from(args).into_diagnostic()?.command else {
            panic!("it is `send`");
        };
        request(&args, &WebhookSecrets::default())
    }

    fn refusal(args: &[&str]) -> String {
        let error = of(args).expect_err("it is refused");
        let help = error.help().map(|help| help.to_string());
        format!("{error}; {}", help.unwrap_or_default())
    }

    #[test]
    fn a_misspelt_path_is_refused_with_the_one_that_was_meant() {
        for (set, meant) in [
            ("object.nam=Ada", "object.name"),
            ("objekt.name=Ada", "object"),
            (
                "object.leaders.0.leaderTyp=1",
                "object.leaders.0.leaderType",
            ),
            ("name=Ada", ""),
        ] {
            let refusal = refusal(&["contact.department.updated_v3", "--set", set]);
            assert!(
                refusal.starts_with("no field is documented at `"),
                "{refusal}"
            );
            let guess = format!("did you mean `{meant}`?");
            assert_eq!(refusal.contains(&guess), !meant.is_empty(), "{refusal}");
        }
        // In protocol 1.0 the envelope's own members stand in the payload.
        let refusal = refusal(&["approval_instance", "--set", "instance_cod=A1"]);
        assert!(
            refusal.contains("did you mean `instance_code`?"),
            "{refusal}"
        );
    }

    #[test]
    fn documented_paths_are_taken_also_inside_what_is_any_json() {
        for (event, set) in [
            (
                "contact.department.updated_v3",
                "object.leaders.3.leaderID=ou_1",
            ),
            ("contact.department.updated_v3", "/object/name=Ada"),
            (
                "card.action.trigger",
                r#"action.value={"approve":true,"instance":"A1"}"#,
            ),
            ("card.action.trigger", "action.form_value.anything=1"),
            ("approval_instance", "status=PENDING"),
        ] {
            let (request, reports) = of(&[event, "--set", set]).expect(set);
            assert!(reports.is_empty(), "{set}: {reports:?}");
            let (_, value) = set.split_once('=').expect("it sets something");
            assert!(request.json().contains(value), "{}", request.json());
        }
    }

    #[test]
    fn a_value_of_another_type_is_sent_and_said() {
        for (set, note) in [
            ("object.name=[]", "`/object/name` arrived as list"),
            (
                "object.leaders.0.leaderType=first",
                "`/object/leaders/0/leaderType` arrived as string",
            ),
        ] {
            let sent = of(&["contact.department.updated_v3", "--set", set]);
            let (_, reports) = sent.expect("it may be what is to be tried");
            assert_eq!(reports.len(), 1, "{set}");
            assert!(reports[0].to_string().starts_with(note), "{}", reports[0]);
        }
    }

    #[test]
    fn an_unknown_event_suggests_what_shares_its_words() {
        for (typed, meant) in [
            ("im.message.received_v1", "im.message.receive_v1"),
            ("contact.user.added_v3", "contact.user.created_v3"),
            ("card.action", "card.action.trigger"),
        ] {
            let refusal = refusal(&[typed]);
            assert!(
                refusal.contains(&format!("did you mean {meant}")),
                "{refusal}"
            );
        }
        let refusal = refusal(&["weather.rain_v1"]);
        assert!(!refusal.contains("did you mean"), "{refusal}");
        assert!(refusal.contains("--payload FILE"), "{refusal}");
    }

    #[test]
    fn an_id_makes_a_repetition_and_none_makes_a_new_message() {
        let message = |args: &[&str]| {
            let (request, _) = of(&[&["im.message.receive_v1"], args].concat()).expect("known");
            let json: serde_json::Value = request.json().parse().expect("JSON");
            json["event"]["message"]["message_id"].to_string()
        };
        assert_ne!(message(&[]), message(&[]));
        assert_eq!(message(&["--event-id", "1"]), message(&["--event-id", "1"]));
    }
}

//! `send`: an event as the platform sends it, to any URL, and what came back.

use std::io::{self, Write};
use std::time::{Duration, Instant};

use miette::{IntoDiagnostic, WrapErr};

use crate::credentials;
use crate::notice::{self, Kind};
use crate::problem::Result;

pub(crate) mod args;
mod content;
mod paths;
mod verdict;

use args::SendArgs;
use content::CHALLENGE;
use verdict::{Answer, Asked, verdict};

/// Longer than the platform waits, to see what a slow receiver says.
const TIMEOUT: Duration = Duration::from_secs(15);

/// Runs the command; false if the platform would not be content.
///
/// # Errors
/// An event that is not known, a URL that does not answer.
pub(crate) fn run(args: &SendArgs) -> Result<bool> {
    args.refuse_secrets()?;
    let secrets = credentials::webhook(&args.file)?;
    let (request, reports) = content::request(args, &secrets)?;
    for report in reports {
        notice::note(&format!("{report} by the receiver"));
    }
    let Some(url) = &args.to else {
        writeln!(io::stdout(), "{}", request.json()).into_diagnostic()?;
        return Ok(true);
    };
    let how = match (&secrets.encrypt_key, &secrets.verification_token) {
        (Some(_), _) => "encrypted",
        (None, Some(_)) => "with a token, not encrypted",
        (None, None) => "with neither token nor encryption",
    };
    let what = args.event_type.as_deref().unwrap_or("a check of the URL");
    notice::note(&format!("POST {url}: {what}, {how}"));

    let agent = ureq::Agent::new_with_config(
        ureq::Agent::config_builder()
            .timeout_global(Some(TIMEOUT))
            .http_status_as_error(false)
            .max_redirects(0)
            .build(),
    );
    let (head, body) = request.into_http().into_parts();
    let mut post = agent.post(url);
    for (name, value) in &head.headers {
        post = post.header(name, value);
    }
    let begun = Instant::now();
    let mut response = post
        .send(&body[..])
        .into_diagnostic()
        .wrap_err_with(|| format!("{url} did not answer: is the receiver running there?"))?;
    let text = response.body_mut().read_to_string().unwrap_or_default();
    let answer = Answer {
        status: response.status().as_u16(),
        body: text,
        after: begun.elapsed(),
        asked: match args.known() {
            None if args.challenge => Asked::Challenge(CHALLENGE),
            Some(known) if known.is_callback() => Asked::Callback(known),
            _ => Asked::Event,
        },
    };
    let facts = [
        ("status", answer.status.into()),
        (
            "milliseconds",
            u64::try_from(answer.after.as_millis())
                .unwrap_or(u64::MAX)
                .into(),
        ),
        ("body", answer.body.clone().into()),
    ];
    let shown = format!(
        "{} after {:.1?}: {}",
        response.status(),
        answer.after,
        answer.body
    );
    notice::say(Kind::Note, &shown, &facts);
    let (good, why) = verdict(&answer);
    notice::say(if good { Kind::Note } else { Kind::Failed }, &why, &[]);
    Ok(good)
}

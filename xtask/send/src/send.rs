//! Sends, and says what came back.

use std::io::{self, Write};
use std::time::{Duration, Instant};

use miette::{IntoDiagnostic, Result, WrapErr};

use crate::args::Args;
use crate::content::{self, CHALLENGE};
use crate::verdict::{Answer, Asked, verdict};

/// Longer than the platform waits, to see what a slow receiver says.
const TIMEOUT: Duration = Duration::from_secs(15);

/// Runs the command; false if the platform would not be content.
///
/// # Errors
/// An event that is not known, a URL that does not answer.
pub(crate) fn run(args: &Args) -> Result<bool> {
    let (request, reports) = content::request(args)?;
    for report in reports {
        eprintln!("note: {report} by the receiver");
    }
    let Some(url) = &args.to else {
        writeln!(io::stdout(), "{}", request.json()).into_diagnostic()?;
        return Ok(true);
    };
    let secrets = match (&args.encrypt_key, &args.token) {
        (Some(_), _) => "encrypted",
        (None, Some(_)) => "with a token, not encrypted",
        (None, None) => "with neither token nor encryption",
    };
    let what = args.event_type.as_deref().unwrap_or("a check of the URL");
    eprintln!("POST {url}: {what}, {secrets}");

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
    eprintln!(
        "{} after {:.1?}: {}",
        response.status(),
        answer.after,
        answer.body
    );
    let (good, why) = verdict(&answer);
    eprintln!("{why}");
    Ok(good)
}

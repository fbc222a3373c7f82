//! What is sent.

use std::fs;

use feishu_events::testing::EventRequest;
use feishu_events::{EventType, Protocol};
use miette::{Context, IntoDiagnostic, Result, miette};

use crate::args::Args;

/// What the receiver must give back to a check of its URL.
pub(crate) const CHALLENGE: &str = "is \"this\" your URL? \\ 是";

/// The request that the command line asks for.
///
/// # Errors
/// An event that is not known, a file that cannot be read.
pub(crate) fn request(args: &Args) -> Result<EventRequest> {
    let mut request = match &args.event_type {
        None => EventRequest::challenge(CHALLENGE),
        Some(name) => event(name, args)?,
    };
    if let Some(token) = &args.token {
        request = request.token(token);
    }
    if let Some(key) = &args.encrypt_key {
        request = request.encrypt_key(key);
    }
    if let Some(id) = &args.event_id {
        request = request.event_id(id);
    }
    for (path, value) in &args.set {
        request = request.set(path, value.clone());
    }
    Ok(request)
}

fn event(name: &str, args: &Args) -> Result<EventRequest> {
    let known: Option<EventType> = name.parse().ok();
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
        miette!(
            help = format!(
                "did you mean {}? Events without documentation need --payload FILE",
                nearest(name).join(", ")
            ),
            "no event is named {name}"
        )
    })
}

/// The three documented names that are most like `name`.
fn nearest(name: &str) -> Vec<&'static str> {
    let mut names: Vec<&str> = EventType::ALL.iter().map(|it| it.as_str()).collect();
    names.sort_by_cached_key(|it| strsim::damerau_levenshtein(it, name));
    names.truncate(3);
    names
}

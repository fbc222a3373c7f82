//! What is known about events: their fields, scopes, and why a field is absent.

use std::io::{self, Write as _};

use feishu_events::{EventType, Portal};
use wildmatch::WildMatch;

use crate::nearest::nearest;
use crate::problem::{Problem, Result};

pub(crate) mod explain;
mod json_schema;
pub(crate) mod schema;
pub(crate) mod scopes;

/// The event of this name.
///
/// # Errors
/// There is none; the error has the nearest names.
fn event(name: &str) -> Result<EventType> {
    name.parse::<EventType>().map_err(|_| unknown(name))
}

/// The events that match one of the names or patterns.
///
/// # Errors
/// A pattern that nothing matches.
fn events(patterns: &[String]) -> Result<Vec<EventType>> {
    let mut found = Vec::new();
    for text in patterns {
        let pattern = WildMatch::new(text);
        let before = found.len();
        let all = EventType::ALL.iter().copied();
        found.extend(all.filter(|known| pattern.matches(known.as_str())));
        if found.len() == before {
            return Err(unknown(text));
        }
    }
    found.sort_unstable();
    found.dedup();
    Ok(found)
}

fn unknown(name: &str) -> Problem {
    let problem = Problem::usage(format!("no known event is named `{name}`"));
    match nearest(name).as_slice() {
        [] => problem.help("`feishu-events schema` lists all events"),
        near => problem.help(format!("did you mean {}?", near.join(", "))),
    }
}

/// The portal whose documentation is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum PortalArg {
    /// open.feishu.cn
    Feishu,
    /// open.larksuite.com
    Lark,
}

impl From<PortalArg> for Portal {
    fn from(portal: PortalArg) -> Self {
        match portal {
            PortalArg::Feishu => Self::Feishu,
            PortalArg::Lark => Self::Lark,
        }
    }
}

/// Prints text; if its reader has seen enough, that is not a failure.
pub(crate) fn print(text: &str) -> Result<()> {
    let mut stdout = anstream::stdout().lock();
    let printed = writeln!(stdout, "{}", text.trim_end()).and_then(|()| stdout.flush());
    match printed {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(Problem::failure(format!(
            "the output cannot be written: {error}"
        ))),
        _ => Ok(()),
    }
}

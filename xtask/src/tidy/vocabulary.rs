//! Words that the code no longer uses, and the standard terms that replace them.

use std::str::FromStr;

use miette::{Result, miette};
use proc_macro2::{TokenStream, TokenTree};

use super::{Problem, TextFile};

/// Identifiers that were retired: in which folder, the word, the word to use.
const RETIRED: [(&str, &str, &str); 17] = [
    ("feishu-events/src", "Words", "OneLine"),
    ("feishu-events/src", "Unread", "LazyPayload"),
    ("feishu-events/src", "Intake", "Acceptor"),
    ("feishu-events/src/delivery", "Gate", "Admission"),
    ("feishu-events/src/delivery", "Place", "Slot"),
    ("feishu-events/src/delivery", "Turn", "Ticket"),
    ("feishu-events/src/delivery", "Turns", "KeyedQueue"),
    ("feishu-events/src/delivery", "Phase", "DeliveryState"),
    ("feishu-events/src/long_connection", "Patience", "Timeouts"),
    ("feishu-events/src/long_connection", "News", "SessionFlags"),
    (
        "feishu-events/src/long_connection",
        "LastHeard",
        "LastActivity",
    ),
    ("feishu-events/src/json", "mend", "sanitize"),
    ("feishu-events/src/handler", "Outcome", "HandlerOutput"),
    ("feishu-events/src/handler", "Claim", "DispatchKey"),
    ("feishu-events/src/handler", "On", "AssociatedHandler"),
    ("feishu-events/src/handler", "SEVERAL", "NO_SINGLE_EVENT"),
    ("feishu-events/src/handler", "Needy", "ArgumentNeeds"),
];

/// The places where a retired word is an identifier.
pub(super) fn check(files: &[TextFile]) -> Result<Vec<Problem>> {
    let mut problems = Vec::new();
    for file in files.iter().filter(|file| file.is_rust()) {
        let retired: Vec<_> = RETIRED
            .iter()
            .filter(|(folder, ..)| file.path.starts_with(folder))
            .collect();
        if retired.is_empty() {
            continue;
        }
        let tokens = TokenStream::from_str(&file.text)
            .map_err(|error| miette!("cannot read the tokens of `{}`: {error}", file.path))?;
        visit(tokens, &mut |word, line| {
            if let Some((_, _, use_instead)) = retired.iter().find(|(_, old, _)| *old == word) {
                problems.push(Problem {
                    file: file.path.clone(),
                    line,
                    what: format!("`{word}` is a retired word"),
                    advice: format!("use `{use_instead}`"),
                });
            }
        });
    }
    Ok(problems)
}

/// Calls `found` with each identifier and its line.
fn visit(tokens: TokenStream, found: &mut impl FnMut(&str, usize)) {
    for token in tokens {
        match token {
            TokenTree::Group(group) => visit(group.stream(), found),
            TokenTree::Ident(ident) => found(&ident.to_string(), ident.span().start().line),
            _ => {}
        }
    }
}

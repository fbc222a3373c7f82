//! The attribute's arguments: names of events, and how they are to be handled.

use proc_macro2::{Span, TokenStream};
use quote::ToTokens;
use syn::parse::{ParseStream, Parser};
use syn::{Ident, Path, Type};

use crate::editor::Mentioned;
use crate::event_table::{self, Event};
use crate::mistakes::Mistakes;
use crate::nearest::{nearest, nearest_group};
use crate::root::Root;

mod arguments;

use arguments::{Argument, arguments};
pub(crate) use arguments::{EXAMPLE, Name, constant};

/// What an attribute says.
pub(crate) struct Attribute {
    /// What is handled, or all mistakes.
    pub(crate) target: syn::Result<Target>,
    /// The constants that stand for names.
    pub(crate) constants: Vec<Path>,
    /// All that may become such a constant.
    pub(crate) mentioned: Vec<Mentioned>,
    /// The type whose associated function the handler is.
    pub(crate) on: Option<Type>,
    /// Where `feishu-events` is.
    pub(crate) root: Root,
}

/// What a handler handles.
pub(crate) enum Target {
    /// One known event, as its own payload.
    One(&'static Event, Span),
    /// Several known events, as `Event`.
    Several(Vec<&'static Event>),
    /// An event by name, as a type of the user's.
    Custom(Name, Box<Type>),
    /// What no other handler handles.
    Fallback,
    /// The event whose payload is among the function's arguments.
    ByType,
}

/// Reads the attribute's arguments; all mistakes in them are one error.
pub(crate) fn parse(attribute: TokenStream) -> Attribute {
    let mut mistakes = Mistakes::default();
    let mut mentioned = Vec::new();
    let arguments = |input: ParseStream<'_>| Ok(arguments(input, &mut mentioned, &mut mistakes));
    let arguments = arguments.parse2(attribute).unwrap_or_default();
    let mut names = Names::default();
    let mut constants = Vec::new();
    let (mut payload, mut on, mut root, mut fallback) = (None, None, None, None);
    for argument in arguments {
        match argument {
            Argument::Name(name) => names.add(name, &mut mistakes),
            Argument::Constant(name, path) => {
                names.add(name, &mut mistakes);
                constants.push(path);
            }
            Argument::Fallback(word) => once(&mut fallback, "fallback", word, &mut mistakes),
            Argument::Payload(ty) => once(&mut payload, "payload", ty, &mut mistakes),
            Argument::On(ty) => once(&mut on, "on", ty, &mut mistakes),
            Argument::Crate(path) => once(&mut root, "crate", path, &mut mistakes),
        }
    }
    let target = target(names, payload, fallback, &mut mistakes);
    // A mistake stands in place of what it makes unknown.
    let target = mistakes
        .into_result()
        .map(|()| target.unwrap_or(Target::ByType));
    Attribute {
        target,
        constants,
        mentioned,
        on,
        root: Root::new(root),
    }
}

/// Keeps what an option says; of two, neither is meant more than the other.
fn once<T: ToTokens>(place: &mut Option<T>, option: &str, said: T, mistakes: &mut Mistakes) {
    if place.is_some() {
        mistakes.add(
            &said,
            &format!("`{option}` is given twice\nhelp: remove one of them"),
        );
    } else {
        *place = Some(said);
    }
}

fn target(
    names: Names,
    payload: Option<Type>,
    fallback: Option<Ident>,
    mistakes: &mut Mistakes,
) -> Option<Target> {
    let Names {
        mut found,
        unknown,
        is_pattern,
    } = names;
    if let Some(fallback) = fallback {
        if found.is_empty() && unknown.is_empty() && payload.is_none() {
            return Some(Target::Fallback);
        }
        mistakes.add(
            &fallback,
            "`fallback` handles every event without a handler and takes no names\n\
             help: one function with `#[feishu_handler(fallback)]`, another with the names",
        );
        return None;
    }
    if let Some(payload) = payload {
        let names = found.into_iter().map(|name| name.literal).chain(unknown);
        return match names.collect::<Vec<_>>().as_slice() {
            [one] if !is_pattern => Some(Target::Custom(one.clone(), Box::new(payload))),
            _ => {
                let problem = "`payload` needs the name of exactly one event\nhelp: one function \
                               for each name, each with its `payload`";
                mistakes.add(&payload, problem);
                None
            }
        };
    }
    for name in &unknown {
        let help =
            "help: for an event that `feishu-events` does not know, add `payload = YourType`";
        mistakes.add_at(name.span, &unknown_name(&name.value, help));
    }
    match found.as_slice() {
        [Found { event, literal }] if !is_pattern => Some(Target::One(event, literal.span)),
        [] => None,
        _ => {
            for Found { event, literal } in &found {
                if event.is_callback {
                    let problem = "a callback cannot be combined with other events, because it \
                                   has its own response type\n\
                                   help: handle it in a separate function that names only this callback";
                    mistakes.add_at(literal.span, problem);
                }
            }
            Some(Target::Several(
                found.drain(..).map(|found| found.event).collect(),
            ))
        }
    }
}

/// The events that names stand for.
pub(crate) fn named_events(names: Vec<Name>, mistakes: &mut Mistakes) -> Vec<&'static Event> {
    let mut found = Names::default();
    for name in names {
        found.add(name, mistakes);
    }
    for name in &found.unknown {
        let help = "help: a handler of an event that `feishu-events` does not know is listed without a name";
        mistakes.add_at(name.span, &unknown_name(&name.value, help));
    }
    found.found.iter().map(|found| found.event).collect()
}

/// The names of an attribute, looked up.
#[derive(Default)]
struct Names {
    found: Vec<Found>,
    unknown: Vec<Name>,
    is_pattern: bool,
}

struct Found {
    event: &'static Event,
    literal: Name,
}

impl Names {
    fn add(&mut self, literal: Name, mistakes: &mut Mistakes) {
        let name = literal.value.clone();
        if name.contains('*') {
            self.add_pattern(&literal, &name, mistakes);
        } else if let Some(event) = event_table::find(&name) {
            self.add_found(event, literal, mistakes);
        } else {
            self.unknown.push(literal);
        }
    }

    fn add_pattern(&mut self, literal: &Name, pattern: &str, mistakes: &mut Mistakes) {
        self.is_pattern = true;
        let matching: Vec<_> = event_table::matching(pattern).collect();
        if matching.is_empty() {
            mistakes.add_at(literal.span, &unmatched(pattern));
        }
        for event in matching {
            self.add_found(event, literal.clone(), mistakes);
        }
    }

    fn add_found(&mut self, event: &'static Event, literal: Name, mistakes: &mut Mistakes) {
        if self
            .found
            .iter()
            .any(|found| found.event.name == event.name)
        {
            mistakes.add_at(literal.span, &format!("`{}` is named twice", event.name));
        } else {
            self.found.push(Found { event, literal });
        }
    }
}

fn unmatched(pattern: &str) -> String {
    if let Some(callback) = event_table::callback_matching(pattern) {
        return format!(
            "`{pattern}` matches only callbacks, but patterns match only events\n\
             help: a callback is handled by its name: `{callback}`"
        );
    }
    let help = nearest_group(pattern).map_or_else(
        || "`*` stands for any text; `feishu_events::names` lists all names".to_owned(),
        |near| format!("did you mean `{near}`?"),
    );
    format!("no event matches `{pattern}`\nhelp: {help}")
}

fn unknown_name(name: &str, help_with_others: &str) -> String {
    if event_table::is_without_type(name) {
        return format!(
            "`{name}` is known by its name only: it was seen in logs or other programs, and nothing \
             says what its payload has\n\
             help: take it as JSON: `#[feishu_handler(\"{name}\", payload = serde_json::Value)]`"
        );
    }
    let near: Vec<String> = nearest(name)
        .iter()
        .map(|name| format!("`{name}`"))
        .collect();
    let help = match near.as_slice() {
        [] => "no name is similar; `feishu_events::names` lists all of them".to_owned(),
        [one] => format!("did you mean {one}?"),
        several => format!("did you mean one of {}?", several.join(", ")),
    };
    format!("no event is named `{name}`\nhelp: {help}\n{help_with_others}")
}

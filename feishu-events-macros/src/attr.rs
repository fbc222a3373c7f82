//! The attribute's arguments: names of events, and how they are to be handled.

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::parse::{Parse, ParseStream, Parser};
use syn::spanned::Spanned;
use syn::{Expr, ExprLit, Ident, Lit, Path, Token, Type};

use crate::event_table::{self, Event};
use crate::mistakes::Mistakes;
use crate::nearest::{nearest, nearest_group};

const EXAMPLE: &str = "help: write `#[feishu_handler(\"contact.department.updated_v3\")]`";

/// A name, and where it stands.
#[derive(Clone)]
pub(crate) struct Name {
    pub(crate) value: String,
    span: Span,
}

/// What an attribute says.
pub(crate) struct Attribute {
    /// What is handled, or all mistakes.
    pub(crate) target: syn::Result<Target>,
    /// The constants that stand for names.
    pub(crate) constants: Vec<Path>,
    /// The type whose associated function the handler is.
    pub(crate) on: Option<Type>,
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
}

/// Reads the attribute's arguments; all mistakes in them are one error.
pub(crate) fn parse(attribute: TokenStream) -> Attribute {
    let mut mistakes = Mistakes::default();
    let arguments = |input: ParseStream<'_>| Ok(arguments(input, &mut mistakes));
    let arguments = arguments.parse2(attribute).unwrap_or_default();
    let mut names = Names::default();
    let mut constants = Vec::new();
    let (mut payload, mut on, mut fallback) = (None, None, None);
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
        }
    }
    let target = target(names, payload, fallback, &mut mistakes);
    let missing = || {
        // There is no token to point at but the attribute itself, which this span is.
        let problem = format!("the name of the event is missing\n{EXAMPLE}");
        syn::Error::new(Span::call_site(), problem)
    };
    let target = mistakes
        .into_result()
        .and_then(|()| target.ok_or_else(missing));
    Attribute {
        target,
        constants,
        on,
    }
}

/// Keeps what an option says; of two, neither is meant more than the other.
fn once<T: ToTokens>(place: &mut Option<T>, option: &str, said: T, mistakes: &mut Mistakes) {
    if place.is_some() {
        mistakes.add(
            &said,
            &format!("`{option}` is given twice\nhelp: leave one of them out"),
        );
    } else {
        *place = Some(said);
    }
}

/// The arguments that can be read; after one that can't, reading goes on behind the next comma.
fn arguments(input: ParseStream<'_>, mistakes: &mut Mistakes) -> Vec<Argument> {
    let mut arguments = Vec::new();
    while !input.is_empty() {
        let argument = input.parse();
        let comma = || {
            if input.is_empty() {
                return Ok(());
            }
            input.parse::<Token![,]>().map(drop)
        };
        match argument.and_then(|argument| comma().map(|()| argument)) {
            Ok(argument) => arguments.push(argument),
            Err(error) => {
                mistakes.add_error(error);
                skip_argument(input);
            }
        }
    }
    arguments
}

fn skip_argument(input: ParseStream<'_>) {
    while let Ok(token) = input.parse::<TokenTree>() {
        if matches!(token, TokenTree::Punct(punct) if punct.as_char() == ',') {
            return;
        }
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
            "a fallback takes what is left over, so it has no names\n\
             help: one function with `#[feishu_handler(fallback)]`, another one with the names",
        );
        return None;
    }
    if let Some(payload) = payload {
        let names = found.into_iter().map(|name| name.literal).chain(unknown);
        return match names.collect::<Vec<_>>().as_slice() {
            [one] if !is_pattern => Some(Target::Custom(one.clone(), Box::new(payload))),
            _ => {
                let problem = "a `payload` goes with the name of one event\nhelp: one function \
                               for each name, each with its `payload`";
                mistakes.add(&payload, problem);
                None
            }
        };
    }
    for name in &unknown {
        mistakes.add_at(name.span, &unknown_name(&name.value));
    }
    match found.as_slice() {
        [Found { event, literal }] if !is_pattern => Some(Target::One(event, literal.span)),
        [] => None,
        _ => {
            for Found { event, literal } in &found {
                if event.is_callback {
                    let problem = "a callback is handled alone: its response is its own\n\
                                   help: a function of its own, with its name only";
                    mistakes.add_at(literal.span, problem);
                }
            }
            Some(Target::Several(
                found.drain(..).map(|found| found.event).collect(),
            ))
        }
    }
}

/// One argument of the attribute.
enum Argument {
    Name(Name),
    Constant(Name, Path),
    Fallback(Ident),
    Payload(Type),
    On(Type),
}

impl Parse for Argument {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        if input.peek(Ident) && input.peek2(Token![=]) {
            let key: Ident = input.parse()?;
            input.parse::<Token![=]>()?;
            return match key.to_string().as_str() {
                "payload" => Ok(Self::Payload(input.parse()?)),
                "on" => Ok(Self::On(input.parse()?)),
                other => Err(syn::Error::new(
                    key.span(),
                    format!(
                        "there is no option `{other}`\nhelp: the options are `payload = Type`, \
                         for an event of your own, and `on = Type`, for an associated function"
                    ),
                )),
            };
        }
        let expected =
            |span| syn::Error::new(span, format!("expected the name of an event\n{EXAMPLE}"));
        match input
            .parse::<Expr>()
            .map_err(|error| expected(error.span()))?
        {
            Expr::Lit(ExprLit {
                lit: Lit::Str(name),
                ..
            }) => Ok(Self::Name(Name {
                value: name.value(),
                span: name.span(),
            })),
            Expr::Path(path) if path.path.is_ident("fallback") => {
                path.path.require_ident().cloned().map(Self::Fallback)
            }
            Expr::Path(path) => constant(&path.path)
                .unwrap_or_else(|| Err(expected(path.span())))
                .map(|name| Self::Constant(name, path.path)),
            // What a `macro_rules!` puts in place of `$name:literal`.
            Expr::Group(group) => syn::parse2(group.expr.into_token_stream()),
            other => Err(expected(other.span())),
        }
    }
}

/// The name that a constant of `feishu_events::names` stands for; known by the constant's name.
/// `None` if this is not spelled as a constant.
fn constant(path: &Path) -> Option<syn::Result<Name>> {
    let last = &path.segments.last()?.ident;
    let spelled = last.to_string();
    if spelled.contains(|c: char| c.is_lowercase()) {
        return None;
    }
    let named = event_table::names().find(|name| constant_name(name) == spelled);
    Some(named.map_or_else(
        || Err(syn::Error::new(last.span(), unknown_constant(&spelled))),
        |name| {
            Ok(Name {
                value: name.to_owned(),
                span: last.span(),
            })
        },
    ))
}

/// `contact.department.updated_v3` → `CONTACT_DEPARTMENT_UPDATED_V3`
fn constant_name(name: &str) -> String {
    name.to_uppercase()
        .replace(|c: char| !c.is_ascii_alphanumeric(), "_")
}

fn unknown_constant(spelled: &str) -> String {
    let near: Vec<String> = nearest(spelled)
        .iter()
        .map(|name| format!("`{}`", constant_name(name)))
        .collect();
    let help = match near.as_slice() {
        [] => "`feishu_events::names` lists all".to_owned(),
        near => format!("did you mean {}?", near.join(" or ")),
    };
    format!("no event has a name with the constant `{spelled}`\nhelp: {help}")
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
            "a pattern is one of events, and only callbacks are of the form `{pattern}`\n\
             help: a callback is handled by its name: `{callback}`"
        );
    }
    let help = nearest_group(pattern).map_or_else(
        || "`*` stands for any text; `feishu_events::names` lists all names".to_owned(),
        |near| format!("did you mean `{near}`?"),
    );
    format!("no event's name is of the form `{pattern}`\nhelp: {help}")
}

fn unknown_name(name: &str) -> String {
    let near: Vec<String> = nearest(name)
        .iter()
        .map(|name| format!("`{name}`"))
        .collect();
    let help = match near.as_slice() {
        [] => "no name is near to it; `feishu_events::names` lists all".to_owned(),
        [one] => format!("did you mean {one}?"),
        several => format!("did you mean one of {}?", several.join(", ")),
    };
    format!(
        "no event is named `{name}`\nhelp: {help}\n\
         help: for an event that is missing here, add `payload = YourType`"
    )
}

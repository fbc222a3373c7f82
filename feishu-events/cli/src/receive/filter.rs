//! `--filter`: a jq expression.

use jaq_core::load::{Arena, File, Loader};
use jaq_core::{Compiler, Ctx, Vars, data, unwrap_valr};
use jaq_json::{Val, read};

use crate::problem::{Problem, Result};

type Data = data::JustLut<Val>;

/// A jq expression that selects events.
pub(crate) struct Filter(jaq_core::Filter<Data>);

impl Filter {
    /// Compiles an expression.
    ///
    /// # Errors
    /// What is not an expression, with the place.
    pub(crate) fn new(expression: &str) -> Result<Self> {
        let defs = jaq_core::defs()
            .chain(jaq_std::defs())
            .chain(jaq_json::defs());
        let funs = jaq_core::funs()
            .chain(jaq_std::funs())
            .chain(jaq_json::funs());
        let arena = Arena::default();
        let file = File {
            code: expression,
            path: (),
        };
        let wrong = |problem: String| {
            Problem::usage(format!("--filter: {problem}")).help(
                "it is an expression of jq, for example '.event.message.chat_type == \"p2p\"'",
            )
        };
        let modules = Loader::new(defs).load(&arena, file).map_err(|errors| {
            let error = errors.into_iter().next().map(|(_, error)| error);
            wrong(error.map_or_else(String::new, |error| syntax(expression, error)))
        })?;
        let compiled = Compiler::default().with_funs(funs).compile(modules);
        let filter = compiled.map_err(|errors| {
            let undefined = errors.into_iter().flat_map(|(_, errors)| errors);
            let names: Vec<String> = undefined
                .map(|(name, kind)| format!("there is no {} `{name}`", kind.as_str()))
                .collect();
            wrong(names.join(", "))
        })?;
        Ok(Self(filter))
    }

    /// Whether the expression selects an event.
    ///
    /// # Errors
    /// The expression fails for it.
    pub(crate) fn matches(&self, json: &str) -> std::result::Result<bool, String> {
        let value = read::parse_single(json.as_bytes()).map_err(|error| error.to_string())?;
        let context = Ctx::<Data>::new(&self.0.lut, Vars::new([]));
        let mut results = self.0.id.run((context, value)).map(unwrap_valr);
        match results.next() {
            None | Some(Ok(Val::Null | Val::Bool(false))) => Ok(false),
            Some(Ok(_)) => Ok(true),
            Some(Err(error)) => Err(error.to_string()),
        }
    }
}

/// What is wrong with the text, and where.
fn syntax(expression: &str, error: jaq_core::load::Error<&str>) -> String {
    let near = |expected: &str, found: &str| {
        // What was found is a part of the expression.
        let at = (found.as_ptr() as usize).saturating_sub(expression.as_ptr() as usize);
        let rest = expression.get(at..).unwrap_or_default();
        let rest: String = rest.chars().take(20).collect();
        if rest.is_empty() {
            format!("expected {expected} at its end")
        } else {
            format!("expected {expected} at `{rest}`")
        }
    };
    match error {
        jaq_core::load::Error::Lex(errors) => match errors.first() {
            Some((expected, found)) => near(expected.as_str(), found),
            None => "it cannot be read".to_owned(),
        },
        jaq_core::load::Error::Parse(errors) => match errors.first() {
            Some((expected, found)) => near(expected.as_str(), found),
            None => "it cannot be read".to_owned(),
        },
        jaq_core::load::Error::Io(_) => "modules cannot be imported".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EVENT: &str = r#"{"header":{"event_type":"im.message.receive_v1"},
        "event":{"message":{"chat_type":"p2p","content":"{\"text\":\"hi\"}"}}}"#;

    #[test]
    fn what_is_true_is_selected() {
        for (expression, expected) in [
            (".event.message.chat_type == \"p2p\"", Ok(true)),
            (".event.message.chat_type == \"group\"", Ok(false)),
            (".event.message.content | fromjson | .text", Ok(true)),
            ("select(.event.sender)", Ok(false)),
            (".event.sender", Ok(false)),
            ("empty", Ok(false)),
            (".header.event_type | test(\"^im\")", Ok(true)),
        ] {
            let filter = Filter::new(expression).unwrap();
            assert_eq!(filter.matches(EVENT), expected, "{expression}");
        }
        let failing = Filter::new(".event.message.chat_type.x").unwrap();
        assert!(failing.matches(EVENT).is_err());
    }

    #[test]
    fn a_mistake_is_shown_with_its_place() {
        for (expression, words) in [
            (".event |", "at its end"),
            (".a == \"b", "closing quote"),
            ("nonsense", "`nonsense`"),
            (".a $b", "`"),
        ] {
            let problem = Filter::new(expression).err().unwrap();
            assert!(
                problem.message.contains(words),
                "{expression}: {}",
                problem.message
            );
        }
    }
}

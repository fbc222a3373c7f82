//! The syntax of the attribute's arguments.

use proc_macro2::Span;
use quote::{ToTokens, quote};
use syn::parse::{Parse, ParseStream};
use syn::spanned::Spanned;
use syn::{Expr, ExprLit, Ident, Lit, LitStr, Path, Token, Type};

use crate::editor::{self, Mentioned};
use crate::event_table;
use crate::mistakes::Mistakes;
use crate::nearest::nearest;

pub(crate) const EXAMPLE: &str =
    "help: write `#[feishu_handler(\"contact.department.updated_v3\")]`";

/// A name, and where it stands.
#[derive(Clone)]
pub(crate) struct Name {
    pub(crate) value: String,
    pub(super) span: Span,
}

impl Name {
    /// The name that a literal is.
    pub(crate) fn of(literal: &LitStr) -> Self {
        Self {
            value: literal.value(),
            span: literal.span(),
        }
    }

    /// Where it stands.
    pub(crate) fn span(&self) -> Span {
        self.span
    }
}

/// One argument of the attribute.
pub(super) enum Argument {
    Name(Name),
    Constant(Name, Path),
    Fallback(Ident),
    Payload(Type),
    On(Type),
    Crate(Path),
}

/// The arguments that can be read; after one that can't, reading goes on behind the next comma.
/// Paths, finished or not, are also `mentioned`.
pub(super) fn arguments(
    input: ParseStream<'_>,
    mentioned: &mut Vec<Mentioned>,
    mistakes: &mut Mistakes,
) -> Vec<Argument> {
    let mut arguments = Vec::new();
    let mut is_next_begun = true;
    while !input.is_empty() {
        mentioned.extend(editor::path_ahead(input).map(Mentioned::Constant));
        let argument = input.parse();
        let read = argument.and_then(|argument| Ok((argument, editor::comma(input)?)));
        match read {
            Ok((argument, is_comma)) => {
                arguments.push(argument);
                is_next_begun = is_comma;
            }
            Err(error) => {
                mistakes.add_error(error);
                is_next_begun = editor::skip_to_comma(input);
            }
        }
    }
    if is_next_begun {
        mentioned.push(Mentioned::Constant(quote!("")));
    }
    arguments
}

impl Parse for Argument {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        if input.peek(Token![crate]) && input.peek2(Token![=]) {
            input.parse::<Token![crate]>()?;
            input.parse::<Token![=]>()?;
            return input.call(Path::parse_mod_style).map(Self::Crate);
        }
        if input.peek(Ident) && input.peek2(Token![=]) {
            let key: Ident = input.parse()?;
            input.parse::<Token![=]>()?;
            return match key.to_string().as_str() {
                "payload" => Ok(Self::Payload(input.parse()?)),
                "on" => Ok(Self::On(input.parse()?)),
                other => Err(syn::Error::new(
                    key.span(),
                    format!(
                        "unknown option `{other}`\nhelp: the options are `payload = Type`, \
                         for an event of your own; `on = Type`, for an associated function; and \
                         `crate = path`, if `feishu-events` has a different path"
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
            }) => Ok(Self::Name(Name::of(&name))),
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
pub(crate) fn constant(path: &Path) -> Option<syn::Result<Name>> {
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
    format!("there is no constant `{spelled}` in `feishu_events::names`\nhelp: {help}")
}

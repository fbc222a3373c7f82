//! The syntax of the attribute's arguments.

use proc_macro2::{Span, TokenTree};
use quote::ToTokens;
use syn::parse::{Parse, ParseStream};
use syn::spanned::Spanned;
use syn::{Expr, ExprLit, Ident, Lit, Path, Token, Type};

use crate::event_table;
use crate::mistakes::Mistakes;
use crate::nearest::nearest;

pub(super) const EXAMPLE: &str =
    "help: write `#[feishu_handler(\"contact.department.updated_v3\")]`";

/// A name, and where it stands.
#[derive(Clone)]
pub(crate) struct Name {
    pub(crate) value: String,
    pub(super) span: Span,
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
pub(super) fn arguments(input: ParseStream<'_>, mistakes: &mut Mistakes) -> Vec<Argument> {
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
    format!("there is no constant `{spelled}` in `feishu_events::names`\nhelp: {help}")
}

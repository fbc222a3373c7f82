//! What stands in the brackets of `dispatcher!`, as far as it is written.

use proc_macro2::{TokenStream, TokenTree};
use quote::quote;
use syn::parse::{ParseStream, Parser};
use syn::{Ident, LitStr, Path, Token};

use crate::attr::{Name, constant};
use crate::editor::{self, Mentioned};
use crate::mistakes::Mistakes;
use crate::root::Root;

const EXAMPLE: &str = "help: `dispatcher![on_user_created, chats::on_disbanded]`";

/// `crate = path;`, if it is given, and the handlers.
pub(super) struct Input {
    pub(super) root: Root,
    pub(super) entries: Vec<Entry>,
    /// All paths, finished or not.
    pub(super) mentioned: Vec<Mentioned>,
    /// What could not be read.
    pub(super) error: Option<syn::Error>,
}

/// A handler, and what the entry says of its events.
pub(super) struct Entry {
    /// What stands before `=>`.
    pub(super) events: Vec<Events>,
    pub(super) handler: Path,
}

/// What names events of a handler.
pub(super) enum Events {
    Named(Name, Option<Path>),
    Fallback(Ident),
}

/// Reads what can be read; after an entry that can't, reading goes on behind the next comma.
pub(super) fn parse(input: TokenStream) -> Input {
    let (mut entries, mut mentioned) = (Vec::new(), Vec::new());
    let (mut mistakes, mut root) = (Mistakes::default(), None);
    let read = |input: ParseStream<'_>| {
        match crate_path(input) {
            Ok(path) => root = path,
            Err(error) => {
                mistakes.add_error(expected(&error));
                return input.parse::<TokenStream>().map(drop);
            }
        }
        let mut is_next_begun = true;
        while !input.is_empty() {
            let entry = entry(input, &mut mentioned, &mut mistakes);
            match entry.and_then(|entry| Ok((entry, editor::comma(input)?))) {
                Ok((entry, is_comma)) => {
                    entries.extend(entry);
                    is_next_begun = is_comma;
                }
                Err(error) => {
                    mistakes.add_error(expected(&error));
                    is_next_begun = editor::skip_to_comma(input);
                }
            }
        }
        if is_next_begun {
            mentioned.push(Mentioned::Handler(quote!(())));
        }
        Ok(())
    };
    if let Err(error) = read.parse2(input) {
        mistakes.add_error(error);
    }
    Input {
        root: Root::new(root),
        entries,
        mentioned,
        error: mistakes.into_result().err(),
    }
}

fn expected(error: &syn::Error) -> syn::Error {
    let problem = format!("expected functions with `#[feishu_handler]`, by path\n{EXAMPLE}");
    syn::Error::new(error.span(), problem)
}

fn crate_path(input: ParseStream<'_>) -> syn::Result<Option<Path>> {
    if !(input.peek(Token![crate]) && input.peek2(Token![=])) {
        return Ok(None);
    }
    input.parse::<Token![crate]>()?;
    input.parse::<Token![=]>()?;
    let path = input.call(Path::parse_mod_style)?;
    if !input.is_empty() {
        input.parse::<Token![;]>()?;
    }
    Ok(Some(path))
}

/// An entry; `None` if only a name in it is wrong, which is among the mistakes.
fn entry(
    input: ParseStream<'_>,
    mentioned: &mut Vec<Mentioned>,
    mistakes: &mut Mistakes,
) -> syn::Result<Option<Entry>> {
    let mut events = Vec::new();
    let mut is_right = true;
    if names_events(input) {
        loop {
            mentioned.extend(editor::path_ahead(input).map(Mentioned::Constant));
            match one_of_events(input)? {
                Ok(one) => events.push(one),
                Err(error) => {
                    mistakes.add_error(error);
                    is_right = false;
                }
            }
            if input.parse::<Token![|]>().is_err() {
                break;
            }
        }
        input.parse::<Token![=>]>()?;
    }
    mentioned.extend(editor::path_ahead(input).map(Mentioned::handler));
    let handler = input.parse()?;
    Ok(is_right.then_some(Entry { events, handler }))
}

/// Whether `=>` stands in the entry that comes next.
fn names_events(input: ParseStream<'_>) -> bool {
    let ahead = input.fork();
    while !ahead.is_empty() && !ahead.peek(Token![,]) {
        if ahead.peek(Token![=>]) {
            return true;
        }
        if ahead.parse::<TokenTree>().is_err() {
            return false;
        }
    }
    false
}

/// A literal, a constant, or `fallback`; an error within is one about the name itself.
fn one_of_events(input: ParseStream<'_>) -> syn::Result<syn::Result<Events>> {
    if input.peek(LitStr) {
        let literal: LitStr = input.parse()?;
        return Ok(Ok(Events::Named(Name::of(&literal), None)));
    }
    let path: Path = input.parse()?;
    if let Some(word) = path.get_ident().filter(|word| *word == "fallback") {
        return Ok(Ok(Events::Fallback(word.clone())));
    }
    let Some(name) = constant(&path) else {
        let problem = "expected the name of an event before `=>`\n\
                       help: `\"im.chat.disbanded_v1\" => on_disbanded`";
        return Ok(Err(syn::Error::new_spanned(&path, problem)));
    };
    Ok(name.map(|name| Events::Named(name, Some(path))))
}

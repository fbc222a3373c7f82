//! Each message that the troubleshooting page quotes is one of the code, and each error of the code
//! is on the page.

use std::fs;
use std::path::Path;

use proc_macro2::{TokenStream, TokenTree};

use crate::pages::{page, root};

/// What `Display` says of these is no error.
const NO_ERRORS: [&str; 10] = [
    "ConnectionState",
    "Domain",
    "EventType",
    "Manifest",
    "Named",
    "NotConnected",
    "State",
    "Step",
    "UnknownValue",
    "WireValue",
];

/// A message of the code: `…` stands for what it fills in.
#[derive(Debug)]
struct Message {
    text: String,
    place: String,
}

/// The lines of the page that quote messages.
fn quotes() -> Vec<String> {
    let blocks = page("troubleshooting.md").blocks("text");
    let lines = blocks.iter().flat_map(|block| block.lines());
    let quotes: Vec<String> = lines.map(str::to_owned).collect();
    for quote in &quotes {
        let letters = quote.chars().filter(char::is_ascii_alphabetic).count();
        assert!(letters > 5, "`{quote}` fits anything");
    }
    quotes
}

/// Whether a quote is of this message: all its parts are there, in this order.
fn is_of(quote: &str, message: &str) -> bool {
    let mut rest = message;
    quote.split('…').all(|part| match rest.find(part) {
        Some(at) => {
            rest = &rest[at + part.len()..];
            true
        }
        None => false,
    })
}

#[test]
fn each_quoted_message_is_said_by_the_code() {
    let mut said = compile_errors();
    for folder in ["src", "../feishu-events-macros/src"] {
        for (file, text) in sources(&root().join(folder)) {
            literals(text.parse().unwrap(), &file, &mut said);
        }
    }
    for quote in quotes() {
        let found = said.iter().any(|message| is_of(&quote, &message.text));
        assert!(found, "nothing says `{quote}` any more");
    }
}

#[test]
fn each_error_of_the_code_is_on_the_page() {
    let quotes = quotes();
    let mut said = compile_errors();
    assert!(said.len() > 30, "where are the errors of the macros?");
    let before = said.len();
    let mut of_users = sources(&root().join("src"));
    // What the helpers for tests say is said to whoever writes the test.
    of_users.retain(|(file, _)| !file.contains("testing"));
    for (file, text) in of_users {
        displays(text.parse().unwrap(), &file, &mut said);
    }
    assert!(
        said.len() > before + 30,
        "where are the errors of the crate?"
    );
    let missing: Vec<String> = said
        .iter()
        .filter(|message| is_a_sentence(&message.text))
        .filter(|message| !quotes.iter().any(|quote| is_of(quote, &message.text)))
        .map(|Message { text, place }| format!("{place}: {text}"))
        .collect();
    let missing = missing.join("\n");
    assert!(
        missing.is_empty(),
        "troubleshooting.md does not say what to do about\n{missing}"
    );
}

/// Whether a text is more than a part of a message.
fn is_a_sentence(text: &str) -> bool {
    let is_word = |word: &&str| word.chars().any(char::is_alphabetic);
    text.split(' ').filter(is_word).count() > 2 && text != "without an id"
}

/// What the compiler says first of each mistake, as the tests of the macros have it.
fn compile_errors() -> Vec<Message> {
    let mut errors = Vec::new();
    for (place, text) in files(&root().join("tests"), "stderr") {
        for line in text.lines() {
            let Some((code, said)) = line
                .strip_prefix("error")
                .and_then(|rest| rest.split_once(": "))
            else {
                continue;
            };
            if code.is_empty() || code.starts_with('[') {
                errors.push(Message {
                    text: said.replace("evaluation panicked: ", ""),
                    place: place.clone(),
                });
            }
        }
    }
    errors
}

/// The hand-written sources below a folder.
fn sources(folder: &Path) -> Vec<(String, String)> {
    let mut files = files(folder, "rs");
    files.retain(|(file, _)| !file.contains("generated"));
    files
}

fn files(folder: &Path, ending: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path, ending));
        } else if path.extension().is_some_and(|found| found == ending) {
            let text = fs::read_to_string(&path).unwrap();
            found.push((path.display().to_string(), text));
        }
    }
    found
}

/// The texts inside of all `impl Display for …`.
fn displays(tokens: TokenStream, file: &str, found: &mut Vec<Message>) {
    let mut tokens = tokens.into_iter();
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Ident(ident) if ident == "Display" => {
                let rest = tokens.by_ref().take(12).collect::<Vec<_>>();
                let [TokenTree::Ident(of), TokenTree::Ident(name), ..] = &rest[..] else {
                    continue;
                };
                if *of != "for" || NO_ERRORS.contains(&name.to_string().as_str()) {
                    continue;
                }
                let body = rest.iter().find_map(|token| match token {
                    TokenTree::Group(group) => Some(group.stream()),
                    _ => None,
                });
                literals(body.unwrap(), file, found);
            }
            TokenTree::Group(group) => displays(group.stream(), file, found),
            _ => {}
        }
    }
}

/// All texts in the tokens, with `…` for each `{…}`.
fn literals(tokens: TokenStream, file: &str, found: &mut Vec<Message>) {
    for token in tokens {
        match token {
            TokenTree::Group(group) => literals(group.stream(), file, found),
            TokenTree::Literal(literal) => {
                let syn::Lit::Str(text) = syn::Lit::new(literal) else {
                    continue;
                };
                found.push(Message {
                    text: filled_in(&text.value()),
                    place: file.to_owned(),
                });
            }
            _ => {}
        }
    }
}

fn filled_in(format: &str) -> String {
    let mut parts = format.split('{');
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        text.push('…');
        text.push_str(part.split_once('}').map_or(part, |(_, rest)| rest));
    }
    text
}

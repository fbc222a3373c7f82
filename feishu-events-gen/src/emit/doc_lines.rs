//! The doc comments of events, types, fields and values: the overlay's sentence, then documented facts.

use proc_macro2::TokenStream;
use quote::quote;

use super::home::Home;
use crate::model::{EnumValue, Event, Field, FieldFacts, Struct, Type};
use crate::names::{type_name, unraw};
use crate::overlay::SubscriptionCall;
use crate::schema::{AppType, EventSchema};

/// The address of each portal's documentation.
const FEISHU: &str = "https://open.feishu.cn/document";
const LARK: &str = "https://open.larksuite.com/document";

/// Lines → doc attributes, which are printed as `///`.
pub(super) fn attributes(lines: &[String]) -> TokenStream {
    let lines = lines.iter().map(|line| match line.as_str() {
        "" => String::new(),
        line => format!(" {line}"),
    });
    quote!(#(#[doc = #lines])*)
}

/// Separates paragraphs by blank lines; Markdown would join them otherwise.
fn spaced(paragraphs: Vec<String>) -> Vec<String> {
    let count = paragraphs.len();
    let spaced = paragraphs.into_iter().enumerate();
    spaced
        .flat_map(|(index, line)| {
            let blank = (index + 1 < count).then(String::new);
            std::iter::once(line).chain(blank)
        })
        .collect()
}

/// The docs of a payload: what happened, event type, page, scopes, feature.
pub(super) fn payload(event: &Event<'_>, home: Home<'_>) -> Vec<String> {
    let schema = event.schema;
    let words = [Some(&schema.title), schema.title_en.as_ref()];
    let words = words.into_iter().flatten().map(|title| escape(title));
    let words: Vec<String> = words.filter(|title| !title.is_empty()).collect();
    let titled = match words.join(" / ") {
        words if words.is_empty() => words,
        words => format!(" ({words})"),
    };
    let of = format!("The payload of `{}`{titled}.", schema.event_type);
    let apps = match schema.app_types.as_slice() {
        [AppType::Custom] => ", for custom apps only",
        [AppType::Isv] => ", for store apps (isv) only",
        _ => "",
    };
    let protocol = schema.protocol.as_str();
    let arrives = format!("Arrives in protocol {protocol}{apps}.");
    let mut paragraphs: Vec<String> = event.doc.iter().cloned().collect();
    paragraphs.extend([of, source(schema), arrives]);
    if !schema.scopes.is_empty() {
        let scopes = scope_list(&schema.scopes, &schema.history_scopes);
        paragraphs.push(format!(
            "Any one of these scopes lets an app subscribe: {scopes}"
        ));
    }
    paragraphs.extend(on_lark(schema));
    paragraphs.extend(access(event));
    paragraphs.extend(field_scopes(event));
    if home.is_ours() {
        paragraphs.push(format!("Cargo feature: `{}`.", event.feature()));
    }
    spaced(paragraphs)
}

/// The link to Lark's page of an event that Feishu documents too, and the scopes that it names.
fn on_lark(schema: &EventSchema) -> Option<String> {
    let lark = schema.lark.as_ref().filter(|lark| !lark.only)?;
    let document = lark.document.as_ref().or(schema.document.as_ref())?;
    let day = document.updated.as_ref();
    let day = day.map(|day| format!(", as of {day}")).unwrap_or_default();
    let page = format!("[Lark's documentation]({LARK}{}){day}", document.path);
    Some(match lark.scopes.as_deref() {
        None => format!("{page}."),
        Some([]) => format!("{page}: it names no scope."),
        Some(scopes) => {
            let scopes = scope_list(scopes, &schema.history_scopes);
            format!("{page}: there, any one of these scopes lets an app subscribe: {scopes}")
        }
    })
}

/// What each scope covers, and the call that subscribes, if these are known.
fn access(event: &Event<'_>) -> Vec<String> {
    let history = &event.schema.history_scopes;
    let brings = event.access.brings.iter().map(|(brings, scopes)| {
        let scopes = scope_list(scopes, history);
        format!("- {brings}: {scopes}")
    });
    let mut lines: Vec<String> = brings.collect();
    if !lines.is_empty() {
        lines.insert(0, "Each brings only some of the events:".to_owned());
    }
    if let Some(call) = &event.access.subscription {
        let SubscriptionCall { method, path, per } = call;
        lines.push(format!(
            "Arrives only after a call of `{method} {path}`, once for each {per}."
        ));
    }
    lines
}

/// Which fields of the event need a scope, one paragraph per list of scopes. This is documented at the
/// payload, because types that events share can need different scopes in each.
fn field_scopes(event: &Event<'_>) -> Vec<String> {
    let mut by_scopes: Vec<(&[String], Vec<String>)> = Vec::new();
    for (path, scopes) in &event.field_scopes {
        let path = format!("`{path}`");
        match by_scopes.iter_mut().find(|(known, _)| known == scopes) {
            Some((_, paths)) => paths.push(path),
            None => by_scopes.push((scopes, vec![path])),
        }
    }
    let history = &event.schema.history_scopes;
    let paragraphs = by_scopes.into_iter().map(|(scopes, paths)| {
        let scopes = scope_list(scopes, history);
        let scopes = scopes.trim_end_matches('.');
        let which = if scopes.contains(", ") {
            "any one of the scopes "
        } else {
            "the scope "
        };
        let paths = paths.join(", ");
        format!("With {which}{scopes} these fields appear: {paths}.")
    });
    paragraphs.collect()
}

/// The source of what is known about the event.
fn source(schema: &EventSchema) -> String {
    let Some(document) = &schema.document else {
        let sdks = schema.known_to.join(", ");
        return if schema.lark.is_some() {
            "No page of Feishu's portal documents it.".to_owned()
        } else if sdks.is_empty() {
            "No page of the platform documents it.".to_owned()
        } else {
            format!("No page documents it; the official SDKs know it ({sdks}).")
        };
    };
    let only_lark = schema.lark.as_ref().is_some_and(|lark| lark.only);
    let (whose, host) = if only_lark {
        ("Lark's documentation", LARK)
    } else {
        ("Documentation", FEISHU)
    };
    let page = format!("[{whose}]({host}{})", document.path);
    let day = document.updated.as_ref();
    let day = day.map(|day| format!(", as of {day}")).unwrap_or_default();
    let gone = document.missing_since.as_ref();
    let gone = gone.map(|day| format!(" The page has been gone since {day}."));
    format!("{page}{day}.{}", gone.unwrap_or_default())
}

/// The docs of a nested type.
pub(super) fn nested(item: &Struct) -> Vec<String> {
    let documented = match &item.documented {
        Some(name) => format!("Documented as `{name}`."),
        None => "The documentation gives the type no name.".to_owned(),
    };
    let doc = item.doc.iter();
    doc.flat_map(|doc| [doc.clone(), String::new()])
        .chain([documented])
        .collect()
}

/// The docs of a listed value.
pub(super) fn value(value: &EnumValue) -> Vec<String> {
    let label = match escape(&value.label) {
        label if label.is_empty() => String::new(),
        label => format!(": {label}"),
    };
    vec![
        value.doc.clone(),
        String::new(),
        format!("`{}`{label}.", value.wire),
    ]
}

fn scope_list(scopes: &[String], history: &[String]) -> String {
    let scopes: Vec<String> = scopes
        .iter()
        .map(|scope| {
            let history = if history.contains(scope) {
                " (history)"
            } else {
                ""
            };
            format!("`{scope}`{history}")
        })
        .collect();
    format!("{}.", scopes.join(", "))
}

/// The docs of a field: the sentence, and what its Rust type does not show.
pub(super) fn field(field: &Field) -> Vec<String> {
    let FieldFacts {
        documented_type,
        values,
        scopes,
        len,
        range,
        known_to,
        description,
    } = &field.facts;
    let mut lines: Vec<String> = field.doc.iter().cloned().collect();
    if lines.is_empty() || !says_the_same(field) {
        lines.push(format!("`{}: {documented_type}`.", field.wire));
    }
    let unit = if matches!(field.ty, Type::List(_)) {
        "items"
    } else {
        "characters"
    };
    lines.extend(limits("Length", len.0, len.1, &format!(" {unit}")));
    lines.extend(limits("Value", range.0.as_ref(), range.1.as_ref(), ""));
    if !values.is_empty() && !matches!(field.ty.innermost(), Type::Enum(_)) {
        let listed: Vec<String> = values
            .0
            .iter()
            .map(|(value, label)| match escape(label) {
                label if label.is_empty() => format!("`{value}`"),
                label => format!("`{value}` ({label})"),
            })
            .collect();
        lines.push(format!("Listed values: {}.", listed.join(", ")));
    }
    if !scopes.is_empty() {
        lines.push(format!(
            "Needs any one of the scopes {}",
            scope_list(scopes, &[])
        ));
    }
    if !known_to.is_empty() {
        lines.push(format!("Not documented; known to {}.", known_to.join(", ")));
    }
    let description = description.iter().flat_map(|text| text.lines());
    lines.extend(
        description
            .map(|line| escape(line.trim()))
            .filter(|line| !line.is_empty()),
    );
    spaced(lines)
}

/// Whether the name and type in Rust show the documented name and type.
fn says_the_same(field: &Field) -> bool {
    let name = unraw(&field.name);
    name == field.wire && is_type_of(&field.ty, &field.facts.documented_type)
}

/// Whether the Rust type shows that `documented` is the documented type.
fn is_type_of(ty: &Type, documented: &str) -> bool {
    match ty {
        Type::String => documented == "string",
        Type::Int => documented == "int",
        Type::Float => documented == "float",
        Type::Bool => documented == "boolean",
        Type::UserId => documented == "user_id",
        Type::Struct(name) => documented == "object" || type_name(documented) == *name,
        Type::List(item) => documented
            .strip_suffix("[]")
            .is_some_and(|documented| is_type_of(item, documented)),
        // The Rust type does not show what is inside, or whether values are strings or numbers.
        Type::Json | Type::Mixed | Type::PersonId | Type::Map(_) | Type::Enum(_) => false,
    }
}

fn limits<N: ToString>(what: &str, min: Option<N>, max: Option<N>, unit: &str) -> Option<String> {
    let (min, max) = (min.map(|n| n.to_string()), max.map(|n| n.to_string()));
    Some(match (min, max) {
        (Some(min), Some(max)) => format!("{what}: {min} to {max}{unit}."),
        (Some(min), None) => format!("{what}: at least {min}{unit}."),
        (None, Some(max)) => format!("{what}: at most {max}{unit}."),
        (None, None) => return None,
    })
}

/// Documented text with everything escaped that Markdown or HTML would read as markup.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(
            c,
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '|' | '~'
        ) {
            escaped.push('\\');
        }
        escaped.push(if c.is_control() { ' ' } else { c });
    }
    escaped
}

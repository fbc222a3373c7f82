//! An event for people.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};
use feishu_events::EventType;

use crate::notice::plain;
use crate::receive::event::Arrived;

/// The event: a line with what it is, then its JSON.
pub(crate) fn pretty(event: &Arrived, colours: bool) -> String {
    let header = &event.header;
    let style = |style: Style| if colours { style } else { Style::new() };
    let name = style(AnsiColor::Green.on_default().bold());
    let dim = style(Style::new().dimmed());
    let mut text = String::new();
    let title = header
        .event_type
        .parse::<EventType>()
        .map_or("", EventType::title);
    let _infallible = write!(text, "{name}{}{name:#}", plain(&header.event_type));
    if !title.is_empty() {
        let _infallible = write!(text, "  {title}");
    }
    let time = header.create_time_at().map(|time| {
        let shown = humantime::format_rfc3339_seconds(time);
        shown.to_string()
    });
    let facts = [
        time.as_deref(),
        header.event_id.as_deref(),
        header.tenant_key.as_deref(),
    ];
    for fact in facts.into_iter().flatten() {
        let _infallible = write!(text, "  {dim}{}{dim:#}", plain(fact));
    }
    if event.is_repetition {
        text.push_str("  (perhaps delivered before)");
    }
    text.push('\n');
    let styles = Styles {
        name: style(AnsiColor::Cyan.on_default()),
        text: style(AnsiColor::Yellow.on_default()),
    };
    indent(&event.json, &styles, &mut text);
    text.push('\n');
    text
}

struct Styles {
    name: Style,
    text: Style,
}

/// Writes JSON with a line for each value; values stay as they came, except for characters that a
/// terminal would obey.
fn indent(json: &str, styles: &Styles, text: &mut String) {
    let mut depth = 1;
    let mut rest = json.trim();
    new_line(text, depth);
    while let Some(first) = rest.chars().next() {
        match first {
            '"' => {
                let length = string_length(rest);
                let (string, after) = rest.split_at(length);
                rest = after.trim_start();
                let style = if rest.starts_with(':') {
                    styles.name
                } else {
                    styles.text
                };
                let _infallible = write!(text, "{style}{}{style:#}", escaped(string));
                continue;
            }
            '{' | '[' => {
                let after = rest[1..].trim_start();
                if after.starts_with(['}', ']']) {
                    text.push(first);
                    text.push_str(&after[..1]);
                    rest = after[1..].trim_start();
                    continue;
                }
                depth += 1;
                text.push(first);
                new_line(text, depth);
            }
            '}' | ']' => {
                depth -= 1;
                new_line(text, depth);
                text.push(first);
            }
            ',' => {
                text.push(first);
                new_line(text, depth);
            }
            ':' => text.push_str(": "),
            other => text.push(other),
        }
        rest = rest[first.len_utf8()..].trim_start();
    }
    text.push('\n');
}

fn new_line(text: &mut String, depth: usize) {
    if depth > 1 || text.ends_with(|it| it != '\n') {
        text.push('\n');
    }
    // Bounded like the nesting of what was read.
    text.extend(std::iter::repeat_n("  ", depth));
}

/// How long the string is that the JSON begins with, with its quotes.
fn string_length(json: &str) -> usize {
    let mut is_escaped = false;
    for (at, byte) in json.bytes().enumerate().skip(1) {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' => is_escaped = true,
            b'"' => return at + 1,
            _ => {}
        }
    }
    json.len()
}

/// The string without characters that a terminal would obey, or that would change the order of others.
fn escaped(string: &str) -> String {
    let mut shown = String::with_capacity(string.len());
    for character in string.chars() {
        let is_bidi = matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        if character.is_control() || is_bidi {
            let _infallible = write!(shown, "\\u{:04x}", u32::from(character));
        } else {
            shown.push(character);
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_stay_as_they_came_and_nothing_reaches_the_terminal() {
        let json = r#"{"b":[1,{"c":"x \" { , y"},[],{}],"a":2.50e3,"d":"X","e":null}"#;
        let json = json.replace('X', "\u{9b}31m\u{202e}");
        let styles = Styles {
            name: Style::new(),
            text: Style::new(),
        };
        let mut text = String::new();
        indent(&json, &styles, &mut text);
        let expected = "  {\n    \"b\": [\n      1,\n      {\n        \"c\": \"x \\\" { , y\"\n      },\n      [],\n      {}\n    ],\n    \"a\": 2.50e3,\n    \"d\": \"\\u009b31m\\u202e\",\n    \"e\": null\n  }\n";
        assert_eq!(text, expected);
    }
}

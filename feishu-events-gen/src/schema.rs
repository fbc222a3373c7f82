//! The schema of one event: the facts of its documentation page, and the
//! JSON form in which they are committed.
//!
//! Reading is strict (an unknown key is an error that names the line). Writing is
//! canonical: the same schema gives the same bytes, with one line per row.

use std::fmt;

use serde::de::{self, Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::Number;

mod json;
mod lark;
mod paths;
mod scalar;

pub(crate) use json::quoted;
pub use lark::{Lark, LarkRow};
pub use paths::{RowPath, row_paths};
pub use scalar::Scalar;

/// What is known about one event.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EventSchema {
    /// The event's name on the wire, for example `contact.department.updated_v3`.
    pub event_type: String,
    /// The title of the documentation page, in the language of the page; empty if there is none.
    pub title: String,
    /// The title of the English page, beside that of the Chinese one.
    #[serde(default)]
    pub title_en: Option<String>,
    /// Whether it is an event, or a callback that waits for an answer.
    #[serde(default)]
    pub kind: EventKind,
    /// The envelope in which the event arrives.
    pub protocol: Protocol,
    /// The page that documents the event; `None` (in JSON `null`) if no page does.
    #[serde(deserialize_with = "Option::deserialize")]
    pub document: Option<Document>,
    /// The official SDKs that know an event which no page documents.
    #[serde(default)]
    pub known_to: Vec<String>,
    /// The kinds of app that can receive the event.
    #[serde(default)]
    pub app_types: Vec<AppType>,
    /// The scopes, any one of which lets an app subscribe; empty if none is needed.
    #[serde(default)]
    pub scopes: Vec<String>,
    /// All scopes that fields need according to the page.
    #[serde(default)]
    pub field_scopes: Vec<String>,
    /// Those of [`scopes`](Self::scopes), [`field_scopes`](Self::field_scopes) and the rows'
    /// scopes that can no longer be applied for: only apps that have them keep them.
    #[serde(default)]
    pub history_scopes: Vec<String>,
    /// How Lark's page of the event differs, if there is one.
    #[serde(default)]
    pub lark: Option<Lark>,
    /// The rows of the documented table, in document order.
    pub fields: Vec<Row>,
}

/// Whether the platform expects an answer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EventKind {
    /// It only has to be acknowledged. Schema files leave this out.
    #[default]
    Event,
    /// The response decides what the user sees.
    Callback,
}

/// The two envelope formats of the platform.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Deserialize)]
pub enum Protocol {
    /// `{"ts", "uuid", "token", "type": "event_callback", "event"}`
    #[serde(rename = "1.0")]
    V1,
    /// `{"schema": "2.0", "header", "event"}`
    #[serde(rename = "2.0")]
    V2,
}

impl Protocol {
    /// The name of the protocol in schema files and on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::V1 => "1.0",
            Self::V2 => "2.0",
        }
    }
}

/// Where an event is documented.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Document {
    /// The page's path on the portal; its address is the portal's host, `/document`, this path.
    pub path: String,
    /// The day (UTC) on which the page was last changed, as `YYYY-MM-DD`, if it is known.
    #[serde(default)]
    pub updated: Option<String>,
    /// The day (UTC) on which the page was first found missing, as `YYYY-MM-DD`. The rest of the
    /// schema is kept.
    #[serde(default)]
    pub missing_since: Option<String>,
    /// Whether the page was read separately (`scrape --apart`), because the portal's pages do not
    /// include it. That it is missing there then does not mean that it is gone.
    #[serde(default)]
    pub apart: bool,
}

/// The kinds of app.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AppType {
    /// An app built by a company for itself (自建应用).
    Custom,
    /// An app in the store (商店应用).
    Isv,
}

impl AppType {
    /// The platform's name for the kind of app.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Custom => "custom",
            Self::Isv => "isv",
        }
    }
}

/// One row of the documented table.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// How deep the field is nested; 0 is the envelope's outermost level.
    pub level: u8,
    /// Whether the level is inferred, because neither the page nor its sample shows it.
    #[serde(default)]
    pub level_inferred: bool,
    /// The field's name on the wire.
    pub name: String,
    /// The type as documented, without Markdown escapes: `string[]`, `-`, `department_event`.
    #[serde(rename = "type")]
    pub type_name: String,
    /// The type that the page's own sample shows, where it contradicts the table.
    #[serde(default)]
    pub sample_type: Option<String>,
    /// The least number of characters or items.
    #[serde(default)]
    pub min_len: Option<u64>,
    /// The greatest number of characters or items.
    #[serde(default)]
    pub max_len: Option<u64>,
    /// The least value.
    #[serde(default)]
    pub min: Option<Number>,
    /// The greatest value.
    #[serde(default)]
    pub max: Option<Number>,
    /// The values that the page lists.
    #[serde(default)]
    pub values: ListedValues,
    /// The labels of [`values`](Self::values) on the English page, in addition to the Chinese ones.
    #[serde(default)]
    pub values_en: ListedValues,
    /// The scopes, any one of which makes the field appear; empty if none is needed.
    #[serde(default)]
    pub scopes: Vec<String>,
    /// The SDKs that read the field, if no page documents it.
    #[serde(default)]
    pub known_to: Vec<String>,
    /// The page's own description of the field. Only in schemas that users scrape for themselves
    /// (`scrape --descriptions`), never in committed ones.
    #[serde(default)]
    pub description: Option<String>,
    /// Where the field comes from, if not from the page's table.
    #[serde(default)]
    pub from: Option<RowOrigin>,
}

/// The source of a row that is not in a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RowOrigin {
    /// The page's own sample shows the field.
    Sample,
}

impl RowOrigin {
    /// Its name in schema files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sample => "sample",
        }
    }
}

impl Row {
    /// The listed values with the labels of both languages.
    pub fn values_in_both(&self) -> ListedValues {
        let mut values = self.values.clone();
        for (value, label) in &mut values.0 {
            let mut english = self.values_en.0.iter();
            let english = english.find(|(listed, _)| listed == value);
            match english.map(|(_, english)| english.as_str()) {
                None | Some("") => {}
                Some(english) if label.is_empty() => english.clone_into(label),
                Some(english) => *label = format!("{label} / {english}"),
            }
        }
        values
    }
}

/// Listed values and their labels, in document order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ListedValues(pub Vec<(String, String)>);

impl ListedValues {
    /// Whether the page lists no values.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether `value` is listed.
    pub fn contains(&self, value: &str) -> bool {
        self.0.iter().any(|(listed, _)| listed == value)
    }
}

impl<'de> Deserialize<'de> for ListedValues {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct InOrder;

        impl<'de> Visitor<'de> for InOrder {
            type Value = ListedValues;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object of values and their labels")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut values = ListedValues::default();
                while let Some((value, label)) = map.next_entry::<String, String>()? {
                    if values.contains(&value) {
                        return Err(de::Error::custom(format_args!("`{value}` is listed twice")));
                    }
                    values.0.push((value, label));
                }
                Ok(values)
            }
        }

        deserializer.deserialize_map(InOrder)
    }
}

impl EventSchema {
    /// Reads a schema from its JSON form.
    ///
    /// # Errors
    /// Text that is not JSON, or not a schema; the error has line and column.
    pub fn from_json(text: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(text)
    }

    /// The canonical JSON form, as it is committed.
    pub fn to_json(&self) -> String {
        json::write(self)
    }
}

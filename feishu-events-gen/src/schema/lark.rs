//! What Lark's portal documents about an event.

use super::{AppType, Document, Row};

/// How Lark's page of an event differs from Feishu's.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lark {
    /// Whether Feishu's portal has no page of the event, so that the whole schema is Lark's.
    #[serde(default)]
    pub only: bool,
    /// The page, if path or day differ.
    #[serde(default)]
    pub document: Option<Document>,
    /// The kinds of app, if they differ.
    #[serde(default)]
    pub app_types: Option<Vec<AppType>>,
    /// The scopes of the event, if they differ.
    #[serde(default)]
    pub scopes: Option<Vec<String>>,
    /// The scopes of its fields, if they differ.
    #[serde(default)]
    pub field_scopes: Option<Vec<String>>,
    /// Paths of rows that only Feishu's page has.
    #[serde(default)]
    pub without: Vec<String>,
    /// Rows that only Lark's page has, or that differ there.
    #[serde(default)]
    pub fields: Vec<LarkRow>,
}

/// A row that differs on Lark's page.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LarkRow {
    /// The names from the outermost row to this one, with dots between them.
    pub path: String,
    /// The type.
    #[serde(rename = "type")]
    pub type_name: String,
    /// The scopes, any one of which makes the field appear.
    #[serde(default)]
    pub scopes: Vec<String>,
}

impl LarkRow {
    /// The row at `path`.
    pub fn new(path: String, row: &Row) -> Self {
        Self {
            path,
            type_name: row.type_name.clone(),
            scopes: row.scopes.clone(),
        }
    }
}

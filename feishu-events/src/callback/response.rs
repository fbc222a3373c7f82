//! The parts of responses to callbacks.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

/// A message that is shown to the user for a moment.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Toast {
    /// How it looks.
    pub kind: ToastKind,
    /// Its text.
    pub content: String,
    /// Its text by language: `zh_cn`, `en_us` and so on.
    pub i18n: BTreeMap<String, String>,
}

/// How a toast looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ToastKind {
    /// Neutral information.
    Info,
    /// Success.
    Success,
    /// Success with a warning.
    Warning,
    /// An error.
    Error,
}

impl ToastKind {
    fn as_str(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Success => "success",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

impl Toast {
    /// A toast of this kind with this text.
    pub fn new(kind: ToastKind, content: impl Into<String>) -> Self {
        Self {
            kind,
            content: content.into(),
            i18n: BTreeMap::new(),
        }
    }

    /// A toast that reports success.
    pub fn success(content: impl Into<String>) -> Self {
        Self::new(ToastKind::Success, content)
    }

    /// A toast that reports an error.
    pub fn error(content: impl Into<String>) -> Self {
        Self::new(ToastKind::Error, content)
    }

    /// Sets the text for users of a language: `en_us`.
    #[must_use]
    pub fn i18n(mut self, language: impl Into<String>, content: impl Into<String>) -> Self {
        self.i18n.insert(language.into(), content.into());
        self
    }

    pub(super) fn to_json(&self) -> Value {
        let mut json = json!({ "type": self.kind.as_str(), "content": self.content });
        if !self.i18n.is_empty() {
            json["i18n"] = self.i18n.clone().into_iter().collect();
        }
        json
    }
}

/// The new content of a card.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum CardUpdate {
    /// The JSON of a card, of the same card schema as before.
    Raw(Value),
    /// A card built from a template.
    #[non_exhaustive]
    Template {
        /// The template's id.
        id: String,
        /// The name of its version; `None` for the newest.
        version: Option<String>,
        /// The values of its variables.
        variables: Map<String, Value>,
    },
}

impl CardUpdate {
    /// A card built from the newest version of a template.
    pub fn template(id: impl Into<String>, variables: Map<String, Value>) -> Self {
        Self::Template {
            id: id.into(),
            version: None,
            variables,
        }
    }

    pub(super) fn to_json(&self) -> Value {
        match self {
            Self::Raw(card) => json!({ "type": "raw", "data": card }),
            Self::Template {
                id,
                version,
                variables,
            } => {
                let mut data = Map::new();
                data.insert("template_id".to_owned(), id.as_str().into());
                insert(
                    &mut data,
                    "template_version_name",
                    version.as_deref().map(Value::from),
                );
                if !variables.is_empty() {
                    data.insert("template_variable".to_owned(), variables.clone().into());
                }
                json!({ "type": "template", "data": data })
            }
        }
    }
}

/// Inserts the member `name` if it has a value.
pub(super) fn insert(json: &mut Map<String, Value>, name: &str, value: Option<Value>) {
    if let Some(value) = value {
        json.insert(name.to_owned(), value);
    }
}

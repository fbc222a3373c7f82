//! `card.action.trigger`: someone used a button, a form or a menu of a card.

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::response::{CardUpdate, Toast, insert};

/// The value that a card's author set for a component, as `T`: an object, a string that contains
/// JSON, or a plain string.
///
/// ```
/// use feishu_events::{callback, card};
///
/// let json = r#"{ "action": { "value": "{\"lamp\": 3}" } }"#;
/// let request: card::ActionTrigger = serde_json::from_str(json)?;
/// let value = request.action.and_then(|action| action.value).unwrap_or_default();
/// let value: std::collections::BTreeMap<String, u32> = callback::parse_action_value(&value)?;
/// assert_eq!(value["lamp"], 3);
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// # Errors
/// A value that cannot be deserialized into `T`.
pub fn parse_action_value<T: DeserializeOwned>(value: &Value) -> Result<T, serde_json::Error> {
    match value {
        Value::String(text) => serde_json::from_str(text).or_else(|error| {
            let as_string = serde_json::from_value(Value::String(text.clone()));
            as_string.map_err(|_| error)
        }),
        value => T::deserialize(value),
    }
}

/// The response to `card.action.trigger`; the default leaves the card as it is.
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct CardActionTriggerResponse {
    /// A message that is shown for a moment.
    pub toast: Option<Toast>,
    /// The card's new content.
    pub card: Option<CardUpdate>,
}

impl CardActionTriggerResponse {
    /// Shows a message for a moment.
    #[must_use]
    pub fn toast(mut self, toast: Toast) -> Self {
        self.toast = Some(toast);
        self
    }

    /// Replaces the card.
    #[must_use]
    pub fn card(mut self, card: CardUpdate) -> Self {
        self.card = Some(card);
        self
    }

    pub(super) fn to_json(&self) -> Value {
        let mut json = Map::new();
        insert(&mut json, "toast", self.toast.as_ref().map(Toast::to_json));
        insert(
            &mut json,
            "card",
            self.card.as_ref().map(CardUpdate::to_json),
        );
        Value::Object(json)
    }
}

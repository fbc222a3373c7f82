//! `card.action.trigger`: someone used a button, a form or a menu of a card.

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::record;
use super::response::{CardUpdate, Toast, insert};

record! {
    /// The request of `card.action.trigger`: someone used a button, a form or a menu of a card.
    ///
    /// [Documentation](https://open.feishu.cn/document/uAjLw4CM/ukzMukzMukzM/feishu-cards/card-callback-communication)
    pub struct CardActionTrigger {
        /// Who used the card.
        pub operator: CardActionOperator,
        /// A token with which the card can be updated later: within 30 minutes, twice at most.
        pub token: String,
        /// What was done.
        pub action: CardAction,
        /// Where the card is shown: `im_message` or `im_top_notice`.
        pub host: String,
        /// `url_preview` for the card of a link's preview.
        pub delivery_type: String,
        /// The message that the card is in.
        pub context: CardActionContext,
    }
}

record! {
    /// Who used a card.
    pub struct CardActionOperator {
        /// The tenant of the user.
        pub tenant_key: String,
        /// The user's id for this app.
        pub open_id: String,
        /// The user's id for all apps of one developer.
        pub union_id: String,
        /// The user's id inside the tenant; needs a scope.
        pub user_id: String,
    }
}

record! {
    /// What was done with a card.
    pub struct CardAction {
        /// The value that the card's author gave the component: an object or a string.
        /// [`parse_value`](Self::parse_value) reads either.
        pub value: Value,
        /// The kind of component: `button`, `select_static`, `input` and so on.
        pub tag: String,
        /// The component's name.
        pub name: String,
        /// The option that was chosen.
        pub option: String,
        /// The options that were chosen, where several can be.
        pub options: Vec<String>,
        /// Whether a checker is checked.
        pub checked: bool,
        /// The text of an input field.
        pub input_value: String,
        /// The time zone of the user, for date and time pickers.
        pub timezone: String,
        /// The values of a form's components by name: strings, lists of strings and objects.
        pub form_value: Value,
    }
}

record! {
    /// The message that a card is in.
    pub struct CardActionContext {
        /// The link, for the card of a link's preview.
        pub url: String,
        /// The token of the preview, for the card of a link's preview.
        pub preview_token: String,
        /// The message.
        pub open_message_id: String,
        /// The chat.
        pub open_chat_id: String,
    }
}

impl CardAction {
    /// The component's value as `T`: an object, or a string with JSON in it, or a plain string.
    ///
    /// ```
    /// # use feishu_events::callback::CardAction;
    /// let action: CardAction = serde_json::from_str(r#"{ "value": "{\"lamp\": 3}" }"#)?;
    /// let value: std::collections::BTreeMap<String, u32> = action.parse_value()?;
    /// assert_eq!(value["lamp"], 3);
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    ///
    /// # Errors
    /// A value that is not of the form of a `T`.
    pub fn parse_value<T: DeserializeOwned>(&self) -> Result<T, serde_json::Error> {
        match &self.value {
            Some(Value::String(text)) => serde_json::from_str(text).or_else(|error| {
                let as_string = serde_json::from_value(Value::String(text.clone()));
                as_string.map_err(|_| error)
            }),
            Some(value) => T::deserialize(value),
            None => serde_json::from_value(Value::Null),
        }
    }
}

/// The response to `card.action.trigger`; the default leaves the card as it is.
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct CardActionResponse {
    /// A message that is shown for a moment.
    pub toast: Option<Toast>,
    /// The card's new content.
    pub card: Option<CardUpdate>,
}

impl CardActionResponse {
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

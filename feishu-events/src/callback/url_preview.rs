//! `url.preview.get`: someone put a link of the app's domain into a message.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::response::{CardUpdate, insert};

/// The response to `url.preview.get`; the default shows no preview.
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct UrlPreviewGetResponse {
    /// The title shown in place of the link.
    pub title: Option<String>,
    /// The title by language: `zh_cn`, `en_us` and so on.
    pub i18n_title: BTreeMap<String, String>,
    /// The key of the image before the title.
    pub image_key: Option<String>,
    /// Where the title leads, by platform: `copy_url`, `ios`, `android`, `pc`, `web`.
    pub url: BTreeMap<String, String>,
    /// A card below the message.
    pub card: Option<CardUpdate>,
}

impl UrlPreviewGetResponse {
    /// A preview with a title in place of the link.
    pub fn title(title: impl Into<String>) -> Self {
        Self {
            title: Some(title.into()),
            ..Self::default()
        }
    }

    /// Shows an image before the title.
    #[must_use]
    pub fn image_key(mut self, key: impl Into<String>) -> Self {
        self.image_key = Some(key.into());
        self
    }

    /// Sets the title for users of a language: `en_us`.
    #[must_use]
    pub fn i18n_title(mut self, language: impl Into<String>, title: impl Into<String>) -> Self {
        self.i18n_title.insert(language.into(), title.into());
        self
    }

    /// Sets where the title leads on a platform: `copy_url`, `ios`, `android`, `pc`, `web`.
    #[must_use]
    pub fn url(mut self, platform: impl Into<String>, url: impl Into<String>) -> Self {
        self.url.insert(platform.into(), url.into());
        self
    }

    /// Shows a card below the message.
    #[must_use]
    pub fn card(mut self, card: CardUpdate) -> Self {
        self.card = Some(card);
        self
    }

    pub(super) fn to_json(&self) -> Value {
        let by_key = |map: &BTreeMap<String, String>| {
            (!map.is_empty()).then(|| map.clone().into_iter().collect())
        };
        let mut inline = Map::new();
        insert(&mut inline, "title", self.title.as_deref().map(Value::from));
        insert(&mut inline, "i18n_title", by_key(&self.i18n_title));
        insert(
            &mut inline,
            "image_key",
            self.image_key.as_deref().map(Value::from),
        );
        insert(&mut inline, "url", by_key(&self.url));
        let mut json = Map::new();
        insert(
            &mut json,
            "inline",
            (!inline.is_empty()).then_some(Value::Object(inline)),
        );
        insert(
            &mut json,
            "card",
            self.card.as_ref().map(CardUpdate::to_json),
        );
        Value::Object(json)
    }
}

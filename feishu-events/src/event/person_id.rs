//! The id of a person, where the platform sends it in two forms.

use crate::event::user_id::UserId;
use crate::json::record::{Item, Record, Slot, StringOrObjectSlot, View};

/// The ids of a person, in events that contain either an object of ids or a single id as a string.
///
/// The same event contains an object when it is pushed and a string when it is fetched by polling; the
/// accessors work for both.
///
/// ```
/// use feishu_events::PersonId;
///
/// let pushed: PersonId = serde_json::from_str(r#"{ "open_id": "ou_1", "user_id": "7f3a" }"#)?;
/// let polled: PersonId = serde_json::from_str(r#""ou_1""#)?;
/// assert_eq!(pushed.open_id(), Some("ou_1"));
/// assert_eq!(polled.open_id(), Some("ou_1"));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub enum PersonId {
    /// The ids that the app may see.
    Ids(UserId),
    /// One id, whose prefix says which it is: `ou_` for an open id, `on_` for a union id.
    Text(String),
}

impl PersonId {
    /// The person's id for this app; a single id is one if it begins with `ou_`.
    pub fn open_id(&self) -> Option<&str> {
        match self {
            Self::Ids(ids) => ids.open_id.as_deref(),
            Self::Text(text) => Some(text.as_str()).filter(|text| text.starts_with("ou_")),
        }
    }

    /// The person's id for all apps of one developer; a single id is one if it begins with `on_`.
    pub fn union_id(&self) -> Option<&str> {
        match self {
            Self::Ids(ids) => ids.union_id.as_deref(),
            Self::Text(text) => Some(text.as_str()).filter(|text| text.starts_with("on_")),
        }
    }

    /// The person's id inside the tenant; a single id is one if it is neither of the other two.
    pub fn user_id(&self) -> Option<&str> {
        match self {
            Self::Ids(ids) => ids.user_id.as_deref(),
            Self::Text(text) => {
                let is_other = text.starts_with("ou_") || text.starts_with("on_");
                Some(text.as_str()).filter(|_| !is_other)
            }
        }
    }
}

impl StringOrObjectSlot for Option<PersonId> {
    fn set_string(&mut self, text: String) {
        *self = Some(PersonId::Text(text));
    }
    fn insert_empty(&mut self) -> &mut dyn Record {
        match self.insert(PersonId::Ids(UserId::default())) {
            PersonId::Ids(ids) => ids,
            PersonId::Text(_) => unreachable!("the line above put ids in"),
        }
    }
    fn clear(&mut self) {
        *self = None;
    }
}

impl Item for PersonId {
    fn slot(place: &mut Option<Self>) -> Slot<'_> {
        Slot::StringOrObject(place)
    }
    fn view(&self) -> View<'_> {
        match self {
            Self::Ids(ids) => View::Object(ids),
            Self::Text(text) => View::String(text),
        }
    }
}

impl std::fmt::Debug for PersonId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.view().fmt(f)
    }
}

impl serde::Serialize for PersonId {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.view().serialize(serializer)
    }
}

impl<'de> serde::Deserialize<'de> for PersonId {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut place = None;
        crate::json::read::read_item(Slot::StringOrObject(&mut place), deserializer)?;
        place.ok_or_else(|| {
            serde::de::Error::custom("expected the id of a person, or an object of ids")
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_are_read_and_written_unchanged() {
        for json in [r#"{"user_id":"7f3a","open_id":"ou_1"}"#, r#""ou_1""#] {
            let id: PersonId = serde_json::from_str(json).expect("the id of a person");
            assert_eq!(id.open_id(), Some("ou_1"));
            assert_eq!(serde_json::to_string(&id).expect("JSON"), json);
        }
        for (text, union_id, user_id) in [
            ("on_8", Some("on_8"), None),
            ("7f3a", None, Some("7f3a")),
            ("ou_1", None, None),
        ] {
            let id = PersonId::Text(text.to_owned());
            assert_eq!((id.union_id(), id.user_id()), (union_id, user_id), "{text}");
        }
        assert!(serde_json::from_str::<PersonId>("[1, 2]").is_err());
    }
}

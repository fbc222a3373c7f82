//! What identifies an event: its own id, and the key that it has in common with its repetitions.

use super::short_text::ShortText;

/// The ids of an event, in one text: most keys end with the event's id.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct EventIds {
    /// The app's id, a slash and what identifies the event, and behind that the event's id, unless
    /// it is the same.
    text: ShortText,
    /// The length of the app's id.
    app_length: usize,
    /// The length of the key, 0 if there is none.
    key_length: usize,
    /// Where the event's id begins, which ends with the text.
    event_id_at: Option<usize>,
}

impl EventIds {
    /// The ids of an event that is identified by its own, if it has one.
    pub(super) fn of(app_id: Option<&str>, event_id: Option<&str>) -> Self {
        let app_id = app_id.unwrap_or_default();
        let id = event_id.unwrap_or_default();
        let at = app_id.len() + 1;
        Self {
            text: ShortText::of(&[app_id, "/", id]),
            app_length: app_id.len(),
            key_length: if id.is_empty() { 0 } else { at + id.len() },
            event_id_at: event_id.map(|_| at),
        }
    }

    /// Identifies the event by `id` instead, which may be empty: then nothing identifies it.
    pub(super) fn identify_by(&mut self, id: &str) {
        let app_id = self.text.as_str().get(..self.app_length);
        let key = ShortText::of(&[app_id.unwrap_or_default(), "/", id]);
        self.set_key(key.as_str(), !id.is_empty());
    }

    /// Identifies the event by `key`, if nothing else does.
    #[cfg(feature = "webhook")]
    pub(super) fn or_known_by(&mut self, key: impl FnOnce() -> String) {
        if self.key_length == 0 {
            self.set_key(&key(), true);
        }
    }

    fn set_key(&mut self, key: &str, identifies: bool) {
        let event_id = self.event_id();
        let event_id_at = event_id.map(|_| key.len());
        self.text = ShortText::of(&[key, event_id.unwrap_or_default()]);
        self.event_id_at = event_id_at;
        self.key_length = if identifies { key.len() } else { 0 };
    }

    /// What the event has in common with its repetitions and with no other event: of one message there
    /// is an event for each app that can read it.
    pub(super) fn key(&self) -> Option<&str> {
        let key = self.text.as_str().get(..self.key_length)?;
        (!key.is_empty()).then_some(key)
    }

    /// The same, of which nobody asks whether it is text.
    pub(super) fn key_bytes(&self) -> Option<&[u8]> {
        let key = self.text.as_bytes().get(..self.key_length)?;
        (!key.is_empty()).then_some(key)
    }

    pub(super) fn event_id(&self) -> Option<&str> {
        self.text.as_str().get(self.event_id_at?..)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_is_known_by_its_own_id_or_by_another() {
        let mut ids = EventIds::of(Some("cli_1"), Some("5e37"));
        assert_eq!(
            (ids.key(), ids.event_id()),
            (Some("cli_1/5e37"), Some("5e37"))
        );
        ids.identify_by("om_1");
        assert_eq!(
            (ids.key(), ids.event_id()),
            (Some("cli_1/om_1"), Some("5e37"))
        );
        ids.identify_by("");
        assert_eq!((ids.key(), ids.event_id()), (None, Some("5e37")));
    }

    #[test]
    fn what_has_no_id_has_no_key() {
        let mut ids = EventIds::of(Some("cli_1"), None);
        assert_eq!((ids.key(), ids.event_id()), (None, None));
        ids.identify_by("om_1");
        assert_eq!((ids.key(), ids.event_id()), (Some("cli_1/om_1"), None));
        let empty = EventIds::of(None, Some(""));
        assert_eq!((empty.key(), empty.event_id()), (None, Some("")));
    }

    #[cfg(feature = "webhook")]
    #[test]
    fn a_key_of_the_receiver_replaces_none() {
        let mut ids = EventIds::of(None, Some("5e37"));
        ids.or_known_by(|| "signature".to_owned());
        assert_eq!(ids.key(), Some("/5e37"));
        let mut ids = EventIds::of(Some("cli_1"), None);
        ids.or_known_by(|| "signature".to_owned());
        assert_eq!((ids.key(), ids.event_id()), (Some("signature"), None));
    }
}

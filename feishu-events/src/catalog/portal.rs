//! The two portals, and what each documents about an event.

use std::fmt;

use crate::catalog::access::ScopeGroup;
use crate::catalog::event_type::{AppType, EventType, FieldScopes, Scope};
use crate::generated::catalog::metadata;

/// A developer portal. The two document different events, and give some of the same events different
/// scopes and dates.
///
/// An app is registered on one of the two; a long connection's `Domain` must be that one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Portal {
    /// [Feishu's](https://open.feishu.cn/document).
    #[default]
    Feishu,
    /// [Lark's](https://open.larksuite.com/document).
    Lark,
}

impl Portal {
    /// The portal's host: `open.feishu.cn` or `open.larksuite.com`.
    pub const fn host(self) -> &'static str {
        match self {
            Self::Feishu => "open.feishu.cn",
            Self::Lark => "open.larksuite.com",
        }
    }

    /// The address of the page at `path`.
    fn page(self, path: &str) -> Option<String> {
        (!path.is_empty()).then(|| format!("https://{}/document{path}", self.host()))
    }
}

impl fmt::Display for Portal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Feishu => "Feishu",
            Self::Lark => "Lark",
        })
    }
}

/// Looks up an event in a sorted table that has entries for only some events.
fn find<T: Copy>(table: &[(EventType, T)], event_type: EventType) -> Option<T> {
    let at = table.binary_search_by_key(&event_type, |(listed, _)| *listed);
    at.ok().map(|at| table[at].1)
}

impl EventType {
    /// The portals whose page of this event has been read, Feishu first; empty for an event without a
    /// page.
    ///
    /// If Lark is missing, the event may still exist there: all of Feishu's pages have been read, but
    /// only some of Lark's.
    ///
    /// ```
    /// use feishu_events::{EventType, Portal};
    ///
    /// assert!(EventType::ImMessageReceiveV1.portals().contains(&Portal::Feishu));
    /// assert!(EventType::AddBot.portals().is_empty());
    /// ```
    pub fn portals(self) -> &'static [Portal] {
        let feishu = self.path_on(Portal::Feishu).is_some();
        let lark = self.path_on(Portal::Lark).is_some();
        match (feishu, lark) {
            (true, true) => &[Portal::Feishu, Portal::Lark],
            (true, false) => &[Portal::Feishu],
            (false, true) => &[Portal::Lark],
            (false, false) => &[],
        }
    }

    /// Whether this portal's page of the event has been read: see [`portals`](Self::portals).
    pub fn is_on(self, portal: Portal) -> bool {
        self.portals().contains(&portal)
    }

    /// The address of the documentation page, on Feishu's portal if it has one there; `None` for an
    /// event without a page.
    ///
    /// ```
    /// use feishu_events::EventType;
    ///
    /// assert!(EventType::ImMessageReceiveV1.document().is_some());
    /// assert_eq!(EventType::AddBot.document(), None);
    /// assert_eq!(EventType::AddBot.known_to(), ["go", "node"]);
    /// ```
    pub fn document(self) -> Option<String> {
        let feishu = self.document_on(Portal::Feishu);
        feishu.or_else(|| self.document_on(Portal::Lark))
    }

    /// The address of the documentation page on a portal; `None` if none has been read there.
    ///
    /// ```
    /// use feishu_events::{EventType, Portal};
    ///
    /// let event_type = EventType::ImMessageReceiveV1;
    /// assert_eq!(event_type.document_on(Portal::Feishu), event_type.document());
    /// ```
    pub fn document_on(self, portal: Portal) -> Option<String> {
        portal.page(self.path_on(portal)?)
    }

    /// [`app_types`](Self::app_types) according to this portal's page; if it has not been read,
    /// according to the other portal's.
    pub fn app_types_on(self, portal: Portal) -> &'static [AppType] {
        let other = other_on(metadata::LARK_APP_TYPES, self, portal);
        other.unwrap_or_else(|| self.app_types())
    }

    /// [`scopes`](Self::scopes) according to this portal's page; if it has not been read, according
    /// to the other portal's.
    ///
    /// ```
    /// use feishu_events::{EventType, Portal};
    ///
    /// let event_type = EventType::ContactDepartmentUpdatedV3;
    /// assert_eq!(event_type.scopes_on(Portal::Feishu), event_type.scopes());
    /// ```
    pub fn scopes_on(self, portal: Portal) -> &'static [Scope] {
        let other = other_on(metadata::LARK_SCOPES, self, portal);
        other.unwrap_or_else(|| self.scopes())
    }

    /// [`field_scopes`](Self::field_scopes) according to this portal's page; if it has not been read,
    /// according to the other portal's. Fields that only Lark's page documents are left out: the types
    /// do not have them.
    pub fn field_scopes_on(self, portal: Portal) -> &'static [FieldScopes] {
        let other = other_on(metadata::LARK_FIELD_SCOPES, self, portal);
        other.unwrap_or_else(|| self.field_scopes())
    }

    /// [`scope_groups`](Self::scope_groups) with the scopes of this portal's page; if it has not been
    /// read, with those of the other portal's.
    pub fn scope_groups_on(self, portal: Portal) -> &'static [ScopeGroup] {
        let other = other_on(metadata::LARK_SCOPE_GROUPS, self, portal);
        other.unwrap_or_else(|| self.scope_groups())
    }

    /// The portal whose page the type and its metadata come from; Feishu for an event without a page.
    fn home_portal(self) -> Portal {
        if metadata::ONLY_LARK.binary_search(&self).is_ok() {
            Portal::Lark
        } else {
            Portal::Feishu
        }
    }

    fn path_on(self, portal: Portal) -> Option<&'static str> {
        let path = if portal == self.home_portal() {
            metadata::DOCUMENTS[self as usize]
        } else if portal == Portal::Lark {
            find(metadata::LARK_DOCUMENTS, self)?
        } else {
            return None;
        };
        Some(path).filter(|path| !path.is_empty())
    }
}

/// The event's entry in a table of Lark's differences, if `portal` is Lark.
fn other_on<T: Copy>(lark: &[(EventType, T)], event_type: EventType, portal: Portal) -> Option<T> {
    (portal == Portal::Lark)
        .then(|| find(lark, event_type))
        .flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_portal_has_the_events_whose_pages_were_read() {
        let both = EventType::ContactEmployeeTypeEnumUpdatedV3;
        let only_lark = EventType::AddUserToChat;
        let only_feishu = EventType::ImMessageReceiveV1;
        assert_eq!(both.portals(), [Portal::Feishu, Portal::Lark]);
        assert_eq!(only_lark.portals(), [Portal::Lark]);
        assert_eq!(only_feishu.portals(), [Portal::Feishu]);
        let all = EventType::ALL.iter();
        assert_eq!(all.filter(|it| it.is_on(Portal::Lark)).count(), 12);
        let page = only_lark.document().unwrap();
        assert!(
            page.starts_with("https://open.larksuite.com/document/"),
            "{page}"
        );
    }
}

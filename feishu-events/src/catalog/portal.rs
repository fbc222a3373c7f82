//! The two portals, and what is known of an event on each.

use std::fmt;

use crate::catalog::access::ScopeGroup;
use crate::catalog::event_type::{AppType, EventType, FieldScopes, Scope};
use crate::generated::catalog::metadata;

/// A developer portal with its documentation: each has pages of its own, which differ in scopes, dates
/// and in which events they describe.
///
/// An app belongs to one of the two platforms: that which `Domain` names for a long connection.
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

/// What a table of only some events, sorted, holds for one of them.
fn find<T: Copy>(table: &[(EventType, T)], event_type: EventType) -> Option<T> {
    let at = table.binary_search_by_key(&event_type, |(listed, _)| *listed);
    at.ok().map(|at| table[at].1)
}

impl EventType {
    /// The portals of which a page of this event was read, Feishu's first.
    ///
    /// Without Lark, it is not known whether the event exists there: Feishu's pages have all been
    /// read, Lark's only in part. An event that no page documents has none.
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

    /// Whether a page of the event on this portal was read: see [`portals`](Self::portals).
    pub fn is_on(self, portal: Portal) -> bool {
        self.portals().contains(&portal)
    }

    /// The address of the documentation page, Feishu's if it has one; `None` for an event that no page
    /// documents.
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

    /// The address of the documentation page on a portal; `None` if no page of it was read.
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

    /// As [`app_types`](Self::app_types), as the page on a portal says; if no page of it was read,
    /// as the other's says.
    pub fn app_types_on(self, portal: Portal) -> &'static [AppType] {
        let other = other_on(metadata::LARK_APP_TYPES, self, portal);
        other.unwrap_or_else(|| self.app_types())
    }

    /// As [`scopes`](Self::scopes), as the page on a portal says; if no page of it was read, as the
    /// other's says.
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

    /// As [`field_scopes`](Self::field_scopes), as the page on a portal says; if no page of it was
    /// read, as the other's says. Fields that only Lark's page has are not among them: they have no
    /// place in the types.
    pub fn field_scopes_on(self, portal: Portal) -> &'static [FieldScopes] {
        let other = other_on(metadata::LARK_FIELD_SCOPES, self, portal);
        other.unwrap_or_else(|| self.field_scopes())
    }

    /// As [`scope_groups`](Self::scope_groups), with the scopes that the page on a portal names; if no
    /// page of it was read, with the other's.
    pub fn scope_groups_on(self, portal: Portal) -> &'static [ScopeGroup] {
        let other = other_on(metadata::LARK_SCOPE_GROUPS, self, portal);
        other.unwrap_or_else(|| self.scope_groups())
    }

    /// The portal whose page all facts are from, if any is.
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

/// What a table of Lark's differences holds, if that portal is asked for.
fn other_on<T: Copy>(lark: &[(EventType, T)], event_type: EventType, portal: Portal) -> Option<T> {
    (portal == Portal::Lark)
        .then(|| find(lark, event_type))
        .flatten()
}

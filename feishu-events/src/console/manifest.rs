//! What a set of handlers needs in the developer console.

use super::{duplicates, min_scopes};
use std::collections::BTreeMap;

use crate::catalog::access::{ScopeGroup, Subscription};
use crate::catalog::event_type::{AppType, EventType, Scope};
use crate::catalog::portal::Portal;

/// What to set up in the developer console so that a set of events arrives.
///
/// ```
/// use feishu_events::{EventType, Manifest};
///
/// let manifest = Manifest::from_events([
///     EventType::ContactDepartmentCreatedV3,
///     EventType::ContactDepartmentUpdatedV3,
/// ]);
/// assert_eq!(manifest.scopes.len(), 1); // one scope is enough for both
/// println!("{manifest}");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Manifest {
    /// The portal whose pages say which scopes are needed.
    pub portal: Portal,
    /// The events to subscribe to.
    pub events: Vec<EventType>,
    /// The callbacks, which have a page of their own in the console.
    pub callbacks: Vec<EventType>,
    /// The events and callbacks without documentation, whose scopes are not known.
    pub undocumented: Vec<EventType>,
    /// The events and callbacks whose page on this [`portal`](Self::portal) has not been read. Their
    /// scopes are those of the other portal's page.
    pub from_other_portal: Vec<EventType>,
    /// A small set of scopes with which all others arrive. It contains scopes that can no longer be
    /// applied for only where there is no alternative.
    pub scopes: Vec<Scope>,
    /// For events that no single scope covers completely: what each scope covers.
    pub brings: Vec<(EventType, ScopeGroup)>,
    /// The API calls without which events do not arrive.
    pub subscriptions: Vec<(EventType, Subscription)>,
    /// The fields that further scopes would add.
    pub optional_scopes: Vec<OptionalScope>,
    /// The events that only one kind of app can receive.
    pub app_type_limits: Vec<(EventType, AppType)>,
    /// Events that are requested in both protocols, 1.0 and 2.0: an app that subscribes to both
    /// receives them twice.
    pub duplicates_across_protocols: Vec<(EventType, EventType)>,
}

/// The fields that a scope would add.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct OptionalScope {
    /// The scope; others may also work: see [`EventType::field_scopes`].
    pub scope: Scope,
    /// The fields: event, and JSON pointer into its payload.
    pub fields: Vec<(EventType, &'static str)>,
}

impl Manifest {
    /// What the `events` need; they may include callbacks.
    ///
    /// If several scopes each cover a part of an event, all of them are included;
    /// [`from_events_where`](Self::from_events_where) lets you choose.
    pub fn from_events(events: impl IntoIterator<Item = EventType>) -> Self {
        Self::from_events_where(events, |_, _| true)
    }

    /// What the `events` need; if several scopes each cover a part of an event, only those that `wanted`
    /// selects.
    ///
    /// ```
    /// use feishu_events::{EventType, Manifest};
    ///
    /// let only_private = Manifest::from_events_where([EventType::ImMessageReceiveV1], |_, group| {
    ///     group.brings == "messages in chats with the bot"
    /// });
    /// assert_eq!(only_private.scopes.len(), 1);
    /// assert_eq!(only_private.scopes[0].name, "im:message.p2p_msg:readonly");
    /// ```
    pub fn from_events_where(
        events: impl IntoIterator<Item = EventType>,
        wanted: impl FnMut(EventType, &ScopeGroup) -> bool,
    ) -> Self {
        Self::of(Portal::Feishu, events.into_iter().collect(), wanted)
    }

    /// The manifest of the same events for an app on another portal: one on Lark needs the scopes that
    /// [`Portal::Lark`] documents. A choice made with
    /// [`from_events_where`](Self::from_events_where) is kept.
    ///
    /// A new manifest is for Feishu.
    ///
    /// ```
    /// use feishu_events::{EventType, Manifest, Portal};
    ///
    /// let manifest = Manifest::from_events([EventType::ImMessageReceiveV1]).on(Portal::Lark);
    /// assert_eq!(manifest.portal, Portal::Lark);
    /// ```
    #[must_use]
    pub fn on(&self, portal: Portal) -> Self {
        let events = self.events.iter().chain(&self.callbacks).copied();
        Self::of(portal, events.collect(), |event_type, group| {
            let known = event_type.scope_groups_on(self.portal).iter();
            let mut known = known.filter(|known| known.brings == group.brings);
            let mut brings = self.brings.iter();
            known.next().is_none()
                || brings.any(|(of, known)| *of == event_type && known.brings == group.brings)
        })
    }

    fn of(
        portal: Portal,
        mut all: Vec<EventType>,
        mut wanted: impl FnMut(EventType, &ScopeGroup) -> bool,
    ) -> Self {
        all.sort_unstable();
        all.dedup();
        let groups = all.iter().flat_map(|event_type| {
            let groups = event_type.scope_groups_on(portal).iter();
            groups.map(|group| (*event_type, *group))
        });
        let brings: Vec<(EventType, ScopeGroup)> = groups
            .filter(|(event_type, group)| wanted(*event_type, group))
            .collect();
        let whole = all
            .iter()
            .filter(|it| it.scope_groups_on(portal).is_empty());
        let needs = whole.map(|event_type| event_type.scopes_on(portal));
        let needs = needs.chain(brings.iter().map(|(_, group)| group.any_of));
        let scopes = min_scopes::hitting_set(needs.filter(|scopes| !scopes.is_empty()));
        let subscriptions = all.iter().filter_map(|it| Some((*it, it.subscription()?)));
        let app_type_limits = all.iter().filter_map(|event_type| {
            let [app_type] = event_type.app_types_on(portal) else {
                return None;
            };
            Some((*event_type, *app_type))
        });
        let other = |it: &&EventType| it.document().is_some() && !it.is_on(portal);
        let from_other_portal = all.iter().filter(other);
        let unknown = |it: &&EventType| it.document().is_none() && it.scopes_on(portal).is_empty();
        let undocumented = all.iter().filter(unknown);
        let (callbacks, events) = all.iter().partition(|it| it.is_callback());
        Self {
            portal,
            from_other_portal: from_other_portal.copied().collect(),
            optional_scopes: optional_scopes(portal, &all, &scopes),
            app_type_limits: app_type_limits.collect(),
            subscriptions: subscriptions.collect(),
            brings,
            duplicates_across_protocols: duplicates::among(&all),
            undocumented: undocumented.copied().collect(),
            scopes,
            events,
            callbacks,
        }
    }

    /// The scopes as JSON for the console's import: those of the app itself under `tenant`.
    ///
    /// This format has not been verified against the console.
    pub fn to_console_json(&self) -> String {
        let scopes: Vec<&str> = self.scopes.iter().map(|scope| scope.name).collect();
        let user: [&str; 0] = [];
        serde_json::json!({ "scopes": { "tenant": scopes, "user": user } }).to_string()
    }
}

/// The fields that scopes beyond `granted` would add, each under the first of its scopes that an app
/// can still apply for.
fn optional_scopes(portal: Portal, events: &[EventType], granted: &[Scope]) -> Vec<OptionalScope> {
    let mut fields: BTreeMap<Scope, Vec<(EventType, &'static str)>> = BTreeMap::new();
    for event_type in events {
        for field in event_type.field_scopes_on(portal) {
            let any_of = field.any_of;
            if any_of.iter().any(|scope| granted.contains(scope)) {
                continue;
            }
            let current = any_of.iter().find(|scope| !scope.history);
            if let Some(scope) = current.or(any_of.first()) {
                let fields = fields.entry(*scope).or_default();
                fields.push((*event_type, field.path));
            }
        }
    }
    let optional_scopes = fields.into_iter();
    optional_scopes
        .map(|(scope, fields)| OptionalScope { scope, fields })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_events_arrive_with_the_scopes_of_their_manifest() {
        let manifest = Manifest::from_events(EventType::ALL.iter().copied());
        for event_type in EventType::ALL {
            let scopes = event_type.scopes();
            let granted = scopes.iter().any(|scope| manifest.scopes.contains(scope));
            assert!(granted || scopes.is_empty(), "{event_type}");
            let has_current = scopes.iter().any(|scope| !scope.history);
            let by_current = scopes
                .iter()
                .any(|s| !s.history && manifest.scopes.contains(s));
            assert!(by_current || !has_current, "{event_type}");
        }
    }

    #[test]
    fn each_scope_of_messages_says_what_it_brings_and_all_are_named() {
        let event = EventType::ImMessageReceiveV1;
        let manifest = Manifest::from_events([event]);
        let text = manifest.to_string();
        let json = manifest.to_console_json();
        let granted: Vec<&str> = manifest.scopes.iter().map(|scope| scope.name).collect();
        for brings in [
            "messages in chats with the bot",
            "group messages of users that mention the bot",
            "all group messages of users",
        ] {
            let mut groups = event.scope_groups().iter();
            let group = groups.find(|group| group.brings == brings).expect(brings);
            let mut scopes = group.any_of.iter().map(|scope| scope.name);
            let scope = scopes.find(|scope| granted.contains(scope)).expect(brings);
            let mut lines = text.lines();
            let says = |line: &str| {
                line.trim_start().starts_with(scope)
                    && line.contains(&format!("  {brings} ({event})"))
            };
            assert!(lines.any(says), "{scope} does not say {brings}:\n{text}");
            assert!(json.contains(&format!("\"{scope}\"")), "{json}");
        }
        for group in event.scope_groups() {
            let is_met = group
                .any_of
                .iter()
                .any(|scope| granted.contains(&scope.name));
            assert!(is_met, "{}", group.brings);
        }
    }

    #[test]
    fn a_manifest_of_lark_has_the_scopes_of_its_pages() {
        let all = EventType::ALL.iter().copied();
        let feishu = Manifest::from_events(all);
        assert_eq!(feishu.on(Portal::Feishu), feishu, "Feishu is the default");
        let lark = feishu.on(Portal::Lark);
        assert_eq!(
            (&lark.events, &lark.callbacks),
            (&feishu.events, &feishu.callbacks)
        );
        assert_eq!(
            lark.on(Portal::Feishu),
            feishu,
            "nothing is lost by the change of portals"
        );
        let text = lark.to_string();
        let json = lark.to_console_json();
        for event_type in EventType::ALL.iter().copied() {
            let scopes = event_type.scopes_on(Portal::Lark);
            let is_granted = scopes.iter().any(|scope| lark.scopes.contains(scope));
            assert!(is_granted || scopes.is_empty(), "{event_type}");
            let unread = event_type.document().is_some() && !event_type.is_on(Portal::Lark);
            assert_eq!(
                lark.from_other_portal.contains(&event_type),
                unread,
                "{event_type}"
            );
        }
        for scope in &lark.scopes {
            assert!(json.contains(&format!("\"{}\"", scope.name)), "{json}");
        }
        assert!(
            text.contains("For these, no page of Lark's portal was read;"),
            "{text}"
        );
    }

    #[test]
    fn a_manifest_of_lark_asks_for_what_larks_page_names() {
        let event = EventType::ContactEmployeeTypeEnumUpdatedV3;
        let names = |portal| {
            let scopes = event.scopes_on(portal).iter().map(|scope| scope.name);
            scopes.collect::<Vec<_>>()
        };
        let current = "contact:contact:readonly_as_app";
        assert_eq!(
            names(Portal::Lark),
            [current, "contact:contact:access_as_app"]
        );
        assert!(names(Portal::Feishu).len() > 2);
        let manifest = Manifest::from_events([event, EventType::ImMessageReceiveV1]);
        let manifest = manifest.on(Portal::Lark);
        assert!(manifest.scopes.iter().any(|scope| scope.name == current));
        assert_eq!(manifest.from_other_portal, [EventType::ImMessageReceiveV1]);
    }

    #[test]
    fn a_choice_of_scopes_is_kept_on_the_other_portal() {
        let event = EventType::ImMessageReceiveV1;
        let private = Manifest::from_events_where([event], |_, group| {
            group.brings == "messages in chats with the bot"
        });
        let lark = private.on(Portal::Lark);
        assert_eq!((lark.brings.len(), lark.scopes.len()), (1, 1));
    }

    #[test]
    fn the_text_says_which_call_subscribes() {
        let text = Manifest::from_events([EventType::DriveFileEditV1]).to_string();
        let line = "drive.file.edit_v1 arrives only after POST \
                    /open-apis/drive/v1/files/:file_token/subscribe, once for each file.";
        assert!(text.contains(line), "{text}");
    }

    #[test]
    fn the_text_names_events_scopes_fields_limits_and_duplicates() {
        let manifest = Manifest::from_events([
            EventType::ImMessageReceiveV1,
            EventType::Message,
            EventType::AcsUserUpdatedV1,
            EventType::ContactDepartmentUpdatedV3,
            EventType::CardActionTrigger,
            EventType::AddBot,
        ]);
        let text = manifest.to_string();
        for part in [
            "Events to subscribe to:\n  acs.user.updated_v1",
            "Callbacks to subscribe to:\n  card.action.trigger  卡片回传交互回调\n",
            "  add_bot\n",
            "Which scopes add_bot needs is not known: no page documents it.",
            "Scopes to apply for:\n",
            "  contact.department.updated_v3 /object/name\n",
            "Only custom apps can receive acs.user.updated_v1.",
            "message and im.message.receive_v1 are the same event in two protocols; subscribe to only one.",
        ] {
            assert!(text.contains(part), "{part} is not in\n{text}");
        }
        let json: serde_json::Value =
            serde_json::from_str(&manifest.to_console_json()).expect("JSON");
        let tenant = json["scopes"]["tenant"].as_array().expect("a list");
        assert_eq!(tenant.len(), manifest.scopes.len());
    }
}

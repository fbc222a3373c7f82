//! What a set of handlers needs of the developer console.

use super::{duplicates, min_scopes};
use std::collections::BTreeMap;
use std::fmt;

use crate::catalog::event_type::{AppType, EventType, Scope};

/// What to set up in the developer console so that a set of events arrives.
///
/// ```
/// use feishu_events::{EventType, Manifest};
///
/// let manifest = Manifest::from_events([
///     EventType::ContactDepartmentCreatedV3,
///     EventType::ContactDepartmentUpdatedV3,
/// ]);
/// assert_eq!(manifest.scopes.len(), 1); // one scope lets both arrive
/// println!("{manifest}");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Manifest {
    /// The events to subscribe to.
    pub events: Vec<EventType>,
    /// The callbacks, which the console has a page of their own for.
    pub callbacks: Vec<EventType>,
    /// Those of the events and callbacks that no page documents, so that their scopes are not known.
    pub undocumented: Vec<EventType>,
    /// A small set of scopes with which all others arrive. One that is history is there only where
    /// no other will do.
    pub scopes: Vec<Scope>,
    /// What further scopes would make appear.
    pub optional_scopes: Vec<OptionalScope>,
    /// The events that only apps of one kind can receive.
    pub app_type_limits: Vec<(EventType, AppType)>,
    /// Two forms of one event, in protocol 1.0 and 2.0, that are both asked for: an app that
    /// subscribes to both is told twice.
    pub duplicates_across_protocols: Vec<(EventType, EventType)>,
}

/// The fields that a scope would make appear.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct OptionalScope {
    /// The scope; others may do as well: see [`EventType::field_scopes`].
    pub scope: Scope,
    /// The fields: event, and JSON pointer into its payload.
    pub fields: Vec<(EventType, &'static str)>,
}

impl Manifest {
    /// What the `events` need, of which some may be callbacks.
    pub fn from_events(events: impl IntoIterator<Item = EventType>) -> Self {
        let mut all: Vec<EventType> = events.into_iter().collect();
        all.sort_unstable();
        all.dedup();
        let needs = all.iter().map(|event_type| event_type.scopes());
        let scopes = min_scopes::hitting_set(needs.filter(|scopes| !scopes.is_empty()));
        let app_type_limits = all.iter().filter_map(|event_type| {
            let [app_type] = event_type.app_types() else {
                return None;
            };
            Some((*event_type, *app_type))
        });
        let undocumented = all.iter().filter(|it| it.document().is_none());
        let (callbacks, events) = all.iter().partition(|it| it.is_callback());
        Self {
            optional_scopes: optional_scopes(&all, &scopes),
            app_type_limits: app_type_limits.collect(),
            duplicates_across_protocols: duplicates::among(&all),
            undocumented: undocumented.copied().collect(),
            scopes,
            events,
            callbacks,
        }
    }

    /// The scopes as JSON for the console's import: those of the app itself under `tenant`.
    ///
    /// Unverified: nobody has held this form against the console itself.
    pub fn to_console_json(&self) -> String {
        let scopes: Vec<&str> = self.scopes.iter().map(|scope| scope.name).collect();
        let user: [&str; 0] = [];
        serde_json::json!({ "scopes": { "tenant": scopes, "user": user } }).to_string()
    }
}

/// What scopes beyond `granted` would make appear, by the first scope of each field that an app
/// can still apply for.
fn optional_scopes(events: &[EventType], granted: &[Scope]) -> Vec<OptionalScope> {
    let mut fields: BTreeMap<Scope, Vec<(EventType, &'static str)>> = BTreeMap::new();
    for event_type in events {
        for field in event_type.field_scopes() {
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

impl fmt::Display for Manifest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lists = [
            ("Events to subscribe to:", &self.events),
            ("Callbacks to subscribe to:", &self.callbacks),
        ];
        for (heading, list) in lists.iter().filter(|(_, list)| !list.is_empty()) {
            writeln!(f, "{heading}")?;
            for event_type in *list {
                let name = format!("{event_type}  {}", event_type.title());
                writeln!(f, "  {}", name.trim_end())?;
            }
        }
        writeln!(f, "Scopes to apply for:")?;
        for scope in &self.scopes {
            writeln!(f, "  {}", Named(scope))?;
        }
        for unlock in &self.optional_scopes {
            writeln!(f, "With {} these fields appear too:", Named(&unlock.scope))?;
            for (event_type, path) in &unlock.fields {
                writeln!(f, "  {event_type} {path}")?;
            }
        }
        for (event_type, app_type) in &self.app_type_limits {
            let kind = match app_type {
                AppType::Custom => "custom apps",
                AppType::Isv => "store apps",
            };
            writeln!(f, "Only {kind} can receive {event_type}.")?;
        }
        for event_type in &self.undocumented {
            writeln!(
                f,
                "Which scopes {event_type} needs is not known: no page documents it."
            )?;
        }
        for (old, new) in &self.duplicates_across_protocols {
            writeln!(f, "{old} and {new} tell of the same: subscribe to one.")?;
        }
        Ok(())
    }
}

/// A scope with a word on whether it can be applied for.
struct Named<'a>(&'a Scope);

impl fmt::Display for Named<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let history = if self.0.history { " (history)" } else { "" };
        write!(f, "{}{history}", self.0.name)
    }
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
    fn the_text_names_events_scopes_fields_limits_and_twins() {
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
            "message and im.message.receive_v1 tell of the same: subscribe to one.",
        ] {
            assert!(text.contains(part), "{part} is not in\n{text}");
        }
        let json: serde_json::Value =
            serde_json::from_str(&manifest.to_console_json()).expect("JSON");
        let tenant = json["scopes"]["tenant"].as_array().expect("a list");
        assert_eq!(tenant.len(), manifest.scopes.len());
    }
}

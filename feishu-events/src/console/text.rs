//! A manifest as text.

use std::fmt;

use super::manifest::Manifest;
use crate::catalog::access::Subscription;
use crate::catalog::event_type::{AppType, Scope};

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
            write!(f, "  {}", Named(scope))?;
            let brings = self.brings.iter();
            for (event_type, group) in brings.filter(|(_, group)| group.any_of.contains(scope)) {
                write!(f, "  {} ({event_type})", group.brings)?;
            }
            writeln!(f)?;
        }
        for optional in &self.optional_scopes {
            writeln!(
                f,
                "With {} these fields appear too:",
                Named(&optional.scope)
            )?;
            for (event_type, path) in &optional.fields {
                writeln!(f, "  {event_type} {path}")?;
            }
        }
        for (event_type, call) in &self.subscriptions {
            let Subscription { method, path, per } = call;
            writeln!(
                f,
                "{event_type} arrives only after {method} {path}, once for each {per}."
            )?;
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
        if !self.from_other_portal.is_empty() {
            writeln!(
                f,
                "For these, no page of {}'s portal was read; the scopes are those of the other portal:",
                self.portal
            )?;
            for event_type in &self.from_other_portal {
                writeln!(f, "  {event_type}")?;
            }
        }
        for (old, new) in &self.duplicates_across_protocols {
            writeln!(
                f,
                "{old} and {new} are the same event in two protocols; subscribe to only one."
            )?;
        }
        Ok(())
    }
}

/// The name of a scope, marked if it can no longer be applied for.
struct Named<'a>(&'a Scope);

impl fmt::Display for Named<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let history = if self.0.history { " (history)" } else { "" };
        write!(f, "{}{history}", self.0.name)
    }
}

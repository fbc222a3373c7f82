//! The changes of an event that both sides have.

use feishu_events_gen::internals::schema::{AppType, Document, EventKind, EventSchema, Protocol};
use feishu_events_gen::internals::schema_set::SchemaFile;

use super::places::EventPlaces;
use super::report::{Change, Class, What};
use super::row_changes::row_changes;
use super::scopes::{self, lists};

/// All changes of an event; `places` are the Rust items of its fields, before and after.
pub(super) fn changes(
    old: &SchemaFile,
    new: &SchemaFile,
    places: Option<(&EventPlaces, &EventPlaces)>,
) -> Vec<Change> {
    let mut changes = Vec::new();
    if old.service != new.service {
        changes.push(Change {
            class: Class::Breaking,
            ..Change::new(What::Service).changed(&old.service, &new.service)
        });
    }
    let (old, new) = (&old.schema, &new.schema);
    changes.extend(event_changes(old, new));
    changes.extend(row_changes(&old.fields, &new.fields, places));
    changes.extend(scope_changes(old, new));
    changes.extend(page_changes(old.document.as_ref(), new.document.as_ref()));
    let mut moved = new.clone();
    if let (Some(document), Some(old)) = (&mut moved.document, &old.document) {
        // That a page was read separately does not change its content.
        document.apart = old.apart;
    }
    if changes.is_empty() && *old != moved {
        changes.push(Change::new(What::Order));
    }
    changes
}

fn event_changes(old: &EventSchema, new: &EventSchema) -> Vec<Change> {
    let mut changes = Vec::new();
    if old.kind != new.kind {
        let name = |kind| match kind {
            EventKind::Event => "event",
            EventKind::Callback => "callback",
        };
        changes.push(Change {
            class: Class::Breaking,
            effect: Some("A handler of a callback answers, one of an event does not.".to_owned()),
            ..Change::new(What::Kind).changed(name(old.kind), name(new.kind))
        });
    }
    if old.protocol != new.protocol {
        let [old, new] = [old, new].map(|schema| Protocol::as_str(schema.protocol));
        changes.push(Change::new(What::Protocol).changed(old, new));
    }
    if old.title != new.title {
        changes.push(Change::new(What::Title).changed(&old.title, &new.title));
    }
    let known_to = lists(&old.known_to, &new.known_to);
    if let Some((gained, dropped)) = known_to {
        changes.push(Change {
            gained,
            dropped,
            ..Change::new(What::KnownTo)
        });
    }
    let apps = [old, new].map(|schema| {
        let apps = schema.app_types.iter().map(|app| AppType::as_str(*app));
        apps.map(str::to_owned).collect::<Vec<_>>()
    });
    if let Some((gained, dropped)) = lists(&apps[0], &apps[1]) {
        // No app types means that the page does not name any.
        let both_listed = !old.app_types.is_empty() && !new.app_types.is_empty();
        let stops = (both_listed && !dropped.is_empty()).then(|| {
            format!(
                "Apps of the kind {} may stop receiving the event.",
                dropped.join(", ")
            )
        });
        changes.push(Change {
            gained,
            dropped,
            effect: stops,
            ..Change::new(What::AppTypes)
        });
    }
    changes
}

fn scope_changes(old: &EventSchema, new: &EventSchema) -> Vec<Change> {
    let mut changes = Vec::new();
    let change = |what, old: &[String], new: &[String], effect: Option<String>| {
        let (gained, dropped) = lists(old, new)?;
        Some(Change {
            gained,
            dropped,
            effect,
            ..Change::new(what)
        })
    };
    let effect = scopes::of_event(&old.scopes, &new.scopes);
    changes.extend(change(What::Scopes, &old.scopes, &new.scopes, effect));
    let (of_old, of_new) = (&old.field_scopes, &new.field_scopes);
    changes.extend(change(What::FieldScopes, of_old, of_new, None));
    let (of_old, of_new) = (&old.history_scopes, &new.history_scopes);
    let frozen = of_new.iter().any(|scope| !of_old.contains(scope));
    let frozen = frozen.then(|| {
        "Apps can no longer apply for new ones; apps that have them keep them.".to_owned()
    });
    changes.extend(change(What::HistoryScopes, of_old, of_new, frozen));
    changes
}

fn page_changes(old: Option<&Document>, new: Option<&Document>) -> Vec<Change> {
    let mut changes = Vec::new();
    let member = |document: Option<&Document>, of: fn(&Document) -> Option<&String>| {
        document.and_then(of).cloned().unwrap_or_default()
    };
    let mut compare = |what, of: fn(&Document) -> Option<&String>| {
        let (old, new) = (member(old, of), member(new, of));
        if old != new {
            changes.push(Change::new(what).changed(old, new));
        }
    };
    compare(What::Page, |document| Some(&document.path));
    compare(What::PageDate, |document| document.updated.as_ref());
    compare(What::PageMissing, |document| {
        document.missing_since.as_ref()
    });
    for change in &mut changes {
        if change.what == What::PageMissing && change.from.as_deref() == Some("") {
            let since = change.to.as_deref().unwrap_or_default();
            change.effect = Some(format!(
                "Its page is gone since {since}: the event may be withdrawn. Its types stay."
            ));
        }
    }
    changes
}

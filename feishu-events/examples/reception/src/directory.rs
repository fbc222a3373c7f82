//! The directory of employees.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use feishu_events::{Event, State, contact, feishu_handler, names};

use crate::welcomes::Welcomes;

/// The people, by their `open_id`.
#[derive(Clone, Default)]
pub(crate) struct Directory(Arc<Mutex<BTreeMap<String, String>>>);

impl Directory {
    fn change<T>(&self, change: impl FnOnce(&mut BTreeMap<String, String>) -> T) -> T {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The name of an employee.
    pub(crate) fn name(&self, open_id: &str) -> Option<String> {
        self.change(|people| people.get(open_id).cloned())
    }
}

/// The event lacks a field that this app needs, because the app lacks a scope.
#[derive(Debug, thiserror::Error)]
#[error("the event has no `{0}`: the app lacks a scope")]
pub(crate) struct Missing(&'static str);

#[feishu_handler("contact.user.created_v3")]
pub(crate) async fn on_user_created(
    event: contact::UserCreatedV3,
    State(directory): State<Directory>,
    State(welcomes): State<Welcomes>,
) -> Result<(), Missing> {
    let user = event.object.ok_or(Missing("object"))?;
    let open_id = user.open_id.ok_or(Missing("object.open_id"))?;
    let name = user.name.unwrap_or_else(|| open_id.clone());
    directory.change(|people| people.insert(open_id.clone(), name));
    welcomes.add(open_id).await;
    Ok(())
}

/// Two events in one function, named by constants that an editor completes.
#[feishu_handler(names::CONTACT_USER_UPDATED_V3, names::CONTACT_USER_DELETED_V3)]
pub(crate) fn on_user_changed(event: &Event, State(directory): State<Directory>) {
    let changed = match event {
        Event::ContactUserUpdatedV3(event) => event
            .object
            .as_ref()
            .and_then(|user| user.open_id.clone().zip(user.name.clone())),
        Event::ContactUserDeletedV3(event) => {
            let user = event.object.as_ref();
            if let Some(open_id) = user.and_then(|user| user.open_id.as_ref()) {
                directory.change(|people| people.remove(open_id));
            }
            None
        }
        _ => None,
    };
    if let Some((open_id, name)) = changed {
        directory.change(|people| people.insert(open_id, name));
    }
}

//! The ids of a user, the same three in every event.

use crate::json::record::{Record, RecordDef, Slot, View, record_traits, slot, view};

/// The ids of one user.
///
/// Which ids are present depends on the app: `user_id` needs the scope
/// `contact:user.employee_id:readonly`.
#[derive(Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct UserId {
    /// The user's id for all apps of one developer.
    pub union_id: Option<String>,
    /// The user's id inside the tenant.
    pub user_id: Option<String>,
    /// The user's id for this app.
    pub open_id: Option<String>,
}

impl Record for UserId {
    fn def(&self) -> &'static RecordDef {
        &RecordDef {
            name: "UserId",
            event: None,
            fields: &["union_id", "user_id", "open_id"],
        }
    }
    fn slots(&mut self, fill: &mut dyn FnMut(&mut [Slot<'_>])) {
        fill(&mut [
            slot(&mut self.union_id),
            slot(&mut self.user_id),
            slot(&mut self.open_id),
        ]);
    }
    fn views(&self, show: &mut dyn FnMut(&[View<'_>])) {
        show(&[
            view(&self.union_id),
            view(&self.user_id),
            view(&self.open_id),
        ]);
    }
}

record_traits!(UserId);

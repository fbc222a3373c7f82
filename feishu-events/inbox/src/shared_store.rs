//! A store that several own.

use std::sync::Arc;
use std::time::Duration;

use crate::entry::Entry;
use crate::store::{
    BoxFuture, Depth, Held, InboxStore, KeepOutcome, LeaseId, LeaseRequest, Leases, Outcome, Query,
    Selection, State, Summary,
};

impl<S: InboxStore + ?Sized> InboxStore for Arc<S> {
    fn name(&self) -> &str {
        (**self).name()
    }
    fn keep(&self, entry: Entry) -> BoxFuture<'_, KeepOutcome> {
        (**self).keep(entry)
    }
    fn lease(&self, request: LeaseRequest) -> BoxFuture<'_, Leases> {
        (**self).lease(request)
    }
    fn begin(&self, lease: LeaseId, time: Duration) -> BoxFuture<'_, Held> {
        (**self).begin(lease, time)
    }
    fn extend(&self, lease: LeaseId, time: Duration) -> BoxFuture<'_, Held> {
        (**self).extend(lease, time)
    }
    fn settle(&self, lease: LeaseId, outcome: Outcome) -> BoxFuture<'_, Held> {
        (**self).settle(lease, outcome)
    }
    fn list(&self, query: Query) -> BoxFuture<'_, Vec<Summary>> {
        (**self).list(query)
    }
    fn body(&self, id: u64) -> BoxFuture<'_, Option<Vec<u8>>> {
        (**self).body(id)
    }
    fn redrive(&self, selection: Selection) -> BoxFuture<'_, u64> {
        (**self).redrive(selection)
    }
    fn purge(&self, state: State, selection: Selection) -> BoxFuture<'_, u64> {
        (**self).purge(state, selection)
    }
    fn forget(&self, done_for: Duration, dead_for: Duration, limit: usize) -> BoxFuture<'_, u64> {
        (**self).forget(done_for, dead_for, limit)
    }
    fn depth(&self) -> BoxFuture<'_, Depth> {
        (**self).depth()
    }
}

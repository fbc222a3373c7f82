//! The groups of processes that run for events, so that none outlives this command.

#[cfg(unix)]
use std::collections::BTreeSet;
#[cfg(unix)]
use std::sync::{Mutex, MutexGuard, PoisonError};

#[cfg(unix)]
use rustix::process::{Pid, Signal, kill_process_group};

#[cfg(unix)]
static GROUPS: Mutex<BTreeSet<i32>> = Mutex::new(BTreeSet::new());

/// A group of processes, which is stopped when this is dropped.
#[cfg(unix)]
pub(crate) struct Group(i32);

#[cfg(unix)]
impl Group {
    /// The group that the process with this id leads.
    pub(crate) fn new(leader: u32) -> Option<Self> {
        let leader = i32::try_from(leader).ok()?;
        groups().insert(leader);
        Some(Self(leader))
    }

    /// The leader has ended: its id may be another's soon.
    pub(crate) fn ended(self) {
        groups().remove(&self.0);
        std::mem::forget(self);
    }
}

#[cfg(unix)]
impl Drop for Group {
    fn drop(&mut self) {
        groups().remove(&self.0);
        stop(self.0);
    }
}

/// Stops all groups, before the command ends at once.
pub(crate) fn stop_all() {
    #[cfg(unix)]
    groups().iter().copied().for_each(stop);
}

#[cfg(unix)]
fn stop(leader: i32) {
    if let Some(group) = Pid::from_raw(leader) {
        // It may have ended just now.
        let _gone = kill_process_group(group, Signal::KILL);
    }
}

#[cfg(unix)]
fn groups() -> MutexGuard<'static, BTreeSet<i32>> {
    // Nothing panics half-way through a change.
    GROUPS.lock().unwrap_or_else(PoisonError::into_inner)
}

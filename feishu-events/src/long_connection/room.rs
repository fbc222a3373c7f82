//! Room for events that have not been answered, in bytes: what more comes is not read until there is
//! some.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// What room is counted in: a semaphore counts no further than 2^29 on small machines.
const UNIT: usize = 1024;

/// Room for so many bytes.
pub(super) struct Room {
    units: Arc<Semaphore>,
    all: u32,
}

impl Room {
    pub(super) fn new(bytes: usize) -> Self {
        let units = (bytes / UNIT).clamp(1, Semaphore::MAX_PERMITS);
        let all = u32::try_from(units).unwrap_or(u32::MAX);
        Self {
            units: Arc::new(Semaphore::new(all as usize)),
            all,
        }
    }

    /// Takes room for `bytes` if there is some now. A message that is larger than all takes all.
    pub(super) fn take_now(&self, bytes: usize) -> Option<OwnedSemaphorePermit> {
        let units = Arc::clone(&self.units);
        units.try_acquire_many_owned(self.units_of(bytes)).ok()
    }

    /// Waits for room for `bytes`.
    pub(super) async fn take(&self, bytes: usize) -> Option<OwnedSemaphorePermit> {
        let units = Arc::clone(&self.units);
        let taking = units.acquire_many_owned(self.units_of(bytes));
        // Nobody closes it.
        taking.await.ok()
    }

    fn units_of(&self, bytes: usize) -> u32 {
        let units = u32::try_from(bytes.div_ceil(UNIT)).unwrap_or(u32::MAX);
        units.clamp(1, self.all)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_is_larger_than_all_room_waits_for_all_of_it() {
        let room = Room::new(10 * UNIT);
        let small = room.take_now(1).unwrap();
        let half = room.take_now(5 * UNIT).unwrap();
        assert!(room.take_now(5 * UNIT).is_none());
        assert!(room.take_now(usize::MAX).is_none());
        drop((small, half));
        assert_eq!(room.take(usize::MAX).await.unwrap().num_permits(), 10);
        assert!(room.take_now(usize::MAX).is_some());
        assert!(Room::new(0).take_now(usize::MAX).is_some());
    }
}

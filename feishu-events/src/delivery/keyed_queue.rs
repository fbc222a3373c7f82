//! Turns: events with the same key are handled one after the other, in the order they came.

use std::collections::HashMap;
use std::fmt;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::task::{Context, Poll, Waker};

use tokio::sync::{Mutex as Queue, OwnedMutexGuard};

/// With fewer keys than this it is not worth looking for those that are done.
const FEW: usize = 64;

/// The queues of all keys.
#[derive(Debug, Default)]
pub(crate) struct KeyedQueue(Mutex<Keys>);

#[derive(Debug, Default)]
struct Keys {
    /// A queue lives as long as somebody stands in it.
    queues: HashMap<String, Weak<Queue<()>>>,
    sweep_at: usize,
}

/// A place in the queue of a key; dropping it leaves the queue.
pub(crate) struct Ticket(Pin<Box<dyn Future<Output = Guard> + Send>>);

/// As long as it is held, nobody else of the same key has a turn.
pub(crate) type Guard = OwnedMutexGuard<()>;

impl KeyedQueue {
    /// Takes the last place in the queue of `key`.
    pub(crate) fn take(&self, key: String) -> Ticket {
        // The queue is tokio's: it is fair, and one that leaves it holds up nobody.
        let queue = self.queue(key);
        let mut turn: Pin<Box<dyn Future<Output = Guard> + Send>> = Box::pin(queue.lock_owned());
        // It stands in the queue from its first poll on. One that has its turn at once is polled
        // to its end then, so that is kept.
        match turn.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(held) => Ticket(Box::pin(async move { held })),
            Poll::Pending => Ticket(turn),
        }
    }

    fn queue(&self, key: String) -> Arc<Queue<()>> {
        let mut keys = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if keys.queues.len() >= keys.sweep_at {
            keys.queues.retain(|_, queue| queue.strong_count() > 0);
            keys.sweep_at = FEW.max(keys.queues.len() * 2);
        }
        if let Some(queue) = keys.queues.get(&key).and_then(Weak::upgrade) {
            return queue;
        }
        let queue = Arc::new(Queue::new(()));
        keys.queues.insert(key, Arc::downgrade(&queue));
        queue
    }
}

impl Ticket {
    /// Waits for the turn.
    pub(super) async fn acquire(self) -> Guard {
        self.0.await
    }
}

impl fmt::Debug for Ticket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Turn")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn turns_come_in_order_and_one_that_leaves_holds_up_nobody() {
        let turns = KeyedQueue::default();
        let first = turns.take("a".to_owned());
        let gone = turns.take("a".to_owned());
        let mut third = turns.take("a".to_owned());
        let other = turns.take("b".to_owned()).acquire().await;
        let held = first.acquire().await;
        drop(gone);
        let mut context = Context::from_waker(Waker::noop());
        assert!(third.0.as_mut().poll(&mut context).is_pending());
        drop(held);
        let held = third.acquire().await;
        drop((held, other));
        drop(turns.take("a".to_owned()).acquire().await);
    }

    #[tokio::test]
    async fn keys_that_are_done_are_forgotten() {
        let turns = KeyedQueue::default();
        let kept = turns.take("kept".to_owned());
        for number in 0..10_000 {
            drop(turns.take(number.to_string()));
        }
        assert!(turns.0.lock().unwrap().queues.len() <= FEW);
        let after = turns.take("kept".to_owned());
        drop(kept);
        drop(after.acquire().await);
    }
}

//! The answers that callbacks were given: one that is sent again gets the same, and its handler is
//! not called.

use std::collections::{HashMap, VecDeque};
use std::hash::BuildHasherDefault;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::hashed_key::{AsItIs, HashedKey, KeyHasher};
use super::within::after;

/// How long an answer is remembered: a callback's signature is good for 1 h, and may be made by a
/// clock that is 1 h ahead.
const KEPT_FOR: Duration = Duration::from_secs(2 * 60 * 60);

/// How many callbacks are remembered; beyond it the oldest are forgotten early.
const CAPACITY: usize = 100_000;

/// How many bytes of answers are remembered. A callback whose answer had to go is still known, and
/// answered with nothing.
const BYTES: usize = 16 * 1024 * 1024;

/// The callbacks that were answered, and how.
pub(super) struct AnsweredCallbacks {
    kept_for_secs: AtomicU64,
    hasher: KeyHasher,
    known: Mutex<Known>,
}

#[derive(Default)]
struct Known {
    callbacks: HashMap<HashedKey, Callback, BuildHasherDefault<AsItIs>>,
    /// What was answered, the oldest first, and when it is forgotten.
    forget: VecDeque<(HashedKey, Instant)>,
    /// Those of them that have an answer, the oldest first.
    with_answer: VecDeque<HashedKey>,
    bytes: usize,
}

enum Callback {
    Running,
    Answered(Option<Box<str>>),
}

/// What is known of a callback.
pub(super) enum Seen {
    /// Nothing: it is the caller's to handle.
    Never,
    /// It is being handled.
    Running,
    /// It was answered with this.
    Answered(Option<String>),
}

impl Default for AnsweredCallbacks {
    fn default() -> Self {
        Self {
            kept_for_secs: AtomicU64::new(KEPT_FOR.as_secs()),
            hasher: KeyHasher::default(),
            known: Mutex::default(),
        }
    }
}

impl AnsweredCallbacks {
    /// Remembers answers for at least `time`.
    #[cfg(feature = "webhook")]
    pub(super) fn keep_for(&self, time: Duration) {
        self.kept_for_secs
            .fetch_max(time.as_secs(), Ordering::Relaxed);
    }

    pub(super) fn hash(&self, key: &[u8]) -> HashedKey {
        self.hasher.hash(key)
    }

    pub(super) fn claim(&self, key: HashedKey) -> Seen {
        let mut known = self.known();
        known.tidy(Instant::now());
        match known.callbacks.get(&key) {
            Some(Callback::Running) => Seen::Running,
            Some(Callback::Answered(answer)) => {
                Seen::Answered(answer.as_deref().map(str::to_owned))
            }
            None => {
                known.callbacks.insert(key, Callback::Running);
                Seen::Never
            }
        }
    }

    pub(super) fn answered(&self, key: HashedKey, answer: Option<String>) {
        let now = Instant::now();
        let kept_for = Duration::from_secs(self.kept_for_secs.load(Ordering::Relaxed));
        let mut known = self.known();
        if let Some(answer) = &answer {
            known.bytes += answer.len();
            known.with_answer.push_back(key);
        }
        let answer = answer.map(String::into_boxed_str);
        known.callbacks.insert(key, Callback::Answered(answer));
        known.forget.push_back((key, after(now, kept_for)));
        known.tidy(now);
    }

    pub(super) fn release(&self, key: HashedKey) {
        self.known().callbacks.remove(&key);
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        // Nothing in here panics half-way through a change.
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Known {
    /// Removes what is too old, or beyond the limits.
    fn tidy(&mut self, now: Instant) {
        while let Some((oldest, when)) = self.forget.front() {
            if *when > now && self.forget.len() <= CAPACITY {
                break;
            }
            if let Some(Callback::Answered(Some(answer))) = self.callbacks.remove(oldest) {
                self.bytes -= answer.len();
                // They come in the same order.
                self.with_answer.pop_front();
            }
            self.forget.pop_front();
        }
        while self.bytes > BYTES {
            let Some(oldest) = self.with_answer.pop_front() else {
                break;
            };
            if let Some(Callback::Answered(answer)) = self.callbacks.get_mut(&oldest) {
                self.bytes -= answer.take().map_or(0, |answer| answer.len());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claim(answered: &AnsweredCallbacks, number: usize) -> Seen {
        answered.claim(answered.hash(number.to_string().as_bytes()))
    }

    fn answer(answered: &AnsweredCallbacks, number: usize, bytes: usize) {
        assert!(matches!(claim(answered, number), Seen::Never), "{number}");
        let answer = Some("x".repeat(bytes)).filter(|answer| !answer.is_empty());
        answered.answered(answered.hash(number.to_string().as_bytes()), answer);
    }

    #[tokio::test(start_paused = true)]
    async fn large_answers_are_forgotten_before_the_callbacks_are() {
        let answered = AnsweredCallbacks::default();
        for number in 0..40 {
            answer(&answered, number, 1024 * 1024);
        }
        assert!(answered.known().bytes <= BYTES);
        assert!(matches!(claim(&answered, 0), Seen::Answered(None)));
        let Seen::Answered(Some(last)) = claim(&answered, 39) else {
            panic!("the last answer is forgotten")
        };
        assert_eq!(last.len(), 1024 * 1024);
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_remembered_is_bounded_in_number_and_time() {
        let answered = AnsweredCallbacks::default();
        for number in 0..CAPACITY + 10 {
            answer(&answered, number, number % 2);
        }
        assert_eq!(answered.known().callbacks.len(), CAPACITY);
        assert!(matches!(claim(&answered, 0), Seen::Never));
        tokio::time::sleep(KEPT_FOR).await;
        assert!(matches!(claim(&answered, CAPACITY), Seen::Never));
        let known = answered.known();
        assert_eq!((known.callbacks.len(), known.bytes), (2, 0));
        assert!(known.forget.is_empty() && known.with_answer.is_empty());
    }
}

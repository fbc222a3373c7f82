//! Any store of handled events, behind one type.

use std::any::Any;
use std::pin::Pin;
use std::sync::Arc;

use super::in_flight::InFlight;
use super::memory::MemoryStore;
use super::store::{Claim, DedupeStore, StoreError};

pub(super) type Asked<T> = Pin<Box<dyn Future<Output = Result<T, StoreError>> + Send>>;

/// The store of a receiver. The usual one is in memory, and answers without waiting.
#[derive(Clone)]
pub(super) enum Store {
    Memory(Arc<MemoryStore>),
    Other(Arc<dyn AnyStore>),
}

impl Store {
    pub(super) fn of<S: DedupeStore>(store: S) -> Self {
        let store = Arc::new(store);
        let any: Arc<dyn Any + Send + Sync> = Arc::<S>::clone(&store);
        match any.downcast() {
            Ok(memory) => Self::Memory(memory),
            Err(_) => Self::Other(store),
        }
    }
}

/// Any store, behind one type, whose answers can be waited for anywhere.
pub(super) trait AnyStore: Send + Sync {
    fn claim(self: Arc<Self>, event: Arc<InFlight>) -> Asked<Claim>;
    fn done(self: Arc<Self>, event: Arc<InFlight>) -> Asked<()>;
    fn release(self: Arc<Self>, event: Arc<InFlight>) -> Asked<()>;
}

impl<S: DedupeStore> AnyStore for S {
    fn claim(self: Arc<Self>, event: Arc<InFlight>) -> Asked<Claim> {
        Box::pin(async move { DedupeStore::claim(&*self, event.key()).await })
    }
    fn done(self: Arc<Self>, event: Arc<InFlight>) -> Asked<()> {
        Box::pin(async move { DedupeStore::done(&*self, event.key()).await })
    }
    fn release(self: Arc<Self>, event: Arc<InFlight>) -> Asked<()> {
        Box::pin(async move { DedupeStore::release(&*self, event.key()).await })
    }
}

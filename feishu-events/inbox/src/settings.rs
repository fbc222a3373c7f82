//! What an inbox is made of, but for the store.

use std::sync::Arc;
use std::time::Duration;

use feishu_events::ArrivedEvent;

#[cfg(feature = "encryption")]
use crate::encryption::Encryption;
use crate::retry::Retry;
use crate::store::{Interrupted, Summary};

pub(crate) type OrderKey = Arc<dyn Fn(&ArrivedEvent) -> Option<String> + Send + Sync>;
pub(crate) type OnDead = Arc<dyn Fn(&Summary) + Send + Sync>;

/// What an inbox is made of, but for the store.
#[derive(Clone)]
pub(crate) struct Settings {
    pub(crate) workers: usize,
    pub(crate) worker_name: String,
    pub(crate) lease_time: Duration,
    pub(crate) time_limit: Duration,
    pub(crate) store_timeout: Duration,
    pub(crate) poll_interval: Duration,
    pub(crate) retry: Retry,
    pub(crate) interrupted: Interrupted,
    pub(crate) done_for: Duration,
    pub(crate) dead_for: Duration,
    pub(crate) order_key: Option<OrderKey>,
    pub(crate) on_dead: Option<OnDead>,
    #[cfg(feature = "encryption")]
    pub(crate) encryption: Option<Encryption>,
}

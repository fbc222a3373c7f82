//! What a long connection is doing, for those who watch it.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use super::failure::Failure;
use super::settings::ServerSettings;

/// What a long connection is doing; [`LongConnection::status`](crate::LongConnection::status)
/// watches it.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Status {
    /// What it is doing.
    pub state: ConnectionState,
    /// Since when it has been online, if it is.
    pub online_since: Option<SystemTime>,
    /// When data last arrived from the platform, including pongs.
    pub last_frame: Option<SystemTime>,
    /// When the last event arrived.
    pub last_event: Option<SystemTime>,
    /// The number of the current or next attempt, counted from 1 since the last connection; 0 while
    /// online.
    pub attempt: u32,
    /// When the next attempt will be made, while waiting for it.
    pub next_try: Option<SystemTime>,
    /// Why the last connection ended, or the last attempt failed.
    pub last_failure: Option<Arc<Failure>>,
    /// How many connections have been opened.
    pub connections: u64,
    /// How many events have arrived.
    pub events: u64,
    /// What the platform says about pings and reconnecting.
    pub settings: ServerSettings,
}

/// What a long connection is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ConnectionState {
    /// It has not been run.
    Idle,
    /// It is connecting.
    Connecting,
    /// It receives events.
    Online,
    /// It waits for the next attempt.
    Waiting,
    /// It is shutting down: running handlers are finishing.
    Draining,
    /// It has ended.
    Stopped,
}

impl Default for Status {
    fn default() -> Self {
        Self {
            state: ConnectionState::Idle,
            online_since: None,
            last_frame: None,
            last_event: None,
            attempt: 0,
            next_try: None,
            last_failure: None,
            connections: 0,
            events: 0,
            settings: ServerSettings::default(),
        }
    }
}

impl Status {
    /// Whether events can arrive now.
    pub fn is_online(&self) -> bool {
        self.state == ConnectionState::Online
    }
}

impl fmt::Display for ConnectionState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Idle => "idle",
            Self::Connecting => "connecting",
            Self::Online => "online",
            Self::Waiting => "waiting for the next attempt",
            Self::Draining => "shutting down",
            Self::Stopped => "stopped",
        })
    }
}

/// A connection is open; for [`on_connected`](crate::LongConnectionBuilder::on_connected).
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Connected {
    /// The app.
    pub app_id: String,
    /// The platform's name for the connection, which its support can search for.
    pub connection: Option<String>,
    /// How many attempts it took since the last connection that was a success.
    pub attempts: u32,
    /// How long there was no connection, if there had been one before.
    ///
    /// Events from this time arrive later, but callbacks do not: the platform does not send them again.
    pub offline_for: Option<Duration>,
}

/// A connection ended; for [`on_disconnected`](crate::LongConnectionBuilder::on_disconnected).
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Disconnected {
    /// The app.
    pub app_id: String,
    /// The platform's name for the connection.
    pub connection: Option<String>,
    /// How long it lasted.
    pub lasted: Duration,
    /// Why it ended.
    pub failure: Arc<Failure>,
}

/// The client is going to try to connect again; for
/// [`on_reconnecting`](crate::LongConnectionBuilder::on_reconnecting).
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Reconnecting {
    /// The app.
    pub app_id: String,
    /// The number of the attempt, counted from 1 since the last connection that was a success.
    pub attempt: u32,
    /// How long the client waits before it.
    pub after: Duration,
    /// Why it is necessary.
    pub failure: Arc<Failure>,
}

//! A local fake of the platform, to which an app's long connection connects in tests.
//!
//! A [`Gateway`] listens on a local port, answers endpoint discovery, accepts connections and pushes
//! events over them as the platform does, and says how many connections an app has
//! (`GET /open-apis/event/v1/connection`). It can also fail like a real network or platform: split
//! messages, send them again, drop connections, stop responding, refuse clients. Its [`DeliveryLog`]
//! records what happened to each event.
//!
//! It tests a bot end to end, including its connection:
//!
//! ```
//! use std::time::Duration;
//! use feishu_events::testing::gateway::{Gateway, Push};
//! use feishu_events::testing::{EventRequest, sample};
//! use feishu_events::{Domain, LongConnection, contact, dispatcher, feishu_handler};
//!
//! #[feishu_handler("contact.user.created_v3")]
//! async fn greet(event: contact::UserCreatedV3) -> Result<(), &'static str> {
//!     event.object.and_then(|user| user.name).ok_or("the user has no name")?;
//!     Ok(())
//! }
//!
//! # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let gateway = Gateway::builder().start().await?;
//! let bot = LongConnection::builder(gateway.app_id(), gateway.app_secret())
//!     .domain(Domain::Custom(gateway.domain().to_owned()))
//!     .dispatcher(dispatcher![greet])
//!     .build()?;
//! let bot = tokio::spawn(bot.run());
//! gateway.connected(1).await;
//!
//! let event = EventRequest::new(&sample::<contact::UserCreatedV3>());
//! let outcome = gateway.push_and_wait(&event).await;
//! assert!(outcome.is_acknowledged(), "{outcome}");
//!
//! // In three parts in random order, and once more 10 ms later.
//! let again = Push::from(&event).parts(3).shuffled().again_after(Duration::from_millis(10));
//! gateway.push(again);
//! gateway.wait_idle().await;
//! assert_eq!(gateway.delivery_log().acknowledged(), 2);
//! # bot.abort(); Ok(()) }
//! ```

mod api;
mod builder;
mod connection;
mod delivery_log;
mod http;
mod in_memory;
mod message;
mod outcome;
mod platform;
mod push;
mod refusal;
mod schedule;
mod serve;
mod state;
#[cfg(test)]
mod tests;

use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;

use serde_json::Value;
use tokio::sync::oneshot;
use tokio::task::AbortHandle;
use tokio::time::Instant;

pub use builder::GatewayBuilder;
pub use delivery_log::{DeliveryAttempt, DeliveryLog, PushRecord};
pub use in_memory::InMemory;
pub use outcome::{Answer, PushOutcome};
use platform::Platform;
pub use push::Push;
pub use refusal::ConnectRefusal;
use state::Command;

/// A local fake of the platform; see the [module](self).
///
/// Dropping it stops it and ends all its connections. It uses tokio's clock: with paused time, the
/// hours until the platform's last attempt pass at once.
pub struct Gateway {
    platform: Arc<Platform>,
    domain: String,
    address: SocketAddr,
    app_id: String,
    app_secret: String,
    in_memory: InMemory,
    tasks: [AbortHandle; 2],
}

impl Gateway {
    /// A builder for a gateway.
    pub fn builder() -> GatewayBuilder {
        GatewayBuilder::new()
    }

    /// The domain for clients to use instead of the platform's: `http://127.0.0.1:` and a port.
    pub fn domain(&self) -> &str {
        &self.domain
    }

    /// Where the gateway listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The id of the app that may connect.
    pub fn app_id(&self) -> &str {
        &self.app_id
    }

    /// The secret of the app that may connect.
    pub fn app_secret(&self) -> &str {
        &self.app_secret
    }

    /// Lets clients connect without a network, for tests with paused time: a client needs
    /// `.dial(gateway.in_memory())` in addition to `.domain(…)`.
    pub fn in_memory(&self) -> InMemory {
        self.in_memory.clone()
    }

    /// Waits until at least this many clients are connected.
    pub async fn connected(&self, clients: usize) {
        self.platform.connected(clients).await;
    }

    /// How many clients are connected, including those with silenced connections.
    pub fn connections(&self) -> usize {
        self.platform.with(|state| state.connections.len())
    }

    /// How many times a client has connected so far.
    pub fn connects(&self) -> usize {
        self.platform.with(|state| state.connects)
    }

    /// Pushes an event to one of the connected clients, and waits for the outcome.
    ///
    /// It waits at most [`answer_within`](GatewayBuilder::answer_within), after the push's
    /// [`delay`](Push::delay) and all its parts. An event that is not acknowledged is sent again later;
    /// [`wait_idle`](Self::wait_idle) waits for that.
    pub async fn push_and_wait(&self, push: impl Into<Push>) -> PushOutcome {
        let (sender, receiver) = oneshot::channel();
        let push = push.into();
        self.platform.with(|state| state.post(push, Some(sender)));
        receiver.await.unwrap_or(PushOutcome::Unanswered)
    }

    /// Pushes an event to one of the connected clients, without waiting for the outcome.
    pub fn push(&self, push: impl Into<Push>) {
        let push = push.into();
        self.platform.with(|state| state.post(push, None));
    }

    /// Pushes an event to the next client that connects, in the packet that answers its handshake.
    pub fn push_on_connect(&self, push: impl Into<Push>) {
        let push = push.into();
        self.platform.with(|state| {
            let event = state.track(push, None);
            state.on_connect.push_back(event);
        });
    }

    /// Waits until every event is acknowledged or lost, and nothing more will be pushed.
    ///
    /// For an event that is never acknowledged, that takes more than seven hours: use paused time.
    pub async fn wait_idle(&self) {
        self.platform.wait_idle().await;
    }

    /// What happened to every event so far.
    pub fn delivery_log(&self) -> DeliveryLog {
        self.platform.with(|state| state.delivery_log())
    }

    /// Refuses the next client that reaches the step to which this refusal applies. Several refusals
    /// are used in order, one per client.
    pub fn refuse(&self, refusal: ConnectRefusal) {
        self.platform
            .with(|state| state.refusals.push_back(refusal));
    }

    /// Breaks all connections silently, as a network failure does, and returns how many.
    pub fn drop_connections(&self) -> usize {
        self.platform.with(|state| {
            for connection in state.connections.values() {
                drop(connection.commands.send(Command::Drop));
            }
            state.connections.len()
        })
    }

    /// Makes all connections half-open, and returns how many: they stay open, but what clients send is
    /// discarded, and what is pushed to them is lost.
    ///
    /// How long clients take to notice is in [`DeliveryLog::silence_durations`].
    pub fn silence_connections(&self) -> usize {
        self.platform.with(|state| {
            let now = Instant::now();
            let connections = state.connections.values_mut();
            let talking = connections.filter(|it| it.silent_since.is_none());
            talking.fold(0, |silenced, connection| {
                connection.silent_since = Some(now);
                drop(connection.commands.send(Command::Silence));
                silenced + 1
            })
        })
    }

    /// Changes a member of the settings that clients receive from endpoint discovery and in pongs.
    pub fn set(&self, name: &str, value: impl Into<Value>) {
        let value = value.into();
        self.platform.with(|state| state.set(name, value));
    }

    /// Replaces all settings that clients receive from endpoint discovery and in pongs; `settings` need
    /// not be an object.
    pub fn set_all(&self, settings: impl Into<Value>) {
        let settings = settings.into();
        self.platform.with(|state| state.settings = settings);
    }

    /// Sends every client a pong with these settings immediately; `settings` need not be JSON.
    pub fn push_settings(&self, settings: &str) {
        let pong = message::pong(settings);
        self.platform.with(|state| {
            for connection in state.connections.values() {
                drop(connection.commands.send(Command::Send(pong.clone())));
            }
        });
    }
}

impl Drop for Gateway {
    fn drop(&mut self) {
        for task in &self.tasks {
            task.abort();
        }
    }
}

impl fmt::Debug for Gateway {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Gateway")
            .field("domain", &self.domain)
            .field("app_id", &self.app_id)
            .finish_non_exhaustive()
    }
}

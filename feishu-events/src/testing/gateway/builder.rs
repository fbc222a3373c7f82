//! The builder of a gateway.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::mpsc;

use super::Gateway;
use super::in_memory::InMemory;
use super::platform::Platform;
use super::schedule::LADDER;
use super::serve::accept;
use super::state::{GatewayState, Options};

/// Builds a [`Gateway`].
#[derive(Debug, Clone)]
#[must_use]
pub struct GatewayBuilder {
    options: Options,
    settings: Value,
    seed: u64,
    port: u16,
}

impl GatewayBuilder {
    pub(super) fn new() -> Self {
        let options = Options {
            app_id: "cli_a1b2c3d4e5f60718".to_owned(),
            app_secret: "an-invented-app-secret".to_owned(),
            answer_within: Duration::from_secs(3),
            ladder: LADDER.to_vec(),
            connection_limit: 50,
            same_message_id: false,
        };
        Self {
            options,
            settings: json!({
                "ReconnectCount": -1,
                "ReconnectInterval": 90,
                "ReconnectNonce": 25,
                "PingInterval": 90,
            }),
            seed: 0,
            port: 0,
        }
    }

    /// The app that may connect; by default, an invented one. The official Node client requires an id of
    /// the form `cli_` and 16 hex digits.
    pub fn app(mut self, id: impl Into<String>, secret: impl Into<String>) -> Self {
        self.options.app_id = id.into();
        self.options.app_secret = secret.into();
        self
    }

    /// The seed of random choices: which client gets an event, the order of parts. By default 0; the same
    /// seed gives the same choices.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// The local port; by default, a free one.
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// A member of the settings that clients receive from endpoint discovery and in pongs: `PingInterval`,
    /// `ReconnectInterval` and `ReconnectNonce`, in seconds, and `ReconnectCount`. Any value is accepted,
    /// to test how clients handle invalid ones.
    pub fn set(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.settings[name] = value.into();
        self
    }

    /// How long the gateway waits for an answer; by default 3 s, as the platform does.
    pub fn answer_within(mut self, time: Duration) -> Self {
        self.options.answer_within = time;
        self
    }

    /// How long after each failure an event is sent again; by default after 15 s, 5 min, 1 h and 6 h,
    /// as the platform does. After the last, it is lost.
    pub fn resend_after(mut self, times: impl Into<Vec<Duration>>) -> Self {
        self.options.ladder = times.into();
        self
    }

    /// How many connections the app may have; by default 50, as on the platform.
    pub fn connection_limit(mut self, connections: usize) -> Self {
        self.options.connection_limit = connections;
        self
    }

    /// Keeps the message id when an event is sent again, instead of using a new one. It is not known
    /// which of the two the platform does.
    pub fn same_message_id(mut self) -> Self {
        self.options.same_message_id = true;
        self
    }

    /// Starts the gateway, as tasks of the current tokio runtime.
    ///
    /// # Errors
    /// The port cannot be bound, for example because it is in use.
    ///
    /// # Panics
    /// Outside a tokio runtime with network and timer.
    pub async fn start(self) -> io::Result<Gateway> {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, self.port));
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        let app_id = self.options.app_id.clone();
        let app_secret = self.options.app_secret.clone();
        let state = GatewayState::new(self.options, self.settings, self.seed);
        let platform = Arc::new(Platform::new(state));
        let (in_memory, streams) = mpsc::unbounded_channel();
        let accepting = accept(
            listener,
            streams,
            address.to_string(),
            Arc::clone(&platform),
        );
        let accepting = tokio::spawn(accepting);
        let clock = Arc::clone(&platform);
        let clock = tokio::spawn(async move { clock.run_clock().await });
        Ok(Gateway {
            platform,
            domain: format!("http://{address}"),
            address,
            app_id,
            app_secret,
            in_memory: InMemory(in_memory),
            tasks: [accepting.abort_handle(), clock.abort_handle()],
        })
    }
}

//! Building a long connection.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Semaphore, watch};

use super::client::LongConnection;
use super::observers::Observers;
use super::order::{Arrival, Order};
use super::room::Room;
use super::schedule::{AtConnectionLimit, Reconnect};
use super::status::{Connected, Disconnected, Reconnecting, Status};
use crate::delivery::{Acceptor, DeliveryOptions, KeyedQueue, LogLimit};
use crate::handler::dispatcher::Dispatcher;
use crate::long_connection::connect::dial::{Dial, Dialer};
use crate::long_connection::connect::domain::Domain;
use crate::long_connection::connect::proxy::Proxies;
use crate::long_connection::connect::tls::Tls;
use crate::long_connection::connect::transport::Connector;
use crate::long_connection::session::liveness::Timeouts;
use crate::long_connection::shared::ClientShared;
use crate::redact::secret::Secret;

/// For how long a refused app is retried that was accepted before, unless the builder says otherwise.
const RETRY_REFUSALS_FOR: Duration = Duration::from_secs(60 * 60);

const STEP_LIMIT: Duration = Duration::from_secs(10);
const DRAIN_WITHIN: Duration = Duration::from_secs(10);
const PROBE_AFTER: Duration = Duration::from_secs(10);
const MARGIN: Duration = Duration::from_secs(10);

/// How many answers may be outstanding beyond the events that the delivery options let in: those
/// are refused, which takes no time.
const REFUSALS: usize = 64;

/// Where the proxy comes from.
#[derive(Clone)]
enum Proxy {
    Environment,
    None,
    Url(Secret),
}

/// Builds a [`LongConnection`].
#[derive(Clone)]
#[must_use]
pub struct LongConnectionBuilder {
    app_id: String,
    app_secret: Secret,
    domain: Domain,
    dispatcher: Option<Dispatcher>,
    delivery: DeliveryOptions,
    order: Order,
    proxy: Proxy,
    root_certificates: Vec<Vec<u8>>,
    dial: Option<Arc<dyn Dial>>,
    observers: Observers,
    reconnect: Reconnect,
    at_connection_limit: AtConnectionLimit,
    retry_refusals_for: Duration,
    timeouts: Timeouts,
    step_limit: Duration,
    drain_within: Duration,
}

/// A long connection was built with an invalid setting.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum LongConnectionBuildError {
    /// The app id is empty or contains whitespace.
    AppId,
    /// The app secret is empty or contains whitespace.
    AppSecret,
    /// There is no dispatcher, so no event would have a handler.
    NoDispatcher,
    /// The URL of [`Domain::Custom`] is invalid.
    #[non_exhaustive]
    Domain {
        /// What is wrong with it.
        problem: String,
    },
    /// The URL of the proxy, or of the environment's, is invalid, or of an unsupported kind.
    #[non_exhaustive]
    Proxy {
        /// What is wrong with it.
        problem: String,
    },
    /// A root certificate cannot be read.
    #[non_exhaustive]
    RootCertificate {
        /// Which call of [`root_certificate`](LongConnectionBuilder::root_certificate), counted from 1.
        number: usize,
        /// What is wrong with it.
        problem: String,
    },
}

impl LongConnectionBuilder {
    pub(super) fn new(app_id: String, app_secret: String) -> Self {
        Self {
            app_id,
            app_secret: Secret::new(app_secret),
            domain: Domain::default(),
            dispatcher: None,
            delivery: DeliveryOptions::new(),
            order: Order::default(),
            proxy: Proxy::Environment,
            root_certificates: Vec::new(),
            dial: None,
            observers: Observers::default(),
            reconnect: Reconnect::default(),
            at_connection_limit: AtConnectionLimit::default(),
            retry_refusals_for: RETRY_REFUSALS_FOR,
            timeouts: Timeouts {
                probe_after: Some(PROBE_AFTER),
                margin: MARGIN,
            },
            step_limit: STEP_LIMIT,
            drain_within: DRAIN_WITHIN,
        }
    }

    /// The platform that the app belongs to; [`Domain::Feishu`] if it is not set.
    pub fn domain(mut self, domain: Domain) -> Self {
        self.domain = domain;
        self
    }

    /// The handlers.
    pub fn dispatcher(mut self, dispatcher: Dispatcher) -> Self {
        self.dispatcher = Some(dispatcher);
        self
    }

    /// When events are acknowledged, how many run at a time, and how they are deduplicated.
    pub fn delivery(mut self, options: DeliveryOptions) -> Self {
        self.delivery = options;
        self
    }

    /// Handles the events of one chat, and of one approval instance, one after the other in the order
    /// of arrival; other events run concurrently.
    ///
    /// An event that waits for its turn longer than the platform waits for the answer is sent
    /// again, and is then handled after the ones that followed it.
    pub fn in_order(self) -> Self {
        self.order_by(|arrival| arrival.documented_key())
    }

    /// Handles events with the same key one after the other, as [`in_order`](Self::in_order) does;
    /// `None` is an event that does not wait for others.
    ///
    /// ```
    /// # use feishu_events::LongConnection;
    /// # let builder = LongConnection::builder("cli_0", "secret");
    /// let builder = builder.order_by(|arrival| arrival.header().tenant_key.clone());
    /// ```
    pub fn order_by(
        mut self,
        key: impl Fn(Arrival<'_>) -> Option<String> + Send + Sync + 'static,
    ) -> Self {
        self.order = Order::by(key);
        self
    }

    /// The proxy for all connections: `http://`, `https://` (both with CONNECT) or
    /// `socks5://`, with `user:password@` if needed. The proxy resolves the host names.
    ///
    /// If it is not set, the environment decides: `HTTPS_PROXY`, `ALL_PROXY`, `NO_PROXY`. Hosts of this
    /// machine, such as `localhost` and `127.0.0.1`, are always reached directly.
    pub fn proxy(mut self, url: impl Into<String>) -> Self {
        self.proxy = Proxy::Url(Secret::new(url.into()));
        self
    }

    /// Connects without a proxy, whatever the environment says.
    pub fn no_proxy(mut self) -> Self {
        self.proxy = Proxy::None;
        self
    }

    /// Trusts these certificates (PEM) in addition to those that the system trusts: for a proxy that
    /// intercepts TLS, or a private platform.
    pub fn root_certificate(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.root_certificates.push(pem.into());
        self
    }

    /// Called when a connection has been opened. It must not block.
    pub fn on_connected(mut self, observer: impl Fn(&Connected) + Send + Sync + 'static) -> Self {
        self.observers.on_connected(observer);
        self
    }

    /// Called when a connection has ended, with the reason. It must not block.
    pub fn on_disconnected(
        mut self,
        observer: impl Fn(&Disconnected) + Send + Sync + 'static,
    ) -> Self {
        self.observers.on_disconnected(observer);
        self
    }

    /// Called before the wait that precedes each attempt to reconnect. It must not block.
    pub fn on_reconnecting(
        mut self,
        observer: impl Fn(&Reconnecting) + Send + Sync + 'static,
    ) -> Self {
        self.observers.on_reconnecting(observer);
        self
    }

    /// How often to try to reconnect; [`Reconnect::Forever`] if it is not set.
    pub fn reconnect(mut self, reconnect: Reconnect) -> Self {
        self.reconnect = reconnect;
        self
    }

    /// What to do when the app has too many connections; the default is
    /// [`AtConnectionLimit::KeepTrying`].
    pub fn at_connection_limit(mut self, policy: AtConnectionLimit) -> Self {
        self.at_connection_limit = policy;
        self
    }

    /// How long to keep retrying when the platform refuses an app that it has accepted since the client
    /// started; 1 h if it is not set, zero for never.
    ///
    /// A wrong secret or an app without long connections normally ends
    /// [`run`](crate::LongConnection::run) at once. If the same app and secret were accepted before,
    /// the mistake may be the platform's: the refusal is then logged as an error, is in
    /// [`Status::last_failure`](super::Status::last_failure), and is retried at the intervals of
    /// [`Reconnect`].
    pub fn retry_refusals_for(mut self, time: Duration) -> Self {
        self.retry_refusals_for = time;
        self
    }

    /// After how much silence a WebSocket ping asks whether the connection is alive; 10 s if it is
    /// not set, `None` for never.
    ///
    /// The platform's own pings are always sent at its interval.
    pub fn probe_after(mut self, silence: impl Into<Option<Duration>>) -> Self {
        self.timeouts.probe_after = silence.into();
        self
    }

    /// How long to wait for an answer before the connection is replaced: after a WebSocket ping, and
    /// beyond the platform's interval after its own ping; 10 s by default.
    pub fn silence_margin(mut self, margin: Duration) -> Self {
        self.timeouts.margin = margin;
        self
    }

    /// How long each step may take: looking up a name, connecting, the proxy, TLS, asking for the
    /// address, opening the WebSocket, sending; 10 s by default.
    pub fn step_limit(mut self, time: Duration) -> Self {
        self.step_limit = time;
        self
    }

    /// How long running handlers may take to finish when the connection is shut down; 10 s by
    /// default.
    ///
    /// Handlers that are not done then are stopped at their next `.await`. The shutdown may take
    /// longer than this: events that were cut off have 5 s to release their claims in the
    /// [`DedupeStore`](crate::DedupeStore), the last answers have one
    /// [`step_limit`](Self::step_limit) to be sent, and the platform has 3 s to close its side.
    pub fn drain_within(mut self, time: Duration) -> Self {
        self.drain_within = time;
        self
    }

    /// Opens streams by other means than TCP: for tests without a network, on paused time.
    ///
    /// Proxies and TLS are used as with TCP; a test needs [`no_proxy`](Self::no_proxy) and
    /// an `http://` domain.
    pub fn dial(mut self, dial: impl Dial) -> Self {
        self.dial = Some(Arc::new(dial));
        self
    }

    /// Builds the long connection; it connects when it is run.
    ///
    /// # Errors
    /// An invalid app id, secret or URL, a certificate that cannot be read, or no dispatcher.
    pub fn build(self) -> Result<LongConnection, LongConnectionBuildError> {
        use LongConnectionBuildError as Error;

        let has_blanks = |text: &str| text.chars().any(char::is_whitespace);
        if self.app_id.is_empty() || has_blanks(&self.app_id) {
            return Err(Error::AppId);
        }
        let secret = self.app_secret.expose();
        if secret.is_empty() || has_blanks(secret) {
            return Err(Error::AppSecret);
        }
        let endpoint = self.domain.endpoint();
        let endpoint = endpoint.map_err(|problem| Error::Domain { problem })?;
        let proxies = match &self.proxy {
            Proxy::Environment => Proxies::from_env(),
            Proxy::None => Ok(Proxies::default()),
            Proxy::Url(url) => Proxies::all(url.expose()),
        };
        let proxies = proxies.map_err(|problem| Error::Proxy { problem })?;
        let mut tls = Tls::default();
        for (index, pem) in self.root_certificates.iter().enumerate() {
            tls.trust_pem(pem).map_err(|problem| {
                let number = index + 1;
                Error::RootCertificate { number, problem }
            })?;
        }
        let dispatcher = self.dispatcher.ok_or(Error::NoDispatcher)?;
        let (message_limit, memory_limit) = (
            self.delivery.largest_event(),
            self.delivery.largest_memory(),
        );
        let slots = self.delivery.slots().saturating_add(REFUSALS);
        Ok(LongConnection::new(ClientShared {
            app_id: self.app_id,
            app_secret: self.app_secret,
            endpoint,
            connector: Connector {
                dialer: self.dial.map_or(Dialer::Tcp, Dialer::Other),
                proxies,
                tls,
                limit: self.step_limit,
            },
            acceptor: Acceptor::new(dispatcher, self.delivery),
            order: self.order,
            turns: KeyedQueue::default(),
            places: Arc::new(Semaphore::new(slots.min(Semaphore::MAX_PERMITS))),
            observers: self.observers,
            reconnect: self.reconnect,
            at_connection_limit: self.at_connection_limit,
            retry_refusals_for: self.retry_refusals_for,
            timeouts: self.timeouts,
            room: Room::new(memory_limit),
            message_limit,
            text_messages: LogLimit::default(),
            drain_within: self.drain_within,
            status: watch::Sender::new(Status::default()),
        }))
    }
}

impl fmt::Debug for LongConnectionBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LongConnectionBuilder")
            .field("app_id", &self.app_id)
            .field("app_secret", &self.app_secret)
            .field("domain", &self.domain)
            .field("dispatcher", &self.dispatcher)
            .field("delivery", &self.delivery)
            .field("reconnect", &self.reconnect)
            .field("at_connection_limit", &self.at_connection_limit)
            .field("retry_refusals_for", &self.retry_refusals_for)
            .field("step_limit", &self.step_limit)
            .finish_non_exhaustive()
    }
}

impl fmt::Display for LongConnectionBuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AppId => f.write_str("the app id is empty or contains whitespace"),
            Self::AppSecret => f.write_str("the app secret is empty or contains whitespace"),
            Self::NoDispatcher => {
                f.write_str("a long connection needs handlers: `.dispatcher(dispatcher![…])`")
            }
            Self::Domain { problem } => write!(f, "the URL of `Domain::Custom`: {problem}"),
            Self::Proxy { problem } => write!(f, "the proxy's URL: {problem}"),
            Self::RootCertificate { number, problem } => {
                write!(f, "root certificate {number}: {problem}")
            }
        }
    }
}

impl std::error::Error for LongConnectionBuildError {}

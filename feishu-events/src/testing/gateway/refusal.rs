//! How the gateway refuses clients.

/// How the gateway refuses a client: set it with [`Gateway::refuse`](super::Gateway::refuse).
///
/// Functions create those that the platform is known to send: [`busy`](Self::busy),
/// [`wrong_secret`](Self::wrong_secret) and so on.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ConnectRefusal {
    /// Endpoint discovery answers with a code other than 0.
    Endpoint {
        /// The code.
        code: i64,
        /// The message that explains the code.
        message: String,
    },
    /// Endpoint discovery answers with this HTTP status.
    EndpointStatus(u16),
    /// Endpoint discovery answers with HTTP status 200 and this body, which need not be JSON.
    EndpointBody(String),
    /// Endpoint discovery reads the request and never answers.
    EndpointSilence,
    /// The handshake is refused, with the platform's headers.
    Handshake {
        /// The header `Handshake-Status`.
        status: i32,
        /// The header `Handshake-Autherrcode`.
        auth_code: Option<i64>,
        /// The header `Handshake-Msg`.
        message: String,
    },
    /// The handshake is refused with this HTTP status and none of the platform's headers.
    HandshakeStatus(u16),
    /// The handshake is never answered.
    HandshakeSilence,
}

impl ConnectRefusal {
    /// The platform is busy: the client may try again.
    pub fn busy() -> Self {
        Self::endpoint(1, "system busy")
    }

    /// An internal error of the platform: the client may try again.
    pub fn internal_error() -> Self {
        Self::endpoint(1_000_040_343, "internal error")
    }

    /// The app's id or secret is missing: trying again does not help.
    pub fn no_credential() -> Self {
        Self::endpoint(1_000_040_344, "no credential")
    }

    /// The app's id or secret is wrong, or belongs to the other domain: trying again does not help.
    pub fn wrong_secret() -> Self {
        Self::endpoint(1_000_040_345, "app_id or app_secret is invalid")
    }

    /// The app has the maximum number of connections: official clients stop.
    pub fn connection_limit() -> Self {
        Self::handshake(514, Some(1_000_040_350), "exceed connection limit")
    }

    /// The handshake is refused because another check of authentication failed: the client may try
    /// again.
    pub fn handshake_failed() -> Self {
        Self::handshake(514, Some(1_000_040_351), "authentication failed")
    }

    /// The app may not connect: official clients stop.
    pub fn forbidden() -> Self {
        Self::handshake(403, None, "forbidden")
    }

    fn endpoint(code: i64, message: &str) -> Self {
        Self::Endpoint {
            code,
            message: message.to_owned(),
        }
    }

    fn handshake(status: i32, auth_code: Option<i64>, message: &str) -> Self {
        Self::Handshake {
            status,
            auth_code,
            message: message.to_owned(),
        }
    }

    /// Whether it applies to the handshake rather than to endpoint discovery.
    pub(super) fn is_of_handshake(&self) -> bool {
        matches!(
            self,
            Self::Handshake { .. } | Self::HandshakeStatus(_) | Self::HandshakeSilence
        )
    }
}

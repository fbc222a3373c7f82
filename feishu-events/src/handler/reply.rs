//! What comes of calling a handler.

use std::error::Error;
use std::pin::Pin;

use serde_json::value::RawValue;

/// Why a handler failed.
pub type HandlerError = Box<dyn Error + Send + Sync>;

/// What a handler answers the platform: nothing to an event, a JSON response to a callback.
#[derive(Debug, Clone, Default)]
pub struct Reply(Option<Box<RawValue>>);

impl Reply {
    pub(crate) fn from_json(json: Box<RawValue>) -> Self {
        Self(Some(json))
    }

    /// The response to a callback, as JSON.
    pub fn json(&self) -> Option<&str> {
        self.0.as_deref().map(RawValue::get)
    }
}

impl PartialEq for Reply {
    fn eq(&self, other: &Self) -> bool {
        self.json() == other.json()
    }
}

/// The running of one handler.
pub(crate) type Handling = Pin<Box<dyn Future<Output = Result<Reply, HandlerError>> + Send>>;

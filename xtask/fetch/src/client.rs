//! One request: a URL → the bytes of the answer, or a fault.

use std::io::Read;
use std::time::Duration;

use ureq::Agent;
use ureq::http::StatusCode;
use url::Url;

use crate::fault::Fault;

/// The user agent, so that the portal's operators can identify the client.
const AGENT: &str = concat!(
    "feishu-events-fetch/",
    env!("CARGO_PKG_VERSION"),
    " (documentation to types)"
);

/// Requests pages in one language.
#[derive(Debug, Clone)]
pub(crate) struct Client {
    agent: Agent,
    language: String,
}

impl Client {
    /// A client that waits at most `timeout` for each answer.
    pub(crate) fn new(language: &str, timeout: Duration) -> Self {
        let config = Agent::config_builder()
            .user_agent(AGENT)
            .accept("application/json")
            .timeout_global(Some(timeout))
            .timeout_connect(Some(timeout.min(Duration::from_secs(10))))
            .max_redirects(3)
            .http_status_as_error(false)
            .build();
        Self {
            agent: config.into(),
            language: language.to_owned(),
        }
    }

    /// Sends one request. The answer may have at most `limit` bytes after decompression.
    pub(crate) async fn get(&self, url: Url, limit: usize) -> Result<Vec<u8>, Fault> {
        let client = self.clone();
        // A few requests at a time: a thread for each is cheaper than a second HTTP client.
        let answer = tokio::task::spawn_blocking(move || client.get_blocking(&url, limit));
        answer.await.unwrap_or_else(|error| {
            Err(Fault::Broken {
                what: error.to_string(),
            })
        })
    }

    fn get_blocking(&self, url: &Url, limit: usize) -> Result<Vec<u8>, Fault> {
        let mut response = self
            .agent
            .get(url.as_str())
            .header("accept-language", &self.language)
            .header("cookie", format!("open_locale={}", self.language))
            .call()?;
        if response.status() != StatusCode::OK {
            return Err(Fault::of_status(response.status(), response.headers()));
        }
        let mut body = Vec::new();
        let most = limit as u64 + 1;
        let reader = response.body_mut().as_reader();
        let read = reader.take(most).read_to_end(&mut body);
        read.map_err(ureq::Error::from)?;
        if body.len() > limit {
            return Err(Fault::TooLarge { limit });
        }
        Ok(body)
    }
}

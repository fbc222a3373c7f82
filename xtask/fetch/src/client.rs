//! One request: a URL → the bytes of the answer, or what went wrong.

use std::time::Duration;

use miette::{IntoDiagnostic, Result, WrapErr, miette};
use reqwest::header::{ACCEPT, ACCEPT_LANGUAGE, COOKIE, HeaderMap, HeaderValue};
use reqwest::redirect::Policy;
use reqwest::{Client, StatusCode, Url};

use crate::fault::Fault;

/// So that the portal's people see who asks.
const AGENT: &str = concat!(
    "feishu-events-fetch/",
    env!("CARGO_PKG_VERSION"),
    " (documentation to types)"
);

/// Makes a client that asks for pages in a language, and gives an answer so much time.
pub(crate) fn client(language: &str, timeout: Duration) -> Result<Client> {
    // Fails only if there is one already, which is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let header = |value: &str| HeaderValue::from_str(value).into_diagnostic();
    let headers = HeaderMap::from_iter([
        (ACCEPT, HeaderValue::from_static("application/json")),
        (ACCEPT_LANGUAGE, header(language)?),
        (COOKIE, header(&format!("open_locale={language}"))?),
    ]);
    Client::builder()
        .user_agent(AGENT)
        .default_headers(headers)
        .timeout(timeout)
        .connect_timeout(timeout.min(Duration::from_secs(10)))
        .redirect(Policy::limited(3))
        .build()
        .into_diagnostic()
        .wrap_err_with(|| miette!("no HTTP client can be made"))
}

/// Asks once. The answer may have `limit` bytes, after decompression.
pub(crate) async fn get(client: &Client, url: Url, limit: usize) -> Result<Vec<u8>, Fault> {
    let mut response = client.get(url).send().await?;
    if response.status() != StatusCode::OK {
        return Err(Fault::of_status(response.status(), response.headers()));
    }
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        if body.len() + chunk.len() > limit {
            return Err(Fault::TooLarge { limit });
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

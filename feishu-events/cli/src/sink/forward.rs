//! Each event as a request to a URL.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;
use ureq::http::Uri;

use crate::problem::{Problem, Result};
use crate::receive::event::Arrived;
use crate::sink::Undelivered;

/// Sends each event to a URL, as JSON.
pub(crate) struct Forward {
    agent: ureq::Agent,
    url: Arc<str>,
    /// Without user, password and query, which may be secrets.
    shown: String,
    places: Semaphore,
    jobs: usize,
}

impl Forward {
    /// Sends to this URL.
    ///
    /// # Errors
    /// It is not a URL.
    pub(crate) fn new(url: &str, jobs: u16, limit: Duration) -> Result<Self> {
        let parsed = url.parse::<Uri>();
        let parsed = parsed.map_err(|error| Problem::usage(format!("--forward: {error}")))?;
        let host = parsed.host().filter(|host| !host.is_empty());
        let host = host.ok_or_else(|| Problem::usage("--forward: the URL has no host"))?;
        let port = parsed.port_u16().map(|port| format!(":{port}"));
        let shown = format!(
            "{}://{host}{}{}",
            parsed.scheme_str().unwrap_or("http"),
            port.unwrap_or_default(),
            parsed.path()
        );
        let config = ureq::Agent::config_builder()
            .timeout_global(Some(limit))
            .http_status_as_error(false)
            .max_redirects(0)
            .max_idle_connections_per_host(usize::from(jobs))
            .build();
        Ok(Self {
            agent: ureq::Agent::new_with_config(config),
            url: url.into(),
            shown,
            places: Semaphore::new(jobs.into()),
            jobs: jobs.into(),
        })
    }

    pub(crate) fn jobs(&self) -> usize {
        self.jobs
    }

    pub(crate) async fn deliver(&self, event: &Arrived) -> std::result::Result<(), Undelivered> {
        // Nobody closes it.
        let _place = self.places.acquire().await;
        let (agent, url) = (self.agent.clone(), Arc::clone(&self.url));
        let json = event.json.clone();
        let headers = [
            ("x-feishu-event-type", Some(event.header.event_type.clone())),
            ("x-feishu-event-id", event.header.event_id.clone()),
        ];
        let sending = tokio::task::spawn_blocking(move || {
            let mut request = agent
                .post(&*url)
                .header("content-type", "application/json; charset=utf-8");
            for (name, value) in headers {
                // What cannot be in a header is in the body.
                let value = value.filter(|it| it.bytes().all(|byte| byte.is_ascii_graphic()));
                if let Some(value) = value {
                    request = request.header(name, value);
                }
            }
            request.send(json.as_bytes()).map(|mut response| {
                // Read to its end, a short answer leaves the connection for the next event.
                drop(
                    response
                        .body_mut()
                        .with_config()
                        .limit(64 * 1024)
                        .read_to_vec(),
                );
                response.status().as_u16()
            })
        });
        let failed = |why: String| Undelivered::Failed(format!("{}: {why}", self.shown));
        match sending.await {
            Ok(Ok(200..=299)) => Ok(()),
            Ok(Ok(status)) => Err(failed(format!("answered {status}"))),
            Ok(Err(error)) => Err(failed(error.to_string())),
            Err(error) => Err(failed(error.to_string())),
        }
    }
}

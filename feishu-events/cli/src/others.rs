//! Whether other clients have connections of the same app: the platform sends each event to only one
//! of them.

use std::time::Duration;

use feishu_events::Domain;
use serde_json::Value;

use crate::credentials::App;
use crate::notice::{self, Kind};

/// How long the platform has for each of the two answers; without them, nothing is said.
const LIMIT: Duration = Duration::from_secs(3);

/// Warns if there are any.
pub(crate) async fn warn_of(app: &App) {
    let app = app.clone();
    let counting = tokio::task::spawn_blocking(move || count(&app));
    match counting.await {
        Ok(Ok(0)) => {}
        Ok(Ok(others)) => notice::say(
            Kind::Warning,
            &format!(
                "{others} other connection(s) of this app are open: the platform sends each event to \
                 only one of them, so this command misses what the others get"
            ),
            &[("connections", others.into())],
        ),
        Ok(Err(why)) => {
            tracing::info!(why, "how many connections the app has is not known");
        }
        Err(error) => tracing::info!(%error, "how many connections the app has is not known"),
    }
}

/// How many connections of the app are open.
/// <https://open.feishu.cn/document/ukTMukTMukTM/uYDNxYjL2QTM24iN0EjN/event-v1/connection/get>
fn count(app: &App) -> Result<u64, String> {
    let base = match &app.domain {
        Domain::Custom(url) => url.trim_end_matches('/').to_owned(),
        known => format!("https://{known}"),
    };
    let config = ureq::Agent::config_builder()
        .timeout_global(Some(LIMIT))
        .http_status_as_error(false)
        .max_redirects(0)
        .build();
    let agent = ureq::Agent::new_with_config(config);
    let request = serde_json::json!({ "app_id": app.id, "app_secret": app.secret.expose() });
    let token = agent
        .post(format!(
            "{base}/open-apis/auth/v3/tenant_access_token/internal"
        ))
        .header("content-type", "application/json; charset=utf-8")
        .send(request.to_string());
    let token = answer(token)?;
    let token = token["tenant_access_token"].as_str();
    let token = token.ok_or("the platform gave no access token")?;
    let connections = agent
        .get(format!("{base}/open-apis/event/v1/connection"))
        .header("authorization", format!("Bearer {token}"))
        .call();
    let count = answer(connections)?["data"]["online_instance_cnt"].as_u64();
    count.ok_or_else(|| "the platform gave no count".to_owned())
}

/// The JSON of an answer; an error says nothing of what was sent.
fn answer(
    response: Result<ureq::http::Response<ureq::Body>, ureq::Error>,
) -> Result<Value, String> {
    let mut response = response.map_err(|error| error.to_string())?;
    let status = response.status();
    let text = response.body_mut().read_to_string();
    let text = text.map_err(|error| error.to_string())?;
    serde_json::from_str(&text).map_err(|_| format!("the platform answered {status} without JSON"))
}

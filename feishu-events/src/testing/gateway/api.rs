//! The calls of the platform's API that say how many connections an app has.
//! <https://open.feishu.cn/document/ukTMukTMukTM/uYDNxYjL2QTM24iN0EjN/event-v1/connection/get>

use http::HeaderMap;
use serde_json::{Value, json};

use super::state::GatewayState;

/// Where an app gets its access token.
pub(super) const ACCESS_TOKEN: &str = "/open-apis/auth/v3/tenant_access_token/internal";

/// Where the number of connections is.
pub(super) const CONNECTION_COUNT: &str = "/open-apis/event/v1/connection";

/// The only token; it opens nothing else.
const TOKEN: &str = "t-invented-access-token";

impl GatewayState {
    /// The answer to a request for an access token.
    pub(super) fn access_token(&self, body: &[u8]) -> String {
        let asked: Value = serde_json::from_slice(body).unwrap_or_default();
        let is_known = asked["app_id"] == self.options.app_id.as_str()
            && asked["app_secret"] == self.options.app_secret.as_str();
        let answer = if is_known {
            json!({ "code": 0, "msg": "ok", "tenant_access_token": TOKEN, "expire": 7200 })
        } else {
            json!({ "code": 10014, "msg": "app secret invalid" })
        };
        answer.to_string()
    }

    /// The answer to the question how many connections there are.
    pub(super) fn connection_count(&self, headers: &HeaderMap) -> String {
        let token = headers.get("authorization").and_then(|it| it.to_str().ok());
        let answer = if token.and_then(|it| it.strip_prefix("Bearer ")) == Some(TOKEN) {
            let count = self.connections.len();
            json!({ "code": 0, "msg": "success", "data": { "online_instance_cnt": count } })
        } else {
            json!({ "code": 99_991_663, "msg": "invalid access token" })
        };
        answer.to_string()
    }
}

//! Asking the platform where to connect.

use std::fmt;

use bytes::Bytes;
use http::{HeaderValue, Request, Uri, header};
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use serde_json::Value;
use tokio::time::timeout;

use crate::long_connection::connect::exchange::exchange;
use crate::long_connection::connect::transport::{Connector, is_secure};
use crate::long_connection::failure::{Failure, Step};
use crate::long_connection::settings::ServerSettings;
use crate::redact::secret::Secret;

/// The largest answer that is read.
const ANSWER_LIMIT: usize = 64 * 1024;

const USER_AGENT: HeaderValue =
    HeaderValue::from_static(concat!("feishu-events/", env!("CARGO_PKG_VERSION")));

/// Where to connect: an address that is valid for one connection.
#[derive(Clone)]
pub(in crate::long_connection) struct Address {
    /// Its query holds a ticket.
    pub(in crate::long_connection) url: Uri,
    /// The service that pings go to.
    pub(in crate::long_connection) service: i32,
    /// The platform's name of the connection, for logs.
    pub(in crate::long_connection) connection: Option<String>,
}

/// Asks where to connect, and applies the settings in the answer.
pub(in crate::long_connection) async fn ask(
    connector: &Connector,
    endpoint: &Uri,
    (app_id, app_secret): (&str, &Secret),
    settings: &mut ServerSettings,
) -> Result<Address, Failure> {
    let host = endpoint.host().unwrap_or_default();
    let stream = connector.open(endpoint).await?;
    let request = request(endpoint, app_id, app_secret)
        .map_err(|error| Failure::failed(Step::Endpoint, host, error))?;
    let asking = exchange(stream, request, |response| async {
        let status = response.status();
        let body = Limited::new(response.into_body(), ANSWER_LIMIT).collect();
        Ok((status, body.await.map(http_body_util::Collected::to_bytes)))
    });
    let (status, body) = match timeout(connector.limit, asking).await {
        Ok(Ok(answer)) => answer,
        Ok(Err(error)) => return Err(Failure::failed(Step::Endpoint, host, error)),
        Err(_) => return Err(Failure::timed_out(Step::Endpoint, host)),
    };
    if status != http::StatusCode::OK {
        return Err(Failure::EndpointStatus {
            status: status.as_u16(),
            host: host.to_owned(),
        });
    }
    let body = body.map_err(|error| {
        if error.is::<LengthLimitError>() {
            unreadable(host, &format!("it has more than {ANSWER_LIMIT} bytes"))
        } else {
            Failure::failed(Step::Endpoint, host, error)
        }
    })?;
    read(&body, endpoint, settings)
}

fn request(
    endpoint: &Uri,
    app_id: &str,
    app_secret: &Secret,
) -> Result<Request<Full<Bytes>>, http::Error> {
    let body = serde_json::json!({ "AppID": app_id, "AppSecret": app_secret.expose() });
    let authority = endpoint
        .authority()
        .map_or("", |authority| authority.as_str());
    Request::post(endpoint.path())
        .header(header::HOST, authority)
        .header(header::CONTENT_TYPE, "application/json; charset=utf-8")
        .header(header::USER_AGENT, USER_AGENT)
        .header("locale", "zh")
        .body(Full::new(body.to_string().into()))
}

fn unreadable(host: &str, problem: &str) -> Failure {
    Failure::EndpointAnswer {
        host: host.to_owned(),
        problem: problem.to_owned(),
    }
}

/// Reads the answer; only its code and message are ever shown.
pub(in crate::long_connection) fn read(
    body: &[u8],
    endpoint: &Uri,
    settings: &mut ServerSettings,
) -> Result<Address, Failure> {
    let host = endpoint.host().unwrap_or_default();
    let answer: Value = serde_json::from_slice(body).map_err(|_| unreadable(host, "no JSON"))?;
    let code = answer["code"].as_i64();
    let code = code.ok_or_else(|| unreadable(host, "`code` is not a number"))?;
    if code != 0 {
        return Err(Failure::EndpointCode {
            code,
            message: answer["msg"].as_str().unwrap_or_default().to_owned(),
            host: host.to_owned(),
        });
    }
    let data = &answer["data"];
    let url = data["URL"].as_str().filter(|url| !url.is_empty());
    let url = url.ok_or_else(|| unreadable(host, "there is no `data.URL`"))?;
    let url: Uri = url
        .parse()
        .map_err(|_| unreadable(host, "`data.URL` is not a URL"))?;
    if !matches!(url.scheme_str(), Some("wss" | "ws")) || url.host().is_none_or(str::is_empty) {
        return Err(unreadable(host, "`data.URL` is not the URL of a WebSocket"));
    }
    if is_secure(endpoint) && !is_secure(&url) {
        return Err(unreadable(host, "`data.URL` is not encrypted (`ws://`)"));
    }
    settings.merge(&data["ClientConfig"]);
    let service = parameter(&url, "service_id").and_then(|id| id.parse().ok());
    if service.is_none() {
        tracing::debug!("`data.URL` names no service: pings go to service 0");
    }
    Ok(Address {
        service: service.unwrap_or(0),
        connection: parameter(&url, "device_id").map(str::to_owned),
        url,
    })
}

/// A parameter of a URL's query.
fn parameter<'u>(url: &'u Uri, name: &str) -> Option<&'u str> {
    let pairs = url.query()?.split('&');
    let mut pairs = pairs.filter_map(|pair| pair.split_once('='));
    pairs.find_map(|(key, value)| (key == name).then_some(value))
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Address")
            .field("host", &self.url.host())
            .field("service", &self.service)
            .field("connection", &self.connection)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn reading(answer: &str) -> Result<Address, Failure> {
        let endpoint = Uri::from_static("https://open.feishu.cn/callback/ws/endpoint");
        read(answer.as_bytes(), &endpoint, &mut ServerSettings::default())
    }

    fn with_url(url: &str) -> Result<Address, Failure> {
        reading(&json!({ "code": 0, "data": { "URL": url } }).to_string())
    }

    #[test]
    fn the_address_names_service_and_connection() {
        let address = with_url("wss://h/ws/v2?service_id=-7&fpid=1&device_id=d1&ticket=t0");
        let address = address.unwrap();
        assert_eq!(address.service, -7);
        assert_eq!(address.connection.as_deref(), Some("d1"));
        assert!(!format!("{address:?}").contains("t0"), "{address:?}");
        assert_eq!(with_url("wss://h/ws").unwrap().service, 0);
    }

    #[test]
    fn an_answer_that_makes_no_sense_is_tried_again() {
        let answers = [
            "",
            "<html>",
            "[]",
            "{}",
            r#"{"code":"0"}"#,
            r#"{"code":0}"#,
            r#"{"code":0,"data":null}"#,
            r#"{"code":0,"data":{"URL":""}}"#,
            r#"{"code":0,"data":{"URL":"https://h/"}}"#,
            r#"{"code":0,"data":{"URL":"ws://h/?ticket=t0"}}"#,
            r#"{"code":0,"data":{"URL":"wss:// h/?ticket=t0"}}"#,
        ];
        for answer in answers {
            let failure = reading(answer).unwrap_err();
            assert!(failure.can_heal(), "{answer}");
            assert!(
                matches!(failure, Failure::EndpointAnswer { .. }),
                "{answer}"
            );
            assert!(!failure.to_string().contains("t0"), "{failure}");
        }
    }

    #[test]
    fn known_codes_say_what_to_do() {
        let refusal = |code: i64| {
            let answer = json!({ "code": code, "msg": "as they say", "data": {} });
            let failure = reading(&answer.to_string()).unwrap_err();
            (failure.can_heal(), failure.to_string())
        };
        assert!(refusal(1).0);
        assert!(refusal(1_000_040_343).0);
        let wrong_domain = refusal(1_000_040_351);
        assert_eq!(
            wrong_domain,
            (
                false,
                "this app id belongs to the other domain: try `Domain::Lark` (code 1000040351: as \
                 they say)"
                    .to_owned()
            )
        );
        let wrong_secret = refusal(1_000_040_345);
        assert!(!wrong_secret.0);
        assert!(
            wrong_secret
                .1
                .starts_with("the app id or the app secret is wrong")
        );
        assert!(!refusal(1_000_040_344).0);
        assert!(refusal(403).1.contains("only custom apps"));
        assert!(refusal(1_000_040_350).1.contains("50"));
        assert_eq!(
            refusal(99),
            (
                false,
                "open.feishu.cn refused to provide an address (code 99: as they say)".to_owned()
            )
        );
    }
}

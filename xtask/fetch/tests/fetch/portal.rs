//! A portal that runs on this machine and fails when a test asks for it.

use std::sync::{Arc, Mutex};
use std::time::SystemTime;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::Response;
use futures_util::stream::{self, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::watch;
use url::Url;

use crate::pages::{Page, directory};

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum What {
    Directory,
    Newer(String),
    Older(String),
    Nothing,
}

/// A request as the portal sees it.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    /// The first request of a test is 1.
    pub(crate) number: usize,
    pub(crate) what: What,
    pub(crate) headers: HeaderMap,
    pub(crate) at: SystemTime,
}

/// How the portal fails.
#[derive(Debug, Clone)]
pub(crate) enum Fault {
    Status(u16),
    /// Status 429 with this `Retry-After`.
    Wait(String),
    /// A `code` that is not 0.
    Code,
    /// A page without text, a directory without pages.
    Empty,
    /// The connection ends in the middle of the body.
    CutOff,
    /// The body is whole, but the JSON in it ends too early.
    HalfJson,
    /// A page for people, as from a proxy.
    Html,
    /// JSON of another API.
    OtherJson,
    /// A body without an end.
    Endless,
    /// The answer never comes.
    Silence,
    /// Half a body, and the rest never comes.
    Stall,
    /// The older form's answer under the newer form's address.
    OlderForm,
    /// No fault, but an answer only when so many requests are there at once.
    Together(usize),
}

type Plan = Box<dyn Fn(&Asked) -> Option<Fault> + Send>;

struct Inner {
    pages: Mutex<Vec<Page>>,
    plan: Mutex<Plan>,
    log: Mutex<Vec<Asked>>,
    /// Whether an answer is withheld since the plan was made.
    held: watch::Sender<bool>,
    /// How many requests are there at once, and how many there were at most.
    at_once: watch::Sender<(usize, usize)>,
}

/// A request that is there.
struct There(Arc<Inner>);

impl There {
    fn is(inner: &Arc<Inner>) -> Self {
        let more = |(now, most): &mut (usize, usize)| {
            *now += 1;
            *most = (*most).max(*now);
        };
        inner.at_once.send_modify(more);
        Self(inner.clone())
    }
}

impl Drop for There {
    fn drop(&mut self) {
        self.0.at_once.send_modify(|(now, _)| *now -= 1);
    }
}

/// The portal.
#[derive(Clone)]
pub(crate) struct Portal {
    inner: Arc<Inner>,
    pub(crate) host: String,
}

impl Portal {
    /// Starts a portal with these pages, which at first has no faults.
    pub(crate) async fn start(pages: Vec<Page>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let host = format!("http://{}", listener.local_addr().unwrap());
        let inner = Arc::new(Inner {
            pages: Mutex::new(pages),
            plan: Mutex::new(Box::new(|_| None)),
            log: Mutex::default(),
            held: watch::Sender::new(false),
            at_once: watch::Sender::new((0, 0)),
        });
        let router = Router::new().fallback(answer).with_state(inner.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { inner, host }
    }

    /// From now on requests are counted from zero, and fail as `plan` says.
    pub(crate) fn plan(&self, plan: impl Fn(&Asked) -> Option<Fault> + Send + 'static) {
        *self.inner.plan.lock().unwrap() = Box::new(plan);
        self.inner.log.lock().unwrap().clear();
        self.inner.held.send_replace(false);
    }

    /// From now on requests are counted from zero, and succeed.
    pub(crate) fn heal(&self) {
        self.plan(|_| None);
    }

    /// Changes the pages.
    pub(crate) fn edit(&self, edit: impl FnOnce(&mut Vec<Page>)) {
        edit(&mut self.inner.pages.lock().unwrap());
    }

    /// The requests since the plan was made.
    pub(crate) fn log(&self) -> Vec<Asked> {
        self.inner.log.lock().unwrap().clone()
    }

    /// How many requests came since the plan was made.
    pub(crate) fn requests(&self) -> usize {
        self.inner.log.lock().unwrap().len()
    }

    /// How many requests there were at most at once.
    pub(crate) fn most_at_once(&self) -> usize {
        self.inner.at_once.borrow().1
    }

    /// Waits until an answer is withheld.
    pub(crate) async fn held(&self) {
        let mut held = self.inner.held.subscribe();
        held.wait_for(|held| *held).await.unwrap();
    }
}

async fn answer(State(inner): State<Arc<Inner>>, request: Request) -> Response {
    let _there = There::is(&inner);
    let asked = {
        let mut log = inner.log.lock().unwrap();
        let asked = Asked {
            number: log.len() + 1,
            what: what(request.uri()),
            headers: request.headers().clone(),
            at: SystemTime::now(),
        };
        log.push(asked.clone());
        asked
    };
    let fault = (inner.plan.lock().unwrap())(&asked);
    let body = body(&inner.pages.lock().unwrap(), &asked.what);
    let Some(mut body) = body else {
        return status(404);
    };
    match fault {
        None => json_answer(&body),
        Some(Fault::Together(requests)) => {
            let mut at_once = inner.at_once.subscribe();
            at_once
                .wait_for(|(_, most)| *most >= requests)
                .await
                .unwrap();
            json_answer(&body)
        }
        Some(Fault::Status(code)) => status(code),
        Some(Fault::Wait(wish)) => {
            let mut response = status(429);
            let wish = HeaderValue::from_str(&wish).unwrap();
            response.headers_mut().insert(header::RETRY_AFTER, wish);
            response
        }
        Some(Fault::Code) => {
            json_answer(&json!({"code": 99991, "msg": "\u{1b}[31mbusy", "data": null}))
        }
        Some(Fault::Empty) => {
            body["data"]["items"] = json!([]);
            body["data"]["content"] = json!("");
            if let Some(document) = body["data"].get_mut("document") {
                document["content"] = json!("");
            }
            json_answer(&body)
        }
        Some(Fault::HalfJson) => whole(halves(&body).0),
        Some(Fault::Html) => whole(Bytes::from_static(b"<html>Sign in</html>")),
        Some(Fault::OtherJson) => json_answer(&json!({"ok": true})),
        Some(Fault::OlderForm) => {
            body["data"] = json!({"document": body["data"].take()});
            json_answer(&body)
        }
        Some(Fault::CutOff) => {
            let (half, length) = halves(&body);
            let cut = Err(std::io::Error::other("cut off"));
            partial(length, stream::iter([Ok(half), cut]))
        }
        Some(Fault::Endless) => {
            let start = Bytes::from_static(b"{\"code\":0,\"data\":{\"content\":\"");
            let more = stream::repeat_with(|| Bytes::from_static(&[b'x'; 16 * 1024]));
            let body = stream::iter([start]).chain(more).map(std::io::Result::Ok);
            Response::new(Body::from_stream(body))
        }
        Some(Fault::Silence) => {
            inner.held.send_replace(true);
            std::future::pending().await
        }
        Some(Fault::Stall) => {
            let (half, length) = halves(&body);
            let interrupted = stream::once(async move {
                inner.held.send_replace(true);
                std::future::pending().await
            });
            partial(length, stream::iter([Ok(half)]).chain(interrupted))
        }
    }
}

fn what(uri: &Uri) -> What {
    let url: Url = format!("http://portal{}", uri.path_and_query().unwrap())
        .parse()
        .unwrap();
    let mut pairs = url.query_pairs();
    let path = pairs.find(|(key, _)| key == "fullPath");
    let path = path.map(|(_, path)| path.into_owned());
    match (uri.path(), path) {
        ("/api/tools/docment/directory_list", None) => What::Directory,
        ("/document_portal/v1/document/get_detail", Some(path)) => What::Newer(path),
        ("/api/tools/document/detail", Some(path)) => What::Older(path),
        _ => What::Nothing,
    }
}

fn body(pages: &[Page], what: &What) -> Option<Value> {
    let page = |path: &str| pages.iter().find(|page| page.path == path);
    let data = match what {
        What::Directory => return Some(directory(pages)),
        What::Newer(path) => page(path)?.detail(),
        What::Older(path) => json!({"document": page(path)?.detail()}),
        What::Nothing => return None,
    };
    Some(json!({"code": 0, "msg": "success", "data": data}))
}

/// The first half of the body, and the length of the whole.
fn halves(body: &Value) -> (Bytes, usize) {
    let whole = Bytes::from(body.to_string());
    (whole.slice(..whole.len() / 2), whole.len())
}

fn status(code: u16) -> Response {
    let mut response = Response::new(Body::from("{}"));
    *response.status_mut() = StatusCode::from_u16(code).unwrap();
    response
}

fn json_answer(body: &Value) -> Response {
    whole(Bytes::from(body.to_string()))
}

fn whole(body: Bytes) -> Response {
    Response::new(Body::from(body))
}

/// An answer that promises more than it gives.
fn partial(
    length: usize,
    body: impl stream::Stream<Item = std::io::Result<Bytes>> + Send + 'static,
) -> Response {
    let mut response = Response::new(Body::from_stream(body));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_LENGTH, length.into());
    response
}

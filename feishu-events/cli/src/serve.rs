//! `serve`: events as HTTP requests to the app's request URL.

use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use feishu_events::{Webhook, WebhookBuildError, WebhookBuilder};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service as _, service_fn};
use hyper::{Request, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use serde_json::json;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

use crate::credentials::{self, FileArgs};
use crate::notice::{self, Kind};
use crate::problem::{Code, Problem, Result};
use crate::receive::durable::Durable;
use crate::receive::end::End;
use crate::receive::handler::Receiver;
use crate::receive::options::ReceiveArgs;

/// How many connections are open at a time; others wait in the system's queue.
const CONNECTIONS: usize = 1024;

/// How large the head of a request may be, and how much memory a connection keeps.
const HEAD_BYTES: usize = 32 * 1024;

/// How long the head of a request may take.
const HEAD_LIMIT: Duration = Duration::from_secs(10);

/// How long the last answers may take.
const LAST_ANSWERS: Duration = Duration::from_secs(5);

/// Receives events as HTTP requests, at the request URL that the developer console knows
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  # Events of http://this-machine:3000/ on the terminal
  FEISHU_ENCRYPT_KEY=… feishu-events serve --port 3000 --bind 0.0.0.0

  # The same from a test event, in another terminal
  FEISHU_ENCRYPT_KEY=… feishu-events send contact.user.created_v3 --to http://127.0.0.1:3000/

FEISHU_ENCRYPT_KEY and FEISHU_VERIFICATION_TOKEN, from the environment or the file of --credentials,
are those of the developer console (Events & Callbacks, Encryption Strategy); one of them is needed.
It answers the console's check of the URL, verifies signatures and decrypts. TLS is for a proxy before
it.

An event is answered with 200 only after its line was written and flushed, its file was written, its
command exited with 0, or the URL answered 2xx. The platform sends what was not acknowledged again:
after 15 s, 5 min, 1 h and 6 h.")]
pub(crate) struct ServeArgs {
    /// The port to listen on; 0 for a free one, which the ready line names
    #[arg(long, default_value_t = 3000, help_heading = "Server")]
    port: u16,
    /// The address to listen on; `0.0.0.0` for all
    #[arg(
        long,
        value_name = "ADDRESS",
        default_value = "127.0.0.1",
        help_heading = "Server"
    )]
    bind: IpAddr,
    /// The path of the request URL
    #[arg(long, default_value = "/", help_heading = "Server", value_parser = path)]
    path: String,
    /// The path of the request URL of old cards (`card.action.trigger_v1`), which is another one
    #[arg(long, value_name = "PATH", help_heading = "Server", value_parser = path)]
    old_cards: Option<String>,
    /// Accept requests without verifying that they are the platform's, for tests
    #[arg(long, help_heading = "Server")]
    insecure: bool,
    #[command(flatten)]
    file: FileArgs,
    #[command(flatten)]
    receive: ReceiveArgs,
}

/// Runs the command.
///
/// # Errors
/// What keeps it from receiving events.
pub(crate) async fn run(args: ServeArgs) -> Result<()> {
    let address = SocketAddr::from((args.bind, args.port));
    let end = End::new();
    end.at_signals();
    if let Some(time) = args.receive.run_for {
        end.after(time);
    }
    let receiver = Receiver::new(&args.receive, &end)?;
    let durable = Durable::start(&receiver, &args.receive).await?;
    let paths = Arc::new(paths(&args, &durable)?);
    let listener = TcpListener::bind(address).await;
    let listener = listener.map_err(|error| Problem::failure(format!("{address}: {error}")))?;
    let address = listener.local_addr().map_err(Problem::failure)?;
    notice::say(
        Kind::Ready,
        &format!("receiving events at http://{address}{}", args.path),
        &[("address", json!(address.to_string()))],
    );
    let graceful = GracefulShutdown::new();
    let mut ending = pin!(end.came());
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    let why = loop {
        let (stream, place) = tokio::select! {
            biased;
            why = &mut ending => break why,
            accepted = accept(&listener, &places) => accepted,
        };
        let connection = serve(stream, Arc::clone(&paths));
        let connection = graceful.watch(connection);
        tokio::spawn(async move {
            // A client that breaks off sends again what it wants.
            drop(connection.await);
            drop(place);
        });
    };
    durable.pause();
    drop(listener);
    for (_, webhook) in paths.iter() {
        let drained = webhook.shut_down(args.receive.grace).await;
        if !drained.cut_off.is_empty() {
            notice::note(&format!(
                "{} events were not done; the platform sends them again",
                drained.cut_off.len()
            ));
        }
    }
    drop(timeout(LAST_ANSWERS, graceful.shutdown()).await);
    durable.shut_down(args.receive.grace).await;
    receiver.verdict(&why)
}

/// The webhooks by their paths.
fn paths(args: &ServeArgs, durable: &Durable) -> Result<Vec<(String, Webhook)>> {
    let secrets = credentials::webhook(&args.file)?;
    let builder = || {
        let mut builder =
            Webhook::builder(durable.dispatcher()).delivery(Receiver::delivery_options());
        if let Some(key) = &secrets.encrypt_key {
            builder = builder.encrypt_key(key.expose());
        }
        if let Some(token) = &secrets.verification_token {
            builder = builder.verification_token(token.expose());
        }
        if args.insecure {
            builder = builder.insecure_accept_anything();
        }
        builder
    };
    let build = |builder: WebhookBuilder, what: &str| {
        builder.build().map_err(|error| {
            if error != WebhookBuildError::NoSecret {
                return Problem::new(Code::Credentials, error.to_string());
            }
            Problem::new(Code::Credentials, format!("{what} not set")).help(
                "the developer console shows them under Events & Callbacks, Encryption Strategy; set \
                 them in the environment or in the file of --credentials. For tests, there is \
                 --insecure",
            )
        })
    };
    let events = build(
        builder(),
        "neither FEISHU_ENCRYPT_KEY nor FEISHU_VERIFICATION_TOKEN is",
    )?;
    let mut paths = vec![(args.path.clone(), events)];
    if let Some(path) = &args.old_cards {
        if *path == args.path {
            return Err(Problem::usage(
                "--path and --old-cards need different paths",
            ));
        }
        let cards = build(
            builder().legacy_cards(),
            "old cards are signed with FEISHU_VERIFICATION_TOKEN, which is",
        )?;
        paths.push((path.clone(), cards));
    }
    Ok(paths)
}

/// Waits for a place, and for a client that takes it.
async fn accept(
    listener: &TcpListener,
    places: &Arc<Semaphore>,
) -> (TcpStream, Option<OwnedSemaphorePermit>) {
    // Nobody closes it.
    let place = Arc::clone(places).acquire_owned().await.ok();
    loop {
        match listener.accept().await {
            Ok((stream, _)) => return (stream, place),
            Err(error) => {
                // There are no more files, or the client has gone; trying at once would not help.
                notice::warn(&format!("a connection was not accepted: {error}"));
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    }
}

/// Serves one connection.
fn serve(
    stream: TcpStream,
    paths: Arc<Vec<(String, Webhook)>>,
) -> impl hyper_util::server::graceful::GracefulConnection<Error = hyper::Error> + Send {
    let service = service_fn(move |request: Request<Incoming>| {
        let path = request.uri().path();
        let webhook = paths.iter().find(|(known, _)| known == path);
        let webhook = webhook.map(|(_, webhook)| TowerToHyperService::new(webhook.clone()));
        async move {
            if let Some(webhook) = webhook {
                return webhook.call(request).await;
            }
            let mut response = hyper::Response::default();
            *response.status_mut() = StatusCode::NOT_FOUND;
            Ok::<_, Infallible>(response)
        }
    });
    http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_LIMIT)
        .max_buf_size(HEAD_BYTES)
        .serve_connection(TokioIo::new(stream), service)
}

fn path(text: &str) -> std::result::Result<String, String> {
    if text.starts_with('/') {
        return Ok(text.to_owned());
    }
    Err(format!("expected a path, such as `/{text}`"))
}

//! The receivers of the soak, in a process of their own: a webhook and a long connection.
//!
//! It is controlled by lines on its standard input, and answers each with a line.

use std::io::{BufRead, stdin};
use std::panic;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, AtomicU64, Ordering};
use std::time::Duration;

use clap::Args;
use feishu_events::callback::{CardActionTriggerResponse, Toast};
use feishu_events::{
    DeliveryOptions, Dispatcher, Domain, LongConnection, MemoryStore, State, Webhook, card,
    contact, dispatcher, feishu_handler, serve,
};
use serde_json::json;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::sleep;

use crate::events::{KEY, TOKEN};
use crate::process::resident_kb;

#[derive(Args)]
pub(crate) struct ReceiveArgs {
    /// How many events there can be
    events: usize,
}

/// What happened to each event.
#[derive(Default)]
struct Line {
    calls: AtomicU8,
    successes: AtomicU8,
    /// How often it failed after it had been acknowledged.
    late_failures: AtomicU8,
}

impl Line {
    /// Whether the event was neither handled nor reported as failed.
    fn is_missing(&self) -> bool {
        self.successes.load(Ordering::SeqCst) == 0 && self.late_failures.load(Ordering::SeqCst) == 0
    }
}

#[derive(Clone)]
struct Books {
    lines: Arc<[Line]>,
    clicks: Arc<AtomicU64>,
}

/// What a handler panics with.
const WANTED: &str = "asked to";

/// Fails, panics, is late, blocks its thread or does not end: each with some events, the first time.
#[feishu_handler("contact.user.created_v3")]
async fn on_user_created(
    event: contact::UserCreatedV3,
    State(books): State<Books>,
) -> Result<(), &'static str> {
    let name = event.object.and_then(|user| user.name).ok_or("no name")?;
    // A large event has blanks behind its number.
    let number: usize = name.trim().parse().map_err(|_| "another name")?;
    let line = &books.lines[number];
    let is_first = line.calls.fetch_add(1, Ordering::SeqCst) == 0;
    match number % 10_000 {
        0..100 if is_first => return Err(WANTED),
        100..200 if is_first => panic::panic_any(WANTED),
        200..300 => sleep(Duration::from_secs(1)).await,
        300 => std::thread::sleep(Duration::from_millis(600)),
        301..305 => std::future::pending().await,
        _ => {}
    }
    line.successes.fetch_add(1, Ordering::SeqCst);
    Ok(())
}

/// Answers with the number of the call.
#[feishu_handler("card.action.trigger")]
fn on_click(_: &card::ActionTrigger, State(books): State<Books>) -> CardActionTriggerResponse {
    let number = books.clicks.fetch_add(1, Ordering::SeqCst);
    CardActionTriggerResponse::default().toast(Toast::success(number.to_string()))
}

fn options(books: &Books) -> DeliveryOptions {
    let lines = Arc::clone(&books.lines);
    DeliveryOptions::new()
        .answer_within(Duration::from_millis(500))
        .handler_limit(Duration::from_secs(5))
        .memory_limit(16 * 1024 * 1024)
        // Flat after 100 s, and longer than any repetition takes.
        .dedupe(MemoryStore::new().capacity(200_000))
        .on_late_failure(move |failure| {
            let number = failure
                .event_id
                .and_then(|id| usize::from_str_radix(&id, 16).ok());
            if let Some(line) = number.and_then(|number| lines.get(number)) {
                line.late_failures.fetch_add(1, Ordering::SeqCst);
            }
        })
}

/// A long connection that runs, and what ends it.
type Running = (oneshot::Sender<()>, JoinHandle<()>);

fn connect(books: &Books, handlers: &Dispatcher, arguments: &[&str]) -> Running {
    let [domain, app_id, app_secret] = arguments else {
        panic!("connect DOMAIN ID SECRET")
    };
    let client = LongConnection::builder(*app_id, *app_secret)
        .domain(Domain::Custom((*domain).to_owned()))
        .no_proxy()
        .dispatcher(handlers.clone())
        .delivery(options(books))
        .probe_after(Duration::from_millis(500))
        .silence_margin(Duration::from_millis(500))
        .build()
        .unwrap();
    let (end, ends) = oneshot::channel::<()>();
    let running = tokio::spawn(async move {
        let stopped = client.run_until(async { drop(ends.await) }).await.unwrap();
        assert!(stopped.drained.cut_off.is_empty(), "{:?}", stopped.drained);
    });
    (end, running)
}

pub(crate) fn run(args: &ReceiveArgs) {
    let print = panic::take_hook();
    panic::set_hook(Box::new(move |panic| {
        if panic.payload().downcast_ref() != Some(&WANTED) {
            print(panic);
        }
    }));
    let books = Books {
        lines: (0..args.events).map(|_| Line::default()).collect(),
        clicks: Arc::default(),
    };
    let handlers: Dispatcher = dispatcher![on_user_created, on_click].state(books.clone());
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    let webhook = Webhook::builder(handlers.clone())
        .encrypt_key(KEY)
        .verification_token(TOKEN)
        .delivery(options(&books))
        .build()
        .unwrap();
    let (end, ends) = oneshot::channel::<()>();
    let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
    println!("{}", listener.local_addr().unwrap().port());
    let serving = runtime.spawn(serve(listener, webhook.clone(), async { drop(ends.await) }));
    let mut running: Option<Running> = None;
    for line in stdin().lock().lines() {
        let line = line.unwrap();
        let words: Vec<&str> = line.split(' ').collect();
        match words[..] {
            ["connect", ref arguments @ ..] => {
                let _inside = runtime.enter();
                running = Some(connect(&books, &handlers, arguments));
                println!("connecting");
            }
            ["disconnect"] => {
                if let Some((end, client)) = running.take() {
                    drop(end);
                    runtime.block_on(client).unwrap();
                }
                println!("disconnected");
            }
            ["missing", events] => {
                let events = events.parse().unwrap();
                let missing = books.lines[..events].iter().enumerate();
                let missing = missing.filter(|(_, line)| line.is_missing());
                println!(
                    "{}",
                    json!(missing.map(|(number, _)| number).collect::<Vec<_>>())
                );
            }
            ["report", events] => println!("{}", report(&books, &webhook, events.parse().unwrap())),
            _ => panic!("not understood: {line}"),
        }
    }
    drop(end);
    runtime.block_on(serving).unwrap();
}

/// What became of the first so many events, and what the process takes.
fn report(books: &Books, webhook: &Webhook, events: usize) -> String {
    let (mut handled, mut twice, mut reported, mut missing) = (0, 0, 0, 0);
    for line in &books.lines[..events] {
        let successes = line.successes.load(Ordering::SeqCst);
        let late_failures = line.late_failures.load(Ordering::SeqCst);
        handled += u32::from(successes > 0);
        twice += u32::from(successes > 1);
        reported += u32::from(successes == 0 && late_failures > 0);
        missing += u32::from(line.is_missing());
    }
    let status = webhook.status();
    json!({
        "handled": handled,
        "twice": twice,
        "failed_late": reported,
        // Before the end, most of them are yet to come.
        "missing": missing,
        "clicks": books.clicks.load(Ordering::SeqCst),
        "running": status.running,
        "waiting": status.waiting,
        "resident_kb": resident_kb(),
    })
    .to_string()
}

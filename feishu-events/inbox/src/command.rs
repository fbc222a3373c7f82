//! What an operator sees and does: the command `feishu-inbox`, and a part of other commands.
#![allow(clippy::print_stdout, reason = "it is a command")]

use std::io::IsTerminal as _;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use clap::{Subcommand, ValueEnum};

use crate::store::{InboxStore, Query, Selection, State};

mod open;
mod table;
mod when;

type Error = Box<dyn std::error::Error + Send + Sync>;

/// Shows and manages the events that an inbox keeps: all of `feishu-inbox`, as arguments that another
/// command line can include.
#[derive(Debug, clap::Args)]
#[cfg_attr(docsrs, doc(cfg(feature = "cli")))]
pub struct OperatorArgs {
    /// The store: `inbox.db`, `redis://host:6379`, `postgres://user@host/database`.
    ///
    /// A Redis prefix or PostgreSQL schema other than the usual one follows a `#`.
    #[arg(long, env = "FEISHU_INBOX", hide_env_values = true, global = true)]
    store: Option<String>,
    /// Print JSON also on a terminal
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Count the events by state; fails if any are dead or held
    Depth,
    /// List events, the oldest first; without --state those that are not done
    List {
        /// Only events in this state; can be repeated
        #[arg(long)]
        state: Vec<StateArg>,
        /// Only events after this id
        #[arg(long, default_value_t = 0)]
        after: u64,
        /// How many at most
        #[arg(long, default_value_t = 50)]
        limit: usize,
    },
    /// Show one event
    Show {
        /// The event's id
        id: u64,
        /// Also its body, which may hold personal data
        #[arg(long)]
        payload: bool,
    },
    /// Have dead and held events handled again
    Redrive {
        #[command(flatten)]
        which: Which,
    },
    /// Delete events
    Purge {
        /// The state of the events to delete
        #[arg(long)]
        state: StateArg,
        #[command(flatten)]
        which: Which,
    },
}

#[derive(Debug, clap::Args)]
#[group(required = true, multiple = true)]
struct Which {
    /// These events
    #[arg(conflicts_with_all = ["all", "since", "until"])]
    ids: Vec<u64>,
    /// All events
    #[arg(long, conflicts_with_all = ["since", "until"])]
    all: bool,
    /// Events that arrived from then on: `2h` ago, or milliseconds since 1970
    #[arg(long, value_parser = when::parse)]
    since: Option<SystemTime>,
    /// Events that arrived before then
    #[arg(long, value_parser = when::parse)]
    until: Option<SystemTime>,
}

#[derive(Debug, Clone, Copy, PartialEq, ValueEnum)]
enum StateArg {
    Waiting,
    Leased,
    Begun,
    Done,
    Dead,
    Held,
}

impl From<StateArg> for State {
    fn from(state: StateArg) -> Self {
        match state {
            StateArg::Waiting => Self::Waiting,
            StateArg::Leased => Self::Leased,
            StateArg::Begun => Self::Begun,
            StateArg::Done => Self::Done,
            StateArg::Dead => Self::Dead,
            StateArg::Held => Self::Held,
        }
    }
}

impl Which {
    fn selection(self) -> Selection {
        if self.all {
            return Selection::All;
        }
        if self.since.is_none() && self.until.is_none() {
            return Selection::Ids(self.ids);
        }
        // Farther away than any event.
        let end = SystemTime::now() + Duration::from_secs(365 * 24 * 60 * 60);
        Selection::Received(self.since.unwrap_or(UNIX_EPOCH), self.until.unwrap_or(end))
    }
}

impl OperatorArgs {
    /// Runs the command; 1 if `depth` has counted dead or held events.
    ///
    /// # Errors
    /// A store that cannot be opened or does not answer, an event that is not there.
    pub async fn run(self) -> Result<ExitCode, Error> {
        run(self).await
    }
}

async fn run(args: OperatorArgs) -> Result<ExitCode, Error> {
    let store = args
        .store
        .ok_or("no store: give --store or set FEISHU_INBOX")?;
    let store = open::open(&store).await?;
    let json = args.json || !std::io::stdout().is_terminal();
    match args.command {
        Command::Depth => return depth(&store, json).await,
        Command::List {
            state,
            after,
            limit,
        } => {
            let states: Vec<State> = if state.is_empty() {
                let all = State::ALL.into_iter();
                all.filter(|state| *state != State::Done).collect()
            } else {
                state.into_iter().map(State::from).collect()
            };
            let query = Query {
                states,
                after,
                id: None,
                limit,
            };
            let list = store.list(query).await?;
            if json {
                for event in &list {
                    println!("{}", serde_json::to_string(event)?);
                }
            } else {
                print!("{}", table::of(&list));
            }
        }
        Command::Show { id, payload } => show(&store, id, payload, json).await?,
        Command::Redrive { which } => {
            let redriven = store.redrive(which.selection()).await?;
            report("redriven", redriven, json);
        }
        Command::Purge { state, which } => {
            let purged = store.purge(state.into(), which.selection()).await?;
            report("purged", purged, json);
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn report(what: &str, count: u64, json: bool) {
    if json {
        println!("{{\"{what}\":{count}}}");
    } else {
        println!("{count} {what}");
    }
}

async fn depth(store: &Arc<dyn InboxStore>, json: bool) -> Result<ExitCode, Error> {
    let depth = store.depth().await?;
    if json {
        println!("{}", serde_json::to_string(&depth)?);
    } else {
        for (state, count) in depth.by_state() {
            println!("{:<8} {count:>10}", state.as_str());
        }
        if let Some(oldest) = depth.oldest {
            println!("oldest   {:>10}", when::age(oldest));
        }
    }
    // For scripts and health checks.
    let needs_a_person = depth.dead + depth.held > 0;
    Ok(ExitCode::from(u8::from(needs_a_person)))
}

async fn show(
    store: &Arc<dyn InboxStore>,
    id: u64,
    payload: bool,
    json: bool,
) -> Result<(), Error> {
    let query = Query {
        id: Some(id),
        limit: 1,
        ..Query::default()
    };
    let found = store.list(query).await?;
    let event = found.first().ok_or(format!("there is no event {id}"))?;
    let body = if payload { store.body(id).await? } else { None };
    // What is encrypted cannot be shown, and is not JSON.
    let body = body.map(|body| match String::from_utf8(body) {
        Ok(text) if text.starts_with('{') => text,
        Ok(_) | Err(_) => "\"(encrypted)\"".to_owned(),
    });
    let mut text = serde_json::to_value(event)?;
    if let (Some(members), Some(body)) = (text.as_object_mut(), body) {
        members.insert("payload".to_owned(), serde_json::from_str(&body)?);
    }
    if json {
        println!("{text}");
    } else {
        println!("{}", serde_json::to_string_pretty(&text)?);
    }
    Ok(())
}

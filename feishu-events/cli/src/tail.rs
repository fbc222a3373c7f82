//! `tail`: events over the long connection.

use std::time::Duration;

use clap::Args;
use feishu_events::LongConnection;
use feishu_events::long_connection::{Connected, Disconnected, Reconnecting};
use serde_json::json;

use crate::credentials::{self, App, AppArgs};
use crate::notice::{self, Kind};
use crate::others;
use crate::problem::{Code, Problem, Result};
use crate::receive::durable::Durable;
use crate::receive::end::End;
use crate::receive::handler::Receiver;
use crate::receive::options::ReceiveArgs;

/// Receives events over the long connection, which needs no public address
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  # What arrives, on the terminal
  feishu-events tail

  # The next message to the bot, as JSON
  feishu-events tail --event im.message.receive_v1 --filter '.event.message.chat_type == \"p2p\"' --max 1

  # A script for each new user, three at a time, durable
  feishu-events tail --event 'contact.user.created_v3' --inbox events.db --exec ./welcome.sh --jobs 3

  # To a server under development
  feishu-events tail --forward http://localhost:3000/feishu

The app needs \"long connection\" as its subscription mode in the developer console.

An event is acknowledged only after its line was written and flushed, its file was written, its command
exited with 0, or the URL answered 2xx. The platform sends what was not acknowledged again: after 15 s,
5 min, 1 h and 6 h.")]
pub(crate) struct TailArgs {
    #[command(flatten)]
    app: AppArgs,
    #[command(flatten)]
    receive: ReceiveArgs,
}

/// Runs the command.
///
/// # Errors
/// What keeps it from receiving events.
pub(crate) async fn run(args: TailArgs) -> Result<()> {
    let app = credentials::app(&args.app)?;
    let end = End::new();
    end.at_signals();
    if let Some(time) = args.receive.run_for {
        end.after(time);
    }
    let receiver = Receiver::new(&args.receive, &end)?;
    let durable = Durable::start(&receiver, &args.receive).await?;
    let connection = connect(&app, &durable, args.receive.grace)?;
    tokio::select! {
        () = others::warn_of(&app) => {}
        _ = end.came() => {}
    }
    let until = async {
        end.came().await;
        durable.pause();
    };
    let outcome = connection.run_until(until).await;
    durable.shut_down(args.receive.grace).await;
    match outcome {
        Ok(stopped) => {
            let cut_off = stopped.drained.cut_off.len();
            if cut_off > 0 {
                notice::note(&format!(
                    "{cut_off} events were not done; the platform sends them again"
                ));
            }
            receiver.verdict(&end.came().await)
        }
        Err(error) => {
            let code = if error.failure.can_heal() {
                Code::Failure
            } else {
                Code::Credentials
            };
            Err(Problem::new(code, error.to_string()))
        }
    }
}

fn connect(app: &App, durable: &Durable, grace: Duration) -> Result<LongConnection> {
    let shown = format!("{} from {}", app.id, app.domain);
    LongConnection::builder(&app.id, app.secret.expose())
        .domain(app.domain.clone())
        .dispatcher(durable.dispatcher())
        .delivery(Receiver::delivery_options())
        .drain_within(grace)
        .on_connected(move |connected| say_connected(&shown, connected))
        .on_disconnected(say_disconnected)
        .on_reconnecting(say_reconnecting)
        .build()
        .map_err(|error| Problem::new(Code::Credentials, error.to_string()))
}

fn say_connected(app: &str, connected: &Connected) {
    match connected.offline_for {
        None => notice::say(
            Kind::Ready,
            &format!("receiving the events of {app}"),
            &[
                ("app_id", json!(connected.app_id)),
                ("connection", json!(connected.connection)),
            ],
        ),
        Some(time) => notice::note(&format!("connected again after {time:.1?}")),
    }
}

fn say_disconnected(disconnected: &Disconnected) {
    let Disconnected {
        lasted, failure, ..
    } = disconnected;
    notice::warn(&format!(
        "the connection ended after {lasted:.0?}: {failure}"
    ));
}

fn say_reconnecting(reconnecting: &Reconnecting) {
    let Reconnecting {
        after,
        failure,
        attempt,
        ..
    } = reconnecting;
    // The end of a connection was just said.
    if *attempt > 1 || !after.is_zero() {
        notice::warn(&format!(
            "trying to connect again in {after:.1?}: {failure}"
        ));
    }
}

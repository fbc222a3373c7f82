//! Prints one line per change of a department: what it was, and what it is now.
//!
//! ```text
//! FEISHU_ENCRYPT_KEY=… FEISHU_VERIFICATION_TOKEN=… cargo run --example department_changes
//! ```
//!
//! Then, from another terminal, with the same secrets:
//!
//! ```text
//! cargo xtask send contact.department.updated_v3 --to http://127.0.0.1:3000/
//! ```

#![allow(clippy::print_stdout, clippy::unused_async)] // it shows what happens, and awaits nothing

use anyhow::Context as _;
use feishu_events::contact::{DepartmentCreatedV3, DepartmentDeletedV3, DepartmentUpdatedV3};
use feishu_events::{
    Dispatcher, State, Webhook, WebhookBuildError, dispatcher, feishu_handler, serve,
};
use tokio::net::TcpListener;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

/// The channel for the lines.
type Lines = UnboundedSender<String>;

#[feishu_handler("contact.department.created_v3")]
async fn on_created(event: DepartmentCreatedV3, State(lines): State<Lines>) -> Result<(), String> {
    let department = event.object.unwrap_or_default();
    tell(&lines, format!("new: {}", or_nameless(department.name)))
}

#[feishu_handler("contact.department.updated_v3")]
async fn on_updated(event: DepartmentUpdatedV3, State(lines): State<Lines>) -> Result<(), String> {
    let new = event.object.unwrap_or_default();
    // The old object has only the fields that changed.
    let old = event.old_object.unwrap_or_default();
    let name = or_nameless(new.name);
    if let Some(before) = old.name {
        tell(&lines, format!("renamed: {before} → {name}"))?;
    }
    if let (Some(before), Some(now)) = (old.order, new.order) {
        tell(&lines, format!("moved: {name} from {before} to {now}"))?;
    }
    if let Some(before) = old.parent_department_id {
        let now = new.parent_department_id.unwrap_or_default();
        tell(&lines, format!("new parent: {name} from {before} to {now}"))?;
    }
    Ok(())
}

#[feishu_handler("contact.department.deleted_v3")]
async fn on_deleted(event: DepartmentDeletedV3, State(lines): State<Lines>) -> Result<(), String> {
    // Only the old object has the name of a deleted department.
    let department = event.old_object.and_then(|old| old.open_department_id);
    tell(&lines, format!("gone: {}", or_nameless(department)))
}

fn or_nameless(name: Option<String>) -> String {
    // Without the scope for names, the name is absent.
    name.unwrap_or_else(|| "a department".to_owned())
}

fn tell(lines: &Lines, line: String) -> Result<(), String> {
    // The receiver is gone: return an error, so that the platform sends the event again, to the next process.
    lines.send(line).map_err(|_| "nobody listens".to_owned())
}

fn handlers() -> (Dispatcher, UnboundedReceiver<String>) {
    let (lines, printed) = unbounded_channel();
    let dispatcher = dispatcher![on_created, on_updated, on_deleted].state(lines);
    (dispatcher, printed)
}

fn receiver(dispatcher: Dispatcher, key: &str, token: &str) -> Result<Webhook, WebhookBuildError> {
    Webhook::builder(dispatcher)
        .encrypt_key(key)
        .verification_token(token)
        .build()
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    tracing_subscriber::fmt::init();
    let secret = |name| std::env::var(name).unwrap_or_default();
    let (dispatcher, mut printed) = handlers();
    let (key, token) = (
        secret("FEISHU_ENCRYPT_KEY"),
        secret("FEISHU_VERIFICATION_TOKEN"),
    );
    let webhook = receiver(dispatcher, &key, &token)
        .context("FEISHU_ENCRYPT_KEY, FEISHU_VERIFICATION_TOKEN")?;
    tokio::spawn(async move {
        while let Some(line) = printed.recv().await {
            println!("{line}");
        }
    });
    let listener = TcpListener::bind("127.0.0.1:3000")
        .await
        .context("127.0.0.1:3000")?;
    println!("listening on http://{}/", listener.local_addr()?);
    serve(listener, webhook.clone(), async {
        // Without a signal handler, Ctrl-C ends the process.
        let _: std::io::Result<()> = tokio::signal::ctrl_c().await;
    })
    .await;
    webhook.shut_down(std::time::Duration::from_secs(10)).await;
    Ok(())
}

#[cfg(test)]
mod tests {
    use feishu_events::testing::EventRequest;
    use feishu_events::{Protocol, testing::sample};
    use serde_json::json;

    use super::*;

    #[tokio::test]
    async fn each_change_is_told() {
        let (dispatcher, mut printed) = handlers();
        let webhook = receiver(dispatcher, "key", "token").unwrap();
        let send = async |event: EventRequest| {
            let event = event.encrypt_key("key").token("token");
            event.send_to(&webhook).await.status()
        };
        let created = EventRequest::new(&sample::<DepartmentCreatedV3>());
        assert_eq!(send(created.set("object.name", "Sales")).await, 200);
        let updated = json!({
            "object": { "name": "Trade", "order": 7 },
            "old_object": { "name": "Sales", "order": 3 },
        });
        let updated =
            EventRequest::from_json("contact.department.updated_v3", Protocol::V2, updated);
        assert_eq!(send(updated).await, 200);
        let deleted = EventRequest::new(&sample::<DepartmentDeletedV3>());
        let deleted = deleted.set("old_object.open_department_id", "od-1");
        assert_eq!(send(deleted).await, 200);
        for line in [
            "new: Sales",
            "renamed: Sales → Trade",
            "moved: Trade from 3 to 7",
            "gone: od-1",
        ] {
            assert_eq!(printed.recv().await.as_deref(), Some(line));
        }
        drop(printed);
        let unheard = EventRequest::new(&sample::<DepartmentCreatedV3>());
        assert_eq!(send(unheard).await, 500);
    }
}

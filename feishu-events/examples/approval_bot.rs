//! A bot that asks for decisions: an approval starts, somebody clicks on its card, the card changes.
//!
//! ```text
//! FEISHU_ENCRYPT_KEY=… FEISHU_VERIFICATION_TOKEN=… cargo run --example approval_bot
//! ```
//!
//! Then, from another terminal, with the same secrets: an approval starts, and somebody clicks.
//!
//! ```text
//! cargo xtask send approval_instance --to http://127.0.0.1:3000/ \
//!     --set instance_code=A1 --set status=PENDING
//! cargo xtask send card.action.trigger --to http://127.0.0.1:3000/ \
//!     --set 'action.value={"instance":"A1","approve":true}'
//! ```

#![allow(clippy::print_stdout, clippy::unused_async)] // it shows what happens, and awaits nothing

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::Context as _;
use feishu_events::approval::{ApprovalInstance, InstanceStatus};
use feishu_events::callback::{self, CardActionTriggerResponse, CardUpdate, Toast};
use feishu_events::card::ActionTrigger;
use feishu_events::{
    DeliveryOptions, HandlerError, State, Webhook, WebhookBuildError, dispatcher, feishu_handler,
    serve,
};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::net::TcpListener;

/// The approvals that the bot knows, and what was decided. A real bot keeps them in a database.
#[derive(Clone, Default)]
struct Approvals(Arc<Mutex<BTreeMap<String, Option<Decision>>>>);

#[derive(Debug, Clone, PartialEq)]
struct Decision {
    approved: bool,
    by: String,
}

/// The `value` of the card's buttons.
#[derive(Deserialize)]
struct Click {
    instance: String,
    approve: bool,
}

impl Approvals {
    fn ask(&self, instance: String) -> bool {
        let mut approvals = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_new = !approvals.contains_key(&instance);
        approvals.entry(instance).or_default();
        is_new
    }

    /// The decision: this one, or the one that was made before.
    fn decide(&self, instance: &str, decision: Decision) -> Option<Decision> {
        let mut approvals = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let decided = approvals.get_mut(instance)?;
        Some(decided.get_or_insert(decision).clone())
    }
}

#[feishu_handler("approval_instance")]
async fn on_approval(event: ApprovalInstance, State(approvals): State<Approvals>) {
    let (Some(instance), Some(InstanceStatus::Pending)) = (event.instance_code, event.status)
    else {
        return;
    };
    if approvals.ask(instance.clone()) {
        // Here a real bot sends the card, through the platform's API.
        println!("to be sent: {}", card(&instance, None));
    }
}

#[feishu_handler("card.action.trigger")]
async fn on_click(
    click: ActionTrigger,
    State(approvals): State<Approvals>,
) -> Result<CardActionTriggerResponse, HandlerError> {
    let value = click.action.and_then(|action| action.value);
    let Click { instance, approve } = callback::parse_action_value(&value.unwrap_or_default())?;
    let operator = click.operator.and_then(|operator| operator.open_id);
    let decision = Decision {
        approved: approve,
        by: operator.ok_or("a click without a person")?,
    };
    let Some(decided) = approvals.decide(&instance, decision.clone()) else {
        let toast = Toast::error("This approval is not known any more.");
        return Ok(CardActionTriggerResponse::default().toast(toast));
    };
    let toast = if decided == decision {
        Toast::success("Thank you.").i18n("zh_cn", "谢谢")
    } else {
        Toast::error(format!("{} was faster.", decided.by))
    };
    let card = CardUpdate::Raw(card(&instance, Some(&decided)));
    Ok(CardActionTriggerResponse::default().toast(toast).card(card))
}

/// The card of an approval: with buttons while it is open, with the decision afterwards.
fn card(instance: &str, decided: Option<&Decision>) -> Value {
    let button = |text: &str, approve: bool| {
        json!({
            "tag": "button",
            "text": { "tag": "plain_text", "content": text },
            "behaviors": [{
                "type": "callback",
                "value": { "instance": instance, "approve": approve },
            }],
        })
    };
    let elements = match decided {
        None => json!([button("Approve", true), button("Reject", false)]),
        Some(Decision { approved, by }) => {
            let word = if *approved { "approved" } else { "rejected" };
            json!([{ "tag": "markdown", "content": format!("<at id={by}></at> {word} it.") }])
        }
    };
    json!({ "schema": "2.0", "body": { "elements": elements } })
}

fn receiver(approvals: Approvals, key: &str, token: &str) -> Result<Webhook, WebhookBuildError> {
    let options = DeliveryOptions::new()
        .toast_when_late("Still working on it.")
        .on_late_failure(|failure| eprintln!("{failure}"));
    Webhook::builder(dispatcher![on_approval, on_click].state(approvals))
        .encrypt_key(key)
        .verification_token(token)
        .delivery(options)
        .build()
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    tracing_subscriber::fmt::init();
    let secret = |name| std::env::var(name).unwrap_or_default();
    let (key, token) = (
        secret("FEISHU_ENCRYPT_KEY"),
        secret("FEISHU_VERIFICATION_TOKEN"),
    );
    let webhook = receiver(Approvals::default(), &key, &token)
        .context("FEISHU_ENCRYPT_KEY, FEISHU_VERIFICATION_TOKEN")?;
    let listener = TcpListener::bind("127.0.0.1:3000")
        .await
        .context("127.0.0.1:3000")?;
    println!("listening on http://{}/", listener.local_addr()?);
    // The console takes one URL for events and one for callbacks: here they are the same.
    serve(listener, webhook.clone(), async {
        // Without a signal handler, Ctrl-C ends the process.
        let _: std::io::Result<()> = tokio::signal::ctrl_c().await;
    })
    .await;
    webhook.shut_down(Duration::from_secs(10)).await;
    Ok(())
}

#[cfg(test)]
mod tests {
    use feishu_events::testing::{EventRequest, sample};

    use super::*;

    async fn click(webhook: &Webhook, who: &str, value: Value) -> Value {
        let request = EventRequest::new(&sample::<ActionTrigger>())
            .set("operator.open_id", who)
            .set("action.value", value);
        let request = request.encrypt_key("key").token("token");
        let response = request.send_to(webhook).await;
        assert_eq!(response.status(), 200);
        serde_json::from_slice(response.body()).unwrap()
    }

    #[tokio::test]
    async fn the_first_click_decides_and_changes_the_card() {
        let webhook = receiver(Approvals::default(), "key", "token").unwrap();
        let started = EventRequest::new(&sample::<ApprovalInstance>())
            .set("instance_code", "A1")
            .set("status", "PENDING")
            .encrypt_key("key")
            .token("token");
        assert_eq!(started.send_to(&webhook).await.status(), 200);

        let approve = json!({ "instance": "A1", "approve": true });
        let answer = click(&webhook, "ou_ada", approve).await;
        assert_eq!(answer["toast"]["type"], "success");
        let text = &answer["card"]["data"]["body"]["elements"][0]["content"];
        let text = text.clone();
        assert_eq!(text, "<at id=ou_ada></at> approved it.");

        // Some tools write the value as a string.
        let reject = json!(r#"{ "instance": "A1", "approve": false }"#);
        let answer = click(&webhook, "ou_grace", reject).await;
        assert_eq!(answer["toast"]["content"], "ou_ada was faster.");
        let still = &answer["card"]["data"]["body"]["elements"][0]["content"];
        assert_eq!(*still, text);

        let unknown = json!({ "instance": "A2", "approve": true });
        let answer = click(&webhook, "ou_ada", unknown).await;
        assert_eq!(answer["toast"]["type"], "error");
        assert!(answer["card"].is_null());
    }
}

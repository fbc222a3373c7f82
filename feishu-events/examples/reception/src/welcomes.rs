//! Who is to be welcomed, and what people tell the bot of it.

use std::collections::BTreeSet;
use std::sync::Arc;

use feishu_events::callback::{self, CardActionTriggerResponse, Toast};
use feishu_events::{State, card, feishu_handler, im};
use serde::Deserialize;
use tokio::sync::Mutex;

use crate::directory::Directory;

/// Those who have not been welcomed, by their `open_id`, and what the bot would have said.
#[derive(Clone, Default)]
pub(crate) struct Welcomes {
    open: Arc<Mutex<BTreeSet<String>>>,
    said: Arc<Mutex<Vec<String>>>,
}

impl Welcomes {
    /// Notes that somebody is to be welcomed.
    pub(crate) async fn add(&self, open_id: String) {
        self.open.lock().await.insert(open_id);
    }

    /// Notes that somebody was welcomed; false if nobody had to.
    async fn done(&self, open_id: &str) -> bool {
        self.open.lock().await.remove(open_id)
    }

    /// What the bot said: a real one would send it with the platform's API.
    #[cfg(test)]
    pub(crate) async fn said(&self) -> Vec<String> {
        self.said.lock().await.clone()
    }
}

/// The content of a text message.
#[derive(Deserialize)]
struct Text {
    text: String,
}

#[feishu_handler("im.message.receive_v1")]
pub(crate) async fn on_message(
    event: im::MessageReceiveV1,
    State(welcomes): State<Welcomes>,
    State(directory): State<Directory>,
) {
    let content = event.message.and_then(|message| message.content);
    // Pictures, files and so on have content of other forms.
    let text =
        content.and_then(|content| callback::parse_action_value::<Text>(&content.into()).ok());
    if !text.is_some_and(|text| text.text.contains("who is new")) {
        return;
    }
    let open = welcomes.open.lock().await.clone();
    let names: Vec<String> = open
        .iter()
        .filter_map(|open_id| directory.name(open_id))
        .collect();
    let answer = format!("to be welcomed: {}", names.join(", "));
    welcomes.said.lock().await.push(answer);
}

/// What the button of a welcome's card carries.
#[derive(Deserialize)]
struct Welcomed {
    welcomed: String,
}

#[feishu_handler("card.action.trigger")]
pub(crate) async fn on_button(
    request: card::ActionTrigger,
    State(welcomes): State<Welcomes>,
) -> CardActionTriggerResponse {
    let value = request.action.and_then(|action| action.value);
    let toast = match value.map(|value| callback::parse_action_value(&value)) {
        Some(Ok(Welcomed { welcomed })) if welcomes.done(&welcomed).await => {
            Toast::success("thank you")
        }
        Some(Ok(_)) => Toast::error("somebody was faster"),
        _ => Toast::error("this button is none of the reception's"),
    };
    CardActionTriggerResponse::default().toast(toast)
}

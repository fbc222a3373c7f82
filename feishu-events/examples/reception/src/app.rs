//! The state of the app and its parts; which functions handle its events.

use feishu_events::{Dispatcher, FromRef, Webhook, WebhookBuildError, dispatcher};

use crate::directory::{self, Directory};
use crate::rest::{self, Others};
use crate::welcomes::{self, Welcomes};

/// All that handlers share; each takes the part that it needs.
#[derive(Clone, Default)]
pub(crate) struct App {
    pub(crate) directory: Directory,
    pub(crate) welcomes: Welcomes,
    pub(crate) others: Others,
}

impl FromRef<App> for Directory {
    fn from_ref(app: &App) -> Self {
        app.directory.clone()
    }
}

impl FromRef<App> for Welcomes {
    fn from_ref(app: &App) -> Self {
        app.welcomes.clone()
    }
}

impl FromRef<App> for Others {
    fn from_ref(app: &App) -> Self {
        app.others.clone()
    }
}

/// The handlers of all modules, by path.
fn handlers() -> Dispatcher<App> {
    dispatcher![
        directory::on_user_created,
        directory::on_user_changed,
        welcomes::on_message,
        welcomes::on_button,
        rest::on_other,
    ]
}

/// The service that answers the platform's requests.
pub(crate) fn webhook(
    app: App,
    encrypt_key: &str,
    verification_token: &str,
) -> Result<Webhook, WebhookBuildError> {
    Webhook::builder(handlers().state(app))
        .encrypt_key(encrypt_key)
        .verification_token(verification_token)
        .build()
}

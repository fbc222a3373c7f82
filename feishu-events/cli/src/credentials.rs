//! Where the app's id and secrets come from: a file, the environment, or a prompt; never an argument,
//! which other users of the machine can read.

use std::collections::BTreeMap;
use std::env;
use std::fmt;
use std::io::{self, IsTerminal as _};
use std::path::PathBuf;

use clap::Args;
use feishu_events::Domain;

use crate::problem::{Code, Problem, Result};

mod file;

/// Which app it is.
#[derive(Debug, Args)]
#[command(next_help_heading = "App")]
pub(crate) struct AppArgs {
    /// The id of the app, `cli_…`, if it is not in `FEISHU_APP_ID`
    ///
    /// The developer console shows it under Credentials & Basic Info, with the secret, which is in
    /// `FEISHU_APP_SECRET` or in the file of --credentials, or is asked for on a terminal.
    #[arg(long, value_name = "ID")]
    pub(crate) app_id: Option<String>,
    #[command(flatten)]
    pub(crate) file: FileArgs,
    /// The platform of the app: `feishu`, `lark`, or the URL of a private one
    #[arg(long, env = "FEISHU_DOMAIN", default_value = "feishu", value_parser = domain)]
    pub(crate) domain: Domain,
}

/// The file with the credentials.
#[derive(Debug, Args)]
pub(crate) struct FileArgs {
    /// A file with lines `FEISHU_APP_ID=…`, `FEISHU_APP_SECRET=…`; it counts before the environment
    #[arg(long, value_name = "FILE", env = "FEISHU_CREDENTIALS")]
    pub(crate) credentials: Option<PathBuf>,
}

/// Text that is never shown.
#[derive(Clone)]
pub(crate) struct Secret(String);

impl Secret {
    /// The text, for whom it is meant.
    pub(crate) fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[secret]")
    }
}

/// The app that connects.
#[derive(Debug, Clone)]
pub(crate) struct App {
    pub(crate) id: String,
    pub(crate) secret: Secret,
    pub(crate) domain: Domain,
}

/// What requests to a webhook are verified with.
#[derive(Debug, Clone, Default)]
pub(crate) struct WebhookSecrets {
    pub(crate) encrypt_key: Option<Secret>,
    pub(crate) verification_token: Option<Secret>,
}

/// The values of a file, then of the environment.
struct Values(BTreeMap<String, String>);

impl Values {
    fn read(file: &FileArgs) -> Result<Self> {
        let from_file = file.credentials.as_deref().map(file::read).transpose()?;
        Ok(Self(from_file.unwrap_or_default()))
    }

    /// The value of this name; an empty one counts as missing.
    fn get(&self, name: &str) -> Option<String> {
        let value = self.0.get(name).cloned().or_else(|| env::var(name).ok());
        value.filter(|value| !value.is_empty())
    }

    fn secret(&self, name: &str) -> Option<Secret> {
        self.get(name).map(Secret)
    }
}

/// The app, from the arguments, the file, the environment or a prompt.
///
/// # Errors
/// A file that cannot be read, and values that are missing where nobody can be asked.
pub(crate) fn app(args: &AppArgs) -> Result<App> {
    let values = Values::read(&args.file)?;
    let id = match args.app_id.clone().or_else(|| values.get("FEISHU_APP_ID")) {
        Some(id) => id,
        None => ask("App ID: ", "FEISHU_APP_ID", false)?,
    };
    let secret = match values.secret("FEISHU_APP_SECRET") {
        Some(secret) => secret,
        None => Secret(ask("App Secret: ", "FEISHU_APP_SECRET", true)?),
    };
    let domain = args.domain.clone();
    Ok(App { id, secret, domain })
}

/// What a webhook's requests are verified with; both can be missing.
///
/// # Errors
/// A file that cannot be read.
pub(crate) fn webhook(args: &FileArgs) -> Result<WebhookSecrets> {
    let values = Values::read(args)?;
    Ok(WebhookSecrets {
        encrypt_key: values.secret("FEISHU_ENCRYPT_KEY"),
        verification_token: values.secret("FEISHU_VERIFICATION_TOKEN"),
    })
}

/// Asks for a missing value, on a terminal.
fn ask(question: &str, name: &str, is_secret: bool) -> Result<String> {
    let missing = || {
        Problem::new(Code::Credentials, format!("{name} is not set")).help(format!(
            "set it in the environment, or in a file for --credentials as a line `{name}=…`; the \
             developer console shows it under Credentials & Basic Info"
        ))
    };
    if !io::stdin().is_terminal() || !io::stderr().is_terminal() {
        return Err(missing());
    }
    let answer = if is_secret {
        rpassword::prompt_password(question)
    } else {
        eprint!("{question}");
        let mut line = String::new();
        io::stdin().read_line(&mut line).map(|_| line)
    };
    let answer = answer.map_err(|error| {
        Problem::new(
            Code::Credentials,
            format!("{name} could not be read: {error}"),
        )
    })?;
    let answer = answer.trim();
    if answer.is_empty() {
        return Err(missing());
    }
    Ok(answer.to_owned())
}

fn domain(text: &str) -> std::result::Result<Domain, String> {
    match text {
        "feishu" => Ok(Domain::Feishu),
        "lark" => Ok(Domain::Lark),
        url if url.starts_with("https://") || url.starts_with("http://") => {
            Ok(Domain::Custom(url.to_owned()))
        }
        _ => Err("expected `feishu`, `lark` or a URL".to_owned()),
    }
}

//! Requests to the portal, with retries.

use std::cell::Cell;
use std::fmt;

use crate::answer::{self, Answer};
use crate::client::Client;
use crate::directory::Directory;
use crate::fault::{Fault, Remedy};
use crate::host::{Form, Host};
use crate::patience::Patience;

/// The limit for the directory, in bytes; it has about one megabyte.
const LARGEST_DIRECTORY: usize = 64 * 1024 * 1024;

/// The limit for a page, in bytes; pages have tens of kilobytes, and `scrape` reads up to two
/// megabytes.
const LARGEST_PAGE: usize = 8 * 1024 * 1024;

/// The portal.
#[derive(Debug)]
pub(crate) struct Portal {
    client: Client,
    host: Host,
    patience: Patience,
    requests: Cell<u64>,
    /// The form of the API that is tried first.
    form: Cell<Form>,
    /// Whether the newer form has ever answered.
    newer_answers: Cell<bool>,
}

/// The last fault, with the number of tries.
#[derive(Debug)]
pub(crate) struct GaveUp {
    pub(crate) fault: Fault,
    pub(crate) tries: u32,
    /// Whether the portal has no such address, in either form.
    pub(crate) absent: bool,
}

impl fmt::Display for GaveUp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.fault)?;
        match self.tries {
            0 | 1 => Ok(()),
            tries => write!(f, " (tried {tries} times)"),
        }
    }
}

impl Portal {
    /// The portal at `host`.
    pub(crate) fn new(client: Client, host: Host, patience: Patience) -> Self {
        Self {
            client,
            host,
            patience,
            requests: Cell::new(0),
            form: Cell::new(Form::Newer),
            newer_answers: Cell::new(false),
        }
    }

    /// How many requests were made.
    pub(crate) fn requests(&self) -> u64 {
        self.requests.get()
    }

    /// Whether the portal seems to be down.
    pub(crate) fn is_down(&self) -> bool {
        self.patience.is_over()
    }

    /// The directory of all pages.
    pub(crate) async fn directory(&self) -> Result<Directory, GaveUp> {
        self.patiently(async |_| {
            let url = self.host.directory();
            let body = self.client.get(url, LARGEST_DIRECTORY).await?;
            Directory::read(&answer::data(&body)?)
        })
        .await
    }

    /// The page at `path`.
    pub(crate) async fn page(&self, path: &str) -> Result<Answer, GaveUp> {
        let mut newer_absent = false;
        let answer = self
            .patiently(async |form| {
                let answer = self.ask(form, path).await;
                match (&answer, form) {
                    (Ok(_), Form::Newer) => self.newer_answers.set(true),
                    // A single page may be missing; if no page has answered, the form does not exist.
                    (Ok(_), Form::Older) if newer_absent && !self.newer_answers.get() => {
                        self.form.set(Form::Older);
                    }
                    (Err(fault), Form::Newer) => newer_absent = fault.is_absent(),
                    _ => {}
                }
                answer
            })
            .await;
        let fine = match &answer {
            Ok(_) => true,
            // The portal answers; only this page is missing.
            Err(gave_up) => gave_up.fault.remedy() == Remedy::None,
        };
        self.patience.note(fine);
        answer
    }

    async fn ask(&self, form: Form, path: &str) -> Result<Answer, Fault> {
        let url = self.host.detail(form, path);
        let body = self.client.get(url, LARGEST_PAGE).await?;
        answer::page(answer::data(&body)?)
    }

    /// Repeats a request until there is an answer, in the other form if that may help.
    async fn patiently<T>(
        &self,
        mut ask: impl AsyncFnMut(Form) -> Result<T, Fault>,
    ) -> Result<T, GaveUp> {
        let mut form = self.form.get();
        let mut tries = 0;
        let mut always_absent = true;
        loop {
            self.patience.until_open().await;
            tries += 1;
            self.requests.update(|requests| requests + 1);
            let fault = match ask(form).await {
                Ok(answer) => return Ok(answer),
                Err(fault) => fault,
            };
            always_absent &= fault.is_absent();
            let again = match fault.remedy() {
                Remedy::Again => true,
                Remedy::OtherForm => {
                    form = form.other();
                    true
                }
                Remedy::None => false,
            };
            if !again || !self.patience.after(&fault, tries).await {
                // Alternate between the forms, because one of them may have been shut down.
                let absent = always_absent && tries > 1;
                return Err(GaveUp {
                    fault,
                    tries,
                    absent,
                });
            }
        }
    }
}

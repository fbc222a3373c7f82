//! Where events go. An event counts as delivered when [`Sink::deliver`] says so, and is acknowledged
//! after that.

use crate::problem::Result;
use crate::receive::end::End;
use crate::receive::event::Arrived;
use crate::receive::options::ReceiveArgs;

mod command;
mod folder;
mod forward;
mod lines;
mod output;

use command::Command;
use folder::Folder;
use forward::Forward;
use lines::Lines;

/// Where events go.
pub(crate) enum Sink {
    Lines(Lines),
    Folder(Folder),
    Command(Command),
    Forward(Forward),
}

/// Why an event was not delivered.
#[derive(Debug)]
pub(crate) enum Undelivered {
    /// This event failed.
    Failed(String),
    /// Nobody reads the output any longer.
    OutputClosed,
    /// The output cannot be written.
    OutputFailed(String),
}

impl Sink {
    /// Where the options say that events go.
    ///
    /// # Errors
    /// A folder that cannot be created, a URL that cannot be read.
    pub(crate) fn new(args: &ReceiveArgs, end: &End) -> Result<Self> {
        Ok(if let Some(folder) = &args.out {
            Self::Folder(Folder::new(folder)?)
        } else if let Some(command) = &args.exec {
            Self::Command(Command::new(command, args.jobs, args.timeout))
        } else if let Some(url) = &args.forward {
            Self::Forward(Forward::new(url, args.jobs, args.timeout)?)
        } else {
            Self::Lines(Lines::start(args.format, end)?)
        })
    }

    /// How many events it works on at a time, if each waits for the one before.
    pub(crate) fn jobs(&self) -> usize {
        match self {
            Self::Lines(_) | Self::Folder(_) => 1,
            Self::Command(command) => command.jobs(),
            Self::Forward(forward) => forward.jobs(),
        }
    }

    /// Delivers an event, durably as far as its destination is.
    ///
    /// # Errors
    /// It was not delivered.
    pub(crate) async fn deliver(&self, event: &Arrived) -> std::result::Result<(), Undelivered> {
        match self {
            Self::Lines(lines) => lines.deliver(event).await,
            Self::Folder(folder) => folder.deliver(event).await,
            Self::Command(command) => command.deliver(event).await,
            Self::Forward(forward) => forward.deliver(event).await,
        }
    }
}

//! Why a command failed: what is shown, and the exit code.

use std::fmt;
use std::process::ExitCode;

use miette::Diagnostic;

/// The exit codes, as `--help` and the guide list them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Code {
    /// Something failed.
    Failure = 1,
    /// The command was called wrongly.
    Usage = 2,
    /// Credentials are missing, or the platform refused them.
    Credentials = 3,
    /// `--for` ended before there were as many events as `--max` says.
    TooFew = 4,
}

impl Code {
    pub(crate) fn exit(self) -> ExitCode {
        ExitCode::from(self as u8)
    }

    /// The name in JSON.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Failure => "failure",
            Self::Usage => "usage",
            Self::Credentials => "credentials",
            Self::TooFew => "too_few_events",
        }
    }
}

/// Why a command failed. It never contains a secret.
#[derive(Debug)]
pub(crate) struct Problem {
    pub(crate) code: Code,
    pub(crate) message: String,
    pub(crate) help: Option<String>,
}

/// What a command results in.
pub(crate) type Result<T> = std::result::Result<T, Problem>;

impl Problem {
    pub(crate) fn new(code: Code, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            help: None,
        }
    }

    pub(crate) fn failure(message: impl fmt::Display) -> Self {
        Self::new(Code::Failure, message.to_string())
    }

    pub(crate) fn usage(message: impl fmt::Display) -> Self {
        Self::new(Code::Usage, message.to_string())
    }

    /// The same with what to do.
    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Problem {}

impl Diagnostic for Problem {
    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        let help = self.help.as_ref()?;
        Some(Box::new(help))
    }
}

impl From<miette::Report> for Problem {
    fn from(report: miette::Report) -> Self {
        let causes: Vec<String> = report.chain().map(ToString::to_string).collect();
        Self {
            code: Code::Failure,
            message: causes.join(": "),
            help: report.help().map(|help| help.to_string()),
        }
    }
}

//! A violation of a rule.

use std::fmt;

/// A violation of a rule, with advice.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// The file below the project's root.
    pub file: String,
    /// The line, from 1; 0 if the rule is about the whole file.
    pub line: usize,
    /// What is wrong.
    pub what: String,
    /// What to do.
    pub advice: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            file,
            line,
            what,
            advice,
        } = self;
        match line {
            0 => write!(f, "{file}: {what}; {advice}"),
            line => write!(f, "{file}:{line}: {what}; {advice}"),
        }
    }
}

//! Which events are wanted.

use feishu_events::EventType;
use wildmatch::WildMatch;

use crate::nearest::{nearest, nearest_group};
use crate::notice;
use crate::problem::Result;
use crate::receive::filter::Filter;
use crate::receive::options::ReceiveArgs;

/// Which events are wanted.
pub(crate) struct Selection {
    globs: Vec<WildMatch>,
    filter: Option<Filter>,
}

impl Selection {
    /// What the options say; warns of names that no known event has.
    ///
    /// # Errors
    /// A filter that is not an expression.
    pub(crate) fn new(args: &ReceiveArgs) -> Result<Self> {
        for glob in &args.event {
            if !is_known(glob) {
                warn_of(glob);
            }
        }
        Ok(Self {
            globs: args.event.iter().map(|glob| WildMatch::new(glob)).collect(),
            filter: args.filter.as_deref().map(Filter::new).transpose()?,
        })
    }

    /// Whether events of this name are wanted.
    pub(crate) fn wants(&self, event_type: &str) -> bool {
        self.globs.is_empty() || self.globs.iter().any(|glob| glob.matches(event_type))
    }

    /// Whether this event is wanted, by its JSON.
    ///
    /// # Errors
    /// The filter fails for it.
    pub(crate) fn selects(&self, json: &str) -> std::result::Result<bool, String> {
        self.filter
            .as_ref()
            .map_or(Ok(true), |filter| filter.matches(json))
    }
}

/// Whether a known event matches.
pub(crate) fn is_known(glob: &str) -> bool {
    let pattern = WildMatch::new(glob);
    EventType::ALL
        .iter()
        .any(|known| pattern.matches(known.as_str()))
}

/// Private events have names of their own, so this is not an error.
fn warn_of(glob: &str) {
    let near = match nearest_group(glob) {
        Some(group) => vec![group],
        None => nearest(glob).into_iter().map(str::to_owned).collect(),
    };
    let suggestion = if near.is_empty() {
        String::new()
    } else {
        format!("; did you mean {}?", near.join(", "))
    };
    notice::warn(&format!("no known event matches `{glob}`{suggestion}"));
}

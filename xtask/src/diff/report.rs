//! The result of a comparison as data, from which both the Markdown and the JSON are written.

use serde::Serialize;

/// What a change means for users of the Rust API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Class {
    /// Nothing that the compiler notices: docs, or what the platform sends.
    Documentation,
    /// An addition; existing items have not changed.
    Addition,
    /// Code that compiles today may no longer compile.
    Breaking,
}

/// The step of the version that follows from the changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Step {
    /// Nothing changed.
    None,
    /// Only documentation.
    Patch,
    /// Additions.
    Minor,
    /// Something breaks.
    Major,
}

impl Step {
    /// The step that the most severe change needs.
    pub fn of(classes: impl IntoIterator<Item = Class>) -> Self {
        match classes.into_iter().max() {
            None => Self::None,
            Some(Class::Documentation) => Self::Patch,
            Some(Class::Addition) => Self::Minor,
            Some(Class::Breaking) => Self::Major,
        }
    }
}

/// All differences between two sets of schemas.
#[derive(Debug, Serialize)]
pub struct Report {
    /// The name of the old side.
    pub old: String,
    /// The name of the new side.
    pub new: String,
    /// The step of the version that follows.
    pub step: Step,
    /// Events that were added, removed or changed, by name.
    pub events: Vec<EventChange>,
    /// Rust items that changed, by path, including those of events whose own page has not changed.
    pub items: Vec<ItemChange>,
    /// What could not be compared, and why.
    pub notes: Vec<String>,
}

impl Report {
    /// Whether both sides are the same.
    pub fn is_empty(&self) -> bool {
        self.events.is_empty() && self.items.is_empty()
    }
}

/// An event that was added, removed or changed.
#[derive(Debug, Serialize)]
pub struct EventChange {
    /// Its name.
    pub event_type: String,
    /// The title of its page.
    pub title: String,
    /// The payload's type in Rust.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payload: Option<String>,
    /// What happened to it.
    pub fate: Fate,
    /// The class of its most severe change.
    pub class: Class,
    /// How many rows its table has now, or had.
    pub rows: usize,
    /// What changed, if both sides have it.
    pub changes: Vec<Change>,
}

/// What happened to an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fate {
    /// It is new.
    Added,
    /// Its schema is gone.
    Removed,
    /// It is documented differently.
    Changed,
}

/// One thing that changed.
#[derive(Debug, Clone, Serialize)]
pub struct Change {
    /// What kind of change it is.
    pub what: What,
    /// What it means for users of the Rust API.
    pub class: Class,
    /// The row, as the path of documented names.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub row: Option<String>,
    /// The Rust item: `im::MessageReceiveV1 → message.mentions[].id`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rust: Option<String>,
    /// The struct and the field that it is, which other events may share: `im::MentionEvent.id`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub item: Option<String>,
    /// The types in Rust, the old one first, if they differ.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rust_types: Option<(String, String)>,
    /// What it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// What it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// Scopes, values or app types that are new.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub gained: Vec<String>,
    /// Scopes, values or app types that are gone.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub dropped: Vec<String>,
    /// What a running app notices.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub effect: Option<String>,
}

impl Change {
    /// A change of the event as a whole, of the documentation only.
    pub(super) fn new(what: What) -> Self {
        Self {
            what,
            class: Class::Documentation,
            row: None,
            rust: None,
            item: None,
            rust_types: None,
            from: None,
            to: None,
            gained: Vec::new(),
            dropped: Vec::new(),
            effect: None,
        }
    }

    pub(super) fn changed(mut self, from: impl Into<String>, to: impl Into<String>) -> Self {
        self.from = Some(from.into());
        self.to = Some(to.into());
        self
    }
}

/// The kinds of change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum What {
    /// A row is new.
    RowAdded,
    /// A row is gone.
    RowRemoved,
    /// A row is inside another row.
    RowMoved,
    /// A row has another type.
    RowRetyped,
    /// The page's sample shows another type.
    SampleRetyped,
    /// Rows are in another order.
    RowsReordered,
    /// A row needs other scopes.
    RowScopes,
    /// A row lists other values.
    RowValues,
    /// A row has other limits.
    RowLimits,
    /// The level of a row is known now, or no longer.
    RowLevel,
    /// The page's description of a row changed.
    RowDescription,
    /// A field has another type in Rust because of the rows in it or of a name.
    RustType,
    /// Other scopes let an app subscribe.
    Scopes,
    /// Other scopes are said to make fields appear.
    FieldScopes,
    /// Other scopes can no longer be applied for.
    HistoryScopes,
    /// Other kinds of app can receive the event.
    AppTypes,
    /// The page has another title.
    Title,
    /// The page has another address.
    Page,
    /// The page has another date.
    PageDate,
    /// The page is gone, or back.
    PageMissing,
    /// It is an event and was a callback, or the other way round.
    Kind,
    /// It arrives in another envelope.
    Protocol,
    /// It belongs to another service.
    Service,
    /// Other SDKs know it.
    KnownTo,
    /// The same is listed in another order.
    Order,
}

/// A Rust item that changed.
#[derive(Debug, Clone, Serialize)]
pub struct ItemChange {
    /// Its path: `im::MentionEvent`, `im::MentionEvent.id`, `im::ChatType::Group`.
    pub item: String,
    /// What it means for its users.
    pub class: Class,
    /// What it was; nothing if it is new.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// What it is; nothing if it is gone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// The new name, if it was renamed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub renamed_to: Option<String>,
}

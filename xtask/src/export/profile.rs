//! The two forms of every schema.

/// What a schema describes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// The types that the documentation names.
    Documented,
    /// All that the reader of `feishu-events` takes for them: what arrives is often not as
    /// documented, and differences between scalars lose nothing.
    Received,
}

impl Profile {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Documented, Self::Received];

    /// Its name, and that of its folder.
    pub fn name(self) -> &'static str {
        match self {
            Self::Documented => "documented",
            Self::Received => "received",
        }
    }
}

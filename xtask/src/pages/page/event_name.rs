//! What names of events look like.

/// Whether `name` could be the name of an event; such a name is also safe as a path.
pub(crate) fn is_event_type(name: &str) -> bool {
    let part = |part: &str| {
        part.starts_with(|c: char| c.is_ascii_alphabetic())
            && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    };
    let starts_low = name.starts_with(|c: char| c.is_ascii_lowercase());
    starts_low && name.len() <= 128 && name.split('.').all(part)
}

//! The documented samples, as text.

/// All samples.
///
/// # Errors
/// Why there are none.
pub(crate) fn all() -> Result<Vec<String>, String> {
    let samples = feishu_events_turns::samples()?.into_iter();
    Ok(samples.map(|sample| sample.json).collect())
}

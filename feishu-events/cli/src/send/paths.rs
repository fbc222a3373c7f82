//! The paths of values that a payload can have, for `--set`.

use feishu_events::{Envelope, Report, ReportKind};
use miette::{IntoDiagnostic, Result, miette};
use serde_json::Value;

/// Looks at a payload with values that were set in it, as a receiver would; gives what of it is not
/// as documented, and is sent nevertheless.
///
/// # Errors
/// A value at a path that is not documented: it would be sent, and no handler would see it.
pub(crate) fn check(json: &str, sample: &Value) -> Result<Vec<Report>> {
    let envelope = Envelope::from_slice(json.as_bytes()).into_diagnostic()?;
    for report in &envelope.reports {
        if report.kind == ReportKind::Undocumented {
            return Err(undocumented(&report.path, sample));
        }
    }
    Ok(envelope.reports)
}

fn undocumented(pointer: &str, sample: &Value) -> miette::Report {
    let path = pointer.trim_start_matches('/').replace('/', ".");
    let mut known = Vec::new();
    paths(sample, "", &mut known);
    let near = known
        .into_iter()
        .map(|known| (strsim::damerau_levenshtein(&known, &path), known))
        .min()
        .filter(|(distance, _)| *distance <= path.len() / 3);
    let suggestion = match near {
        Some((_, near)) => format!("did you mean `{near}`? "),
        None => String::new(),
    };
    miette!(
        help = format!(
            "{suggestion}--print shows all fields; a payload with other fields can be sent with \
             --payload FILE"
        ),
        "no field is documented at `{path}`"
    )
}

/// The paths of all values in a payload.
fn paths(value: &Value, above: &str, found: &mut Vec<String>) {
    let mut inside = |name: &str, value: &Value| {
        let path = if above.is_empty() {
            name.to_owned()
        } else {
            format!("{above}.{name}")
        };
        paths(value, &path, found);
        found.push(path);
    };
    match value {
        Value::Object(members) => members.iter().for_each(|(name, value)| inside(name, value)),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .for_each(|(index, item)| inside(&index.to_string(), item)),
        _ => {}
    }
}

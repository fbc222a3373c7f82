//! The documented samples, which most measurements are made with.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::value::RawValue;

/// An event as a page of the documentation shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentedSample {
    /// Its event type.
    pub event_type: String,
    /// The whole payload, its members in the platform's order, which a parsed value would lose.
    pub json: String,
}

/// All samples, from `samples.jsonl` in the folder that `FEISHU_DOCS` names.
///
/// # Errors
/// Why there are none, and what makes them.
pub fn samples() -> Result<Vec<DocumentedSample>, String> {
    // Without a folder of its own it would write over the schemas of the repository.
    let make = "`cargo xtask scrape <folder of pages> --out target/schemas --samples <file>` \
                makes one";
    let Some(docs) = std::env::var_os("FEISHU_DOCS") else {
        return Err(format!(
            "FEISHU_DOCS names no folder with a samples.jsonl; {make}"
        ));
    };
    let file = PathBuf::from(docs).join("samples.jsonl");
    let text = std::fs::read_to_string(&file)
        .map_err(|error| format!("{} can't be read: {error}; {make}", file.display()))?;
    parse(&file, &text)
}

/// All samples, without their names.
///
/// # Errors
/// Why there are none.
pub fn sample_texts() -> Result<Vec<String>, String> {
    let samples = samples()?.into_iter();
    Ok(samples.map(|sample| sample.json).collect())
}

/// Reads the lines of `file`.
fn parse(file: &Path, text: &str) -> Result<Vec<DocumentedSample>, String> {
    let sample = |(at, line): (usize, &str)| {
        read(line).map_err(|why| format!("{}:{}: {why}", file.display(), at + 1))
    };
    let samples: Vec<_> = text
        .lines()
        .enumerate()
        .map(sample)
        .collect::<Result<_, _>>()?;
    if samples.is_empty() {
        return Err(format!("{} has no sample in it", file.display()));
    }
    Ok(samples)
}

fn read(line: &str) -> Result<DocumentedSample, String> {
    let members: BTreeMap<String, Box<RawValue>> =
        serde_json::from_str(line).map_err(|error| error.to_string())?;
    let member = |key: &str| {
        let member = members.get(key);
        member
            .map(|value| value.get())
            .ok_or_else(|| format!("there is no `{key}`"))
    };
    let event_type = serde_json::from_str(member("type")?);
    Ok(DocumentedSample {
        event_type: event_type.map_err(|error| format!("`type`: {error}"))?,
        json: member("body")?.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_is_as_it_stands() {
        let text = r#"{"type":"a.b_v1","page":"x.md","body":{"z":1,"a":{"y":2.50,"b":null}}}"#;
        let samples = parse(Path::new("s"), text).unwrap();
        assert_eq!(samples[0].event_type, "a.b_v1");
        assert_eq!(samples[0].json, r#"{"z":1,"a":{"y":2.50,"b":null}}"#);
    }

    #[test]
    fn what_is_no_sample_is_named_with_its_line() {
        for (text, why) in [
            ("", "s has no sample in it"),
            ("{\"type\":\"a\",\"body\":{}}\n{", "s:2: EOF"),
            ("{\"type\":\"a\"}", "s:1: there is no `body`"),
            ("{\"body\":{}}", "s:1: there is no `type`"),
            ("{\"type\":5,\"body\":{}}", "s:1: `type`: invalid type"),
        ] {
            let error = parse(Path::new("s"), text).unwrap_err();
            assert!(error.starts_with(why), "{text}: {error}");
        }
    }
}

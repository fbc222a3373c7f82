//! Parses responses of the portal.

use serde_json::Value;

use crate::fault::{Fault, is_invisible, shown};

/// A page as the detail API gives it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Answer {
    /// Empty if the portal gives none.
    pub(crate) title: String,
    /// The page's own path, which may differ from the directory's.
    pub(crate) path: Option<String>,
    /// When it was last changed, in milliseconds since 1970.
    pub(crate) updated: Option<String>,
    /// The text, in the portal's raw form.
    pub(crate) content: String,
}

/// The member `data`, if the portal reports success.
pub(crate) fn data(body: &[u8]) -> Result<Value, Fault> {
    let mut answer: Value = serde_json::from_slice(body).map_err(|error| {
        let start = &body[..body.len().min(60)];
        Fault::NotJson {
            what: error.to_string(),
            start: format!("`{}`", shown(&String::from_utf8_lossy(start))),
        }
    })?;
    match answer["code"].as_i64() {
        Some(0) => Ok(answer["data"].take()),
        Some(code) => Err(Fault::Code {
            code,
            msg: shown(answer["msg"].as_str().unwrap_or_default()),
        }),
        None => Err(Fault::Shape {
            what: "it has no `code`",
        }),
    }
}

/// The page in the answer; the older form nests it one level deeper.
pub(crate) fn page(mut data: Value) -> Result<Answer, Fault> {
    let mut document = match data.get_mut("document") {
        Some(document) if document.is_object() => document.take(),
        _ => data,
    };
    if !document.is_object() {
        return Err(Fault::Shape {
            what: "it has no page under `data`",
        });
    }
    let text = |key: &str| document[key].as_str().unwrap_or_default();
    if text("content").trim().is_empty() {
        return Err(match text("redirectUri").trim() {
            "" => Fault::Empty,
            to => Fault::Elsewhere { to: shown(to) },
        });
    }
    let named = [text("title"), text("name")].map(visible);
    let [title, name] = named;
    let path = Some(text("fullPath").to_owned()).filter(|path| path.starts_with('/'));
    let updated = time(&document["updateTime"]);
    let Value::String(content) = document["content"].take() else {
        return Err(Fault::Empty);
    };
    Ok(Answer {
        title: if title.is_empty() { name } else { title },
        path,
        updated,
        content,
    })
}

/// A time, which is a number or a string of digits.
pub(crate) fn time(value: &Value) -> Option<String> {
    let time = match value {
        Value::Number(number) => number.as_u64()?.to_string(),
        Value::String(digits) => digits.trim().to_owned(),
        _ => return None,
    };
    let digits = time.bytes().all(|byte| byte.is_ascii_digit());
    (digits && (1..=19).contains(&time.len())).then_some(time)
}

/// A name without invisible characters.
pub(crate) fn visible(name: &str) -> String {
    let seen: String = name.chars().filter(|c| !is_invisible(*c)).collect();
    seen.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: &str) -> Result<Answer, Fault> {
        page(data(body.as_bytes())?)
    }

    #[test]
    fn both_forms_hold_a_page() {
        let newer = r##"{"code":0,"msg":"ok","data":{"title":"","name":"A\u200b","fullPath":"/x","updateTime":5,"content":"# A"}}"##;
        let older = r##"{"code":0,"data":{"document":{"title":"A","fullPath":"/x","updateTime":"5","content":"# A"}}}"##;
        let expected = Answer {
            title: "A".to_owned(),
            path: Some("/x".to_owned()),
            updated: Some("5".to_owned()),
            content: "# A".to_owned(),
        };
        assert_eq!(read(newer), Ok(expected.clone()));
        assert_eq!(read(older), Ok(expected));
    }

    #[test]
    fn an_answer_without_a_page_is_an_error_that_says_why() {
        for (body, why) in [
            (
                r#"{"code":99,"msg":"\u001b[no","data":null}"#,
                "the portal answered with code 99: [no",
            ),
            (
                r#"{"code":0,"data":{"content":" \n"}}"#,
                "the page has no text",
            ),
            (
                r#"{"code":0,"data":{"content":"","redirectUri":"/y"}}"#,
                "the page only points to /y",
            ),
            (
                r#"{"code":0,"data":null}"#,
                "the answer does not have the form of the API: it has no page under `data`",
            ),
            (
                "[]",
                "the answer does not have the form of the API: it has no `code`",
            ),
            (
                "<html>",
                "the answer is not JSON: expected value at line 1 column 1; it starts with `<html>`",
            ),
        ] {
            assert_eq!(read(body).unwrap_err().to_string(), why, "{body}");
        }
    }

    #[test]
    fn a_time_is_digits_or_nothing() {
        for (json, expected) in [
            ("1728873850000", Some("1728873850000")),
            (r#""1728873850000""#, Some("1728873850000")),
            (r#""""#, None),
            (r#""1\n2""#, None),
            ("-1", None),
            ("null", None),
        ] {
            let value = serde_json::from_str(json).unwrap();
            assert_eq!(time(&value).as_deref(), expected, "{json}");
        }
    }
}

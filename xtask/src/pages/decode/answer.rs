//! An answer of the portal's detail API, saved to a file → the page in it.

use serde::Deserialize;
use serde_json::Value;

/// What the portal answers; the older form has the page one step further in.
#[derive(Deserialize)]
struct Answer {
    code: i64,
    #[serde(default)]
    msg: Option<String>,
    #[serde(default)]
    data: Option<Data>,
}

#[derive(Deserialize)]
struct Data {
    #[serde(default)]
    document: Option<Document>,
    #[serde(flatten)]
    own: Document,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Document {
    #[serde(default)]
    title: Option<String>,
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    full_path: Option<String>,
    #[serde(default)]
    update_time: Option<Value>,
    #[serde(default)]
    content: Option<String>,
}

/// The page in the answer, with what the answer tells about it on top; nothing if the text is no
/// such answer.
pub(in crate::pages::decode) fn page(text: &str) -> Option<Result<String, String>> {
    if !text.trim_start().starts_with('{') {
        return None;
    }
    let answer: Answer = serde_json::from_str(text).ok()?;
    if answer.code != 0 {
        let msg = answer.msg.unwrap_or_default();
        return Some(Err(format!(
            "the portal answered with code {}: {msg}",
            answer.code
        )));
    }
    let data = answer.data?;
    let document = data.document.unwrap_or(data.own);
    let content = document
        .content
        .filter(|content| !content.trim().is_empty());
    let Some(content) = content else {
        return Some(Err("the portal's answer holds no page".to_owned()));
    };
    if content.trim_start().starts_with("---\n") {
        return Some(Ok(content));
    }
    let title = document.title.filter(|title| !title.is_empty());
    let time = document.update_time.map(|time| match time {
        Value::String(digits) => digits,
        other => other.to_string(),
    });
    let mut page = "---\n".to_owned();
    for (key, value) in [
        ("title", title.or(document.name)),
        ("fullPath", document.full_path),
        ("updateTime", time),
    ] {
        if let Some(value) = value {
            page += &format!("{key}: {}\n", Value::from(value));
        }
    }
    Some(Ok(page + "---\n" + &content))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_of_the_answer_hold_a_page() {
        for text in [
            r##"{"code":0,"data":{"title":"","name":"A","fullPath":"/x","updateTime":5,"content":"# A"}}"##,
            r##"{"code":0,"data":{"document":{"title":"A","fullPath":"/x","updateTime":"5","content":"# A"}}}"##,
        ] {
            let page = page(text).unwrap().unwrap();
            assert_eq!(
                page,
                "---\ntitle: \"A\"\nfullPath: \"/x\"\nupdateTime: \"5\"\n---\n# A"
            );
        }
    }

    #[test]
    fn refusals_and_other_json_differ() {
        let refused = page(r#"{"code":404,"msg":"gone","data":null}"#).unwrap();
        assert_eq!(
            refused.unwrap_err(),
            "the portal answered with code 404: gone"
        );
        assert!(
            page(r#"{"code":0,"data":{"content":" "}}"#)
                .unwrap()
                .is_err()
        );
        assert!(page(r#"{"schema":"2.0","header":{}}"#).is_none());
        assert!(page("# A").is_none());
    }
}

//! Tokens → value. Whatever stands there, something is read, and each repair is reported.

use std::ops::Range;

use super::lexer::{self, Spanned, Token};
use super::{Data, Member, Repair, Sample, Value, notes};

/// No event is nested nearly as deep; the limit keeps hostile pages from exhausting the stack.
const DEEPEST: usize = 64;
/// Text with more places to mend than this is not JSON at all, and listing them helps nobody.
const MOST_REPAIRS: usize = 20;

/// Reads the sample `text`, which stands at `offset` in its page; nothing if it holds no value.
pub(crate) fn parse(text: &str, offset: usize) -> Option<Sample> {
    let mut repairs = Vec::new();
    let mut comments = Vec::new();
    let tokens = lexer::tokens(text, offset, &mut repairs, &mut comments);
    let mut parser = Parser {
        tokens: &tokens,
        at: 0,
        open: Vec::new(),
        end: offset + text.len(),
        repairs,
        ends_early: false,
    };
    parser.peek()?;
    let mut value = parser.value();
    let lines = text.match_indices('\n').map(|(at, _)| offset + at + 1);
    notes::attach(&mut value, comments, &lines.collect::<Vec<_>>());
    if parser.peek().is_some() {
        parser.repair("text behind the end of the JSON");
    }
    let mut repairs = parser.repairs;
    repairs.sort_by_key(|repair| repair.span.start);
    repairs.truncate(MOST_REPAIRS);
    Some(Sample { value, repairs })
}

struct Parser<'t> {
    tokens: &'t [Spanned],
    at: usize,
    /// The brackets that are open and still to be closed, by their closing form.
    open: Vec<char>,
    end: usize,
    repairs: Vec<Repair>,
    /// Whether the text has ended with brackets open.
    ends_early: bool,
}

impl Parser<'_> {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at).map(|spanned| &spanned.token)
    }

    /// Where the next token stands.
    fn here(&self) -> Range<usize> {
        self.tokens
            .get(self.at)
            .map_or(self.end..self.end, |spanned| spanned.span.clone())
    }

    fn repair(&mut self, what: &str) {
        let repair = Repair {
            span: self.here(),
            what: what.to_owned(),
        };
        // Each open container meets the same early end; it is reported once.
        if self.repairs.last() != Some(&repair) {
            self.repairs.push(repair);
        }
    }

    fn skip(&mut self, punctuation: char) -> bool {
        let found = self.peek() == Some(&Token::Punctuation(punctuation));
        self.at += usize::from(found);
        found
    }

    fn value(&mut self) -> Value {
        let span = self.here();
        let data = match self.peek().cloned() {
            Some(Token::Punctuation(open @ ('{' | '['))) => return self.container(open),
            Some(Token::String(text)) => Data::String(text),
            Some(Token::Word(word)) => self.word(word),
            Some(Token::Punctuation(_)) | None => {
                self.repair("no value where one belongs");
                return Value {
                    data: Data::Null,
                    span: span.start..span.start,
                    is_cut_off: false,
                };
            }
        };
        self.at += 1;
        Value {
            data,
            span,
            is_cut_off: false,
        }
    }

    fn word(&mut self, word: String) -> Data {
        match word.as_str() {
            "null" => Data::Null,
            "true" => Data::Bool(true),
            "false" => Data::Bool(false),
            "None" | "True" | "False" => {
                self.repair("a word of Python for a value");
                match word.as_str() {
                    "None" => Data::Null,
                    word => Data::Bool(word == "True"),
                }
            }
            number if serde_json::from_str::<serde_json::Number>(number).is_ok() => {
                Data::Number(word)
            }
            _ => {
                self.repair("a value without quotes");
                Data::Words(word)
            }
        }
    }

    fn container(&mut self, open: char) -> Value {
        let start = self.here().start;
        if self.open.len() >= DEEPEST {
            self.repair("nested too deep, not read");
            self.skip_balanced();
            return Value {
                data: Data::Null,
                span: start..self.here().start,
                is_cut_off: false,
            };
        }
        self.at += 1;
        self.open.push(if open == '{' { '}' } else { ']' });
        let data = if open == '{' {
            Data::Object(self.members())
        } else {
            Data::Array(self.elements())
        };
        self.open.pop();
        let last = self
            .at
            .checked_sub(1)
            .and_then(|last| self.tokens.get(last));
        Value {
            data,
            span: start..last.map_or(start, |last| last.span.end),
            is_cut_off: self.ends_early,
        }
    }

    fn members(&mut self) -> Vec<Member> {
        let mut members = Vec::new();
        while !self.at_end('}') {
            if self.skip(',') {
                continue;
            }
            let span = self.here();
            let Some(Token::String(key) | Token::Word(key)) = self.peek().cloned() else {
                self.repair("no key where one belongs");
                // A value without a key is read and dropped, so that its end is found.
                let before = self.at;
                self.value();
                self.at = self.at.max(before + 1);
                continue;
            };
            self.at += 1;
            let value = if self.skip(':') {
                self.value()
            } else {
                self.repair("no colon behind a key");
                Value {
                    data: Data::Null,
                    span: span.clone(),
                    is_cut_off: false,
                }
            };
            members.push(Member {
                key,
                span,
                value,
                note: None,
            });
            self.separator('}');
        }
        members
    }

    fn elements(&mut self) -> Vec<Value> {
        let mut elements = Vec::new();
        while !self.at_end(']') {
            if self.skip(',') {
                continue;
            }
            if self.peek() == Some(&Token::Punctuation(':')) {
                self.repair("a colon in an array");
                self.at += 1;
                continue;
            }
            elements.push(self.value());
            self.separator(']');
        }
        elements
    }

    /// Whether the innermost container ends here; takes its closing bracket.
    fn at_end(&mut self, close: char) -> bool {
        match self.peek() {
            None => {
                self.repair("the JSON ends early");
                self.ends_early = true;
                true
            }
            Some(Token::Punctuation(found @ ('}' | ']'))) => {
                let found = *found;
                if found == close {
                    self.at += 1;
                    return true;
                }
                self.repair("another closing bracket than the one that belongs here");
                // If an outer container waits for it, this one's bracket is missing.
                if self.open.contains(&found) {
                    return true;
                }
                self.at += 1;
                self.at_end_after_stray(close)
            }
            Some(_) => false,
        }
    }

    /// Skips further stray brackets in a loop: there may be as many as the page is long.
    fn at_end_after_stray(&mut self, close: char) -> bool {
        let stray = if close == '}' { ']' } else { '}' };
        while self.skip(stray) {}
        self.skip(close) || self.peek().is_none()
    }

    fn separator(&mut self, close: char) {
        let missing = match self.peek() {
            Some(Token::Punctuation(c)) => !(matches!(c, ',' | '}' | ']') || *c == close),
            Some(Token::String(_) | Token::Word(_)) => true,
            None => false,
        };
        if missing {
            self.repair("no comma between two values");
        }
    }

    /// Skips a container without recursion.
    fn skip_balanced(&mut self) {
        let mut depth = 0_usize;
        while let Some(token) = self.peek() {
            match token {
                Token::Punctuation('{' | '[') => depth += 1,
                Token::Punctuation('}' | ']') => depth -= 1,
                _ => {}
            }
            self.at += 1;
            if depth == 0 {
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(value: &Value) -> String {
        let list = |values: Vec<String>| values.join(",");
        match &value.data {
            Data::Null => "null".to_owned(),
            Data::Bool(value) => value.to_string(),
            Data::Number(number) => number.clone(),
            Data::String(text) => format!("{text:?}"),
            Data::Words(words) => format!("<{words}>"),
            Data::Array(elements) => format!("[{}]", list(elements.iter().map(shown).collect())),
            Data::Object(members) => {
                let member = |member: &Member| format!("{}:{}", member.key, shown(&member.value));
                format!("{{{}}}", list(members.iter().map(member).collect()))
            }
        }
    }

    fn read(text: &str) -> (String, Vec<String>) {
        let sample = parse(text, 0).unwrap();
        let repairs = sample.repairs.into_iter().map(|repair| repair.what);
        (shown(&sample.value), repairs.collect())
    }

    #[test]
    fn json_is_read_as_it_is() {
        let text = r#"{"a": [1, -2.5e3, {"b": []}], "c": null, "d": true, "e": "x",}"#;
        let (value, repairs) = read(text);
        assert_eq!(value, r#"{a:[1,-2.5e3,{b:[]}],c:null,d:true,e:"x"}"#);
        assert_eq!(repairs, Vec::<String>::new());
    }

    #[test]
    fn what_is_not_json_is_repaired_and_reported() {
        for (text, value, repair) in [
            (
                r#"{"a": "1" "b": 2}"#,
                r#"{a:"1",b:2}"#,
                "no comma between two values",
            ),
            (
                r#"{"a": some id, "b": 2}"#,
                "{a:<some id>,b:2}",
                "a value without quotes",
            ),
            (
                r#"{"a": , "b": 2}"#,
                "{a:null,b:2}",
                "no value where one belongs",
            ),
            (r#"{"a" "b": 2}"#, "{a:null,b:2}", "no colon behind a key"),
            (
                r#"{"a": [1, 2, "b": 2}"#,
                r#"{a:[1,2,"b",2]}"#,
                "a colon in an array",
            ),
            (
                r#"{"a": {"b": [1}, "c": 2}"#,
                "{a:{b:[1]},c:2}",
                "another closing bracket",
            ),
            (
                r#"{"a": 1]]], "b": 2}"#,
                "{a:1,b:2}",
                "another closing bracket",
            ),
            (r#"{"a": [1"#, "{a:[1]}", "the JSON ends early"),
            (r#"{"a": 1} }"#, "{a:1}", "text behind the end"),
            (r#"{{"a": 1}, "b": 2}"#, "{b:2}", "no key where one belongs"),
        ] {
            let (read, repairs) = read(text);
            assert_eq!(read, value, "{text}");
            assert!(
                repairs.iter().any(|found| found.starts_with(repair)),
                "{text}: {repairs:?}"
            );
        }
        assert!(parse(" // nothing\n", 0).is_none());
    }

    #[test]
    fn depth_is_bounded() {
        for text in ["[".repeat(100_000), "{\"a\":".repeat(100_000)] {
            let sample = parse(&text, 0).unwrap();
            assert!(
                sample
                    .repairs
                    .iter()
                    .any(|repair| repair.what.starts_with("nested too deep"))
            );
        }
        assert!(parse(&"[{".repeat(100_000), 0).is_some());
        assert!(parse(&"]}".repeat(100_000), 0).is_some());
        assert!(parse(&format!("[{}", "}".repeat(100_000)), 0).is_some());
    }
}

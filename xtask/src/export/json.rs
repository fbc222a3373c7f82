//! JSON whose members stay in the order in which they were added, and its one way to be written.

use serde_json::Value;

/// The most characters of a line, unless a single value has more.
const WIDTH: usize = 120;

/// A JSON value.
#[derive(Debug, Clone, PartialEq)]
pub enum Json {
    /// A value without members.
    Plain(Value),
    /// A list.
    List(Vec<Json>),
    /// An object.
    Object(Object),
}

/// A JSON object: its members in the order in which they were added.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Object(Vec<(String, Json)>);

impl Object {
    /// An object without members.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a member.
    #[must_use]
    pub fn with(mut self, key: impl Into<String>, value: impl Into<Json>) -> Self {
        self.push(key, value);
        self
    }

    /// Adds a member, if there is a value for it.
    #[must_use]
    pub fn with_some(self, key: &str, value: Option<impl Into<Json>>) -> Self {
        match value {
            Some(value) => self.with(key, value),
            None => self,
        }
    }

    /// Adds a member with a list, if the list is not empty.
    #[must_use]
    pub fn with_list<T: Into<Json>>(self, key: &str, items: impl IntoIterator<Item = T>) -> Self {
        let items: Vec<Json> = items.into_iter().map(Into::into).collect();
        if items.is_empty() {
            self
        } else {
            self.with(key, Json::List(items))
        }
    }

    /// Adds all members of another object.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.0.extend(other.0);
        self
    }

    /// Adds a member.
    pub fn push(&mut self, key: impl Into<String>, value: impl Into<Json>) {
        self.0.push((key.into(), value.into()));
    }

    /// A schema of an object with `properties` in front of its own, some of them required. Of two
    /// of one name, its own stays unless the other is required.
    #[must_use]
    pub fn with_properties(&self, properties: Self, required: &[&str]) -> Self {
        let mut schema = self.clone();
        if let Some((_, Json::Object(own))) =
            schema.0.iter_mut().find(|(key, _)| key == "properties")
        {
            let more = properties.0.into_iter();
            let more: Vec<_> = more
                .filter(|(name, _)| required.contains(&name.as_str()) || !own.has(name))
                .collect();
            own.0.retain(|(name, _)| !required.contains(&name.as_str()));
            own.0.splice(0..0, more);
        }
        schema.with("required", strings(required))
    }

    /// Whether there is a member of this name.
    pub fn has(&self, key: &str) -> bool {
        self.0.iter().any(|(name, _)| name == key)
    }

    /// The object that is the member of this name.
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.0.iter().find_map(|(name, value)| match value {
            Json::Object(object) if name == key => Some(object),
            _ => None,
        })
    }

    /// The members that are objects, with their names.
    pub fn into_objects(self) -> impl Iterator<Item = (String, Self)> {
        self.0.into_iter().filter_map(|(name, value)| match value {
            Json::Object(object) => Some((name, object)),
            _ => None,
        })
    }

    /// The members whose names `keep` selects.
    #[must_use]
    pub fn filtered(&self, keep: impl Fn(&str) -> bool) -> Self {
        let members = self.0.iter().filter(|(name, _)| keep(name));
        Self(members.cloned().collect())
    }

    /// The names of the definitions that this refers to, each once.
    pub fn references(&self) -> Vec<String> {
        let mut names = Vec::new();
        for (key, value) in &self.0 {
            match value {
                Json::Plain(Value::String(address)) if key == "$ref" => {
                    names.extend(address.rsplit('/').next().map(str::to_owned));
                }
                value => collect(value, &mut names),
            }
        }
        names.sort();
        names.dedup();
        names
    }

    /// Whether there are no members.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The text of a file: what fits into a line is on one, so that a change is a few lines of a
    /// diff; the same members give the same bytes.
    pub fn to_text(&self) -> String {
        let mut text = String::new();
        write(&Json::Object(self.clone()), 0, 0, &mut text);
        text + "\n"
    }
}

impl Object {
    /// All on one line, without spaces: for programs.
    pub fn to_line(&self) -> String {
        let members = self.0.iter();
        let members = members
            .map(|(key, value)| format!("{}:{}", Value::from(key.as_str()), minified(value)));
        format!("{{{}}}", members.collect::<Vec<_>>().join(","))
    }
}

impl From<Object> for Json {
    fn from(object: Object) -> Self {
        Self::Object(object)
    }
}

impl From<Vec<Json>> for Json {
    fn from(items: Vec<Json>) -> Self {
        Self::List(items)
    }
}

impl From<Vec<Object>> for Json {
    fn from(items: Vec<Object>) -> Self {
        Self::List(items.into_iter().map(Self::Object).collect())
    }
}

macro_rules! plain {
    ($($type:ty)*) => {$(
        impl From<$type> for Json {
            fn from(value: $type) -> Self {
                Self::Plain(Value::from(value))
            }
        }
    )*};
}

plain!(&str String bool i64 u64 Value);

impl From<&String> for Json {
    fn from(text: &String) -> Self {
        Self::from(text.as_str())
    }
}

fn collect(value: &Json, names: &mut Vec<String>) {
    match value {
        Json::Plain(_) => {}
        Json::List(items) => items.iter().for_each(|item| collect(item, names)),
        Json::Object(object) => names.extend(object.references()),
    }
}

/// A list of strings.
pub fn strings<S: AsRef<str>>(items: impl IntoIterator<Item = S>) -> Json {
    let items = items.into_iter().map(|item| Json::from(item.as_ref()));
    Json::List(items.collect())
}

fn write(json: &Json, indent: usize, before: usize, out: &mut String) {
    let line = compact(json);
    if indent + before + line.chars().count() <= WIDTH {
        *out += &line;
        return;
    }
    let inner = indent + 2;
    match json {
        Json::List(items) if !items.is_empty() => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                start_line(index, inner, out);
                write(item, inner, 1, out);
            }
            end_line(indent, ']', out);
        }
        Json::Object(Object(members)) if !members.is_empty() => {
            out.push('{');
            for (index, (key, value)) in members.iter().enumerate() {
                start_line(index, inner, out);
                let key = format!("{}: ", Value::from(key.as_str()));
                *out += &key;
                write(value, inner, key.chars().count() + 1, out);
            }
            end_line(indent, '}', out);
        }
        _ => *out += &line,
    }
}

fn start_line(index: usize, indent: usize, out: &mut String) {
    *out += if index == 0 { "\n" } else { ",\n" };
    *out += &" ".repeat(indent);
}

fn end_line(indent: usize, bracket: char, out: &mut String) {
    out.push('\n');
    *out += &" ".repeat(indent);
    out.push(bracket);
}

fn minified(json: &Json) -> String {
    match json {
        Json::Plain(value) => value.to_string(),
        Json::List(items) => {
            let items: Vec<String> = items.iter().map(minified).collect();
            format!("[{}]", items.join(","))
        }
        Json::Object(object) => object.to_line(),
    }
}

fn compact(json: &Json) -> String {
    match json {
        Json::Plain(value) => value.to_string(),
        Json::List(items) => {
            let items: Vec<String> = items.iter().map(compact).collect();
            format!("[{}]", items.join(", "))
        }
        Json::Object(Object(members)) if members.is_empty() => "{}".to_owned(),
        Json::Object(Object(members)) => {
            let members = members
                .iter()
                .map(|(key, value)| format!("{}: {}", Value::from(key.as_str()), compact(value)));
            let members: Vec<String> = members.collect();
            format!("{{ {} }}", members.join(", "))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fits_into_a_line_is_on_one_and_members_stay_in_order() {
        let long = "x".repeat(WIDTH);
        let object = Object::new()
            .with("b", Object::new().with("type", "string"))
            .with("a", strings(["1", long.as_str()]))
            .with("empty", Object::new());
        let expected = format!(
            "{{\n  \"b\": {{ \"type\": \"string\" }},\n  \"a\": [\n    \"1\",\n    \"{long}\"\n  ],\n  \"empty\": {{}}\n}}\n"
        );
        assert_eq!(object.to_text(), expected);
        let value: Value = serde_json::from_str(&expected).unwrap();
        assert_eq!(value["a"][0], "1");
    }
}

//! The page's own JSON, read as leniently as people write it.

mod lexer;
mod notes;
mod parser;
mod shown;

use std::ops::Range;

pub(crate) use parser::parse;
pub(crate) use shown::{ArrayOf, Shown, shown_type};

/// A sample and what had to be mended to read it.
#[derive(Debug)]
pub(crate) struct Sample {
    pub(crate) value: Value,
    pub(crate) repairs: Vec<Repair>,
}

impl Sample {
    /// Moves all places to one.
    pub(crate) fn stand_at(&mut self, place: &Range<usize>) {
        for repair in &mut self.repairs {
            repair.span = place.clone();
        }
        self.value.stand_at(place);
    }
}

/// A place that is not JSON, and how it was read.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Repair {
    pub(crate) span: Range<usize>,
    pub(crate) what: String,
}

/// A value and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Value {
    pub(crate) data: Data,
    pub(crate) span: Range<usize>,
    /// Whether the text ends inside it: it may have had more members or elements.
    pub(crate) is_cut_off: bool,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Data {
    /// `null`, or no value where one belongs.
    Null,
    Bool(bool),
    /// A number as it stands.
    Number(String),
    String(String),
    Array(Vec<Value>),
    Object(Vec<Member>),
    /// Words without quotes: they stand for a value and don't tell its type.
    Words(String),
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Member {
    pub(crate) key: String,
    pub(crate) span: Range<usize>,
    pub(crate) value: Value,
    /// The comment behind it, which says what the field is.
    pub(crate) note: Option<String>,
}

impl Value {
    /// The notes of all members inside and where the members start, an outer one before the inner
    /// ones.
    pub(crate) fn visit_notes<'v>(
        &'v mut self,
        visit: &mut dyn FnMut(&'v mut Option<String>, usize),
    ) {
        match &mut self.data {
            Data::Array(elements) => elements
                .iter_mut()
                .for_each(|value| value.visit_notes(visit)),
            Data::Object(members) => {
                for member in members {
                    visit(&mut member.note, member.span.start);
                    member.value.visit_notes(visit);
                }
            }
            _ => {}
        }
    }

    /// As deep as the parser reads, so the recursion ends.
    fn stand_at(&mut self, place: &Range<usize>) {
        self.span = place.clone();
        match &mut self.data {
            Data::Array(elements) => elements.iter_mut().for_each(|value| value.stand_at(place)),
            Data::Object(members) => {
                for member in members {
                    member.span = place.clone();
                    member.value.stand_at(place);
                }
            }
            _ => {}
        }
    }

    /// The member `key` of an object.
    pub(crate) fn get(&self, key: &str) -> Option<&Value> {
        self.members()
            .iter()
            .find(|member| member.key == key)
            .map(|member| &member.value)
    }

    /// The value as JSON; words without quotes become a string.
    pub(crate) fn to_json(&self) -> serde_json::Value {
        match &self.data {
            Data::Null => serde_json::Value::Null,
            Data::Bool(boolean) => (*boolean).into(),
            Data::Number(number) => serde_json::from_str(number)
                .unwrap_or_else(|_| serde_json::Value::from(number.as_str())),
            Data::String(text) | Data::Words(text) => text.as_str().into(),
            Data::Array(elements) => elements.iter().map(Self::to_json).collect(),
            Data::Object(members) => {
                let members = members.iter();
                members
                    .map(|member| (member.key.clone(), member.value.to_json()))
                    .collect()
            }
        }
    }

    /// The value as JSON in one line, its members in their order; words without quotes become a
    /// string.
    pub(crate) fn to_line(&self) -> String {
        let list = |values: Vec<String>| values.join(",");
        match &self.data {
            Data::Array(elements) => {
                format!("[{}]", list(elements.iter().map(Self::to_line).collect()))
            }
            Data::Object(members) => {
                let member = |member: &Member| {
                    let key = serde_json::Value::from(member.key.as_str());
                    format!("{key}:{}", member.value.to_line())
                };
                format!("{{{}}}", list(members.iter().map(member).collect()))
            }
            // As it stands: a number of JSON, perhaps with more digits than a computer counts.
            Data::Number(number) => number.clone(),
            _ => self.to_json().to_string(),
        }
    }

    /// An object's members; none for other values.
    pub(crate) fn members(&self) -> &[Member] {
        match &self.data {
            Data::Object(members) => members,
            _ => &[],
        }
    }

    pub(crate) fn as_str(&self) -> Option<&str> {
        match &self.data {
            Data::String(text) => Some(text),
            _ => None,
        }
    }

    /// The objects that stand here, in however many arrays.
    pub(crate) fn objects(&self) -> Vec<&Value> {
        match &self.data {
            Data::Object(_) => vec![self],
            Data::Array(elements) => elements.iter().flat_map(Self::objects).collect(),
            _ => Vec::new(),
        }
    }

    /// Whether this is a value that can't have fields; nothing is known of what isn't there.
    pub(crate) fn is_scalar(&self) -> bool {
        matches!(self.data, Data::Bool(_) | Data::Number(_) | Data::String(_))
    }

    /// The scalar values here, in however many arrays.
    pub(crate) fn scalars(&self) -> Vec<&Value> {
        match &self.data {
            Data::Object(_) => Vec::new(),
            Data::Array(elements) => elements.iter().flat_map(Self::scalars).collect(),
            _ => vec![self],
        }
    }
}

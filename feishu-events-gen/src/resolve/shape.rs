//! What a documented row can contain, according to its type, the rows inside it and the page's sample.

use crate::error::{Error, Result};
use crate::model::Type;
use crate::schema::Scalar;
use crate::schema_set::SchemaFile;
use crate::tree::{Node, nest};

/// The shape of a value.
pub(super) enum Shape<'a> {
    /// A value without documented members.
    Plain(Type),
    /// A list of such values.
    List(Box<Shape<'a>>),
    /// An object with documented members.
    Object(ObjectShape<'a>),
}

/// An object with documented members.
pub(super) struct ObjectShape<'a> {
    /// The documented name of the type, if it is one.
    pub(super) documented: Option<&'a str>,
    /// The members, in document order.
    pub(super) members: Vec<Member<'a>>,
}

/// A member of an object.
pub(super) struct Member<'a> {
    /// Its row, and the rows inside it.
    pub(super) node: Node<'a>,
    /// The shape of its value.
    pub(super) shape: Shape<'a>,
}

/// The shape of the object that the envelope carries as `event`.
pub(super) fn payload_shape(file: &SchemaFile) -> Result<ObjectShape<'_>> {
    let roots = nest(&file.schema.fields);
    let event = roots
        .into_iter()
        .find(|node| node.row.name == "event")
        .ok_or_else(|| Error::Event {
            path: file.path.clone(),
            problem: "no row at level 0 is named `event`".to_owned(),
        })?;
    Ok(object_shape(None, event.children))
}

fn object_shape<'a>(documented: Option<&'a str>, children: Vec<Node<'a>>) -> ObjectShape<'a> {
    let members = children.into_iter().map(|node| Member {
        shape: shape(&node),
        node,
    });
    ObjectShape {
        documented,
        members: members.collect(),
    }
}

fn shape<'a>(node: &Node<'a>) -> Shape<'a> {
    let documented = Spelled::read(&node.row.type_name);
    let sample = node.row.sample_type.as_deref().map(Spelled::read);
    if node.children.is_empty() {
        return leaf(&documented, sample.as_ref());
    }
    if let Some(map) = documented.map_of(&node.children) {
        return Shape::Plain(map);
    }
    let list = match &sample {
        // The reader accepts a single object as a list of one, but not a list as an object.
        Some(sample) if sample.is_object() && documented.scalar().is_none() => {
            sample.is_list || documented.is_list
        }
        Some(sample) if sample.is_object() => sample.is_list,
        // Rows inside a scalar, and a sample that does not decide it: anything may arrive.
        _ if documented.is_list && documented.scalar().is_some() => {
            return Shape::Plain(Type::Mixed);
        }
        _ if documented.scalar().is_some() => return Shape::Plain(Type::Json),
        _ => documented.is_list,
    };
    let object = object_shape(documented.type_name(), node.children.clone());
    if list {
        Shape::List(Box::new(Shape::Object(object)))
    } else {
        Shape::Object(object)
    }
}

/// The shape of a row without rows inside it.
fn leaf<'a>(documented: &Spelled<'_>, sample: Option<&Spelled<'_>>) -> Shape<'a> {
    let are_plain = |a: &Spelled<'_>, b: &Spelled<'_>| a.scalar().is_some() && b.scalar().is_some();
    if sample.is_some_and(|s| s.is_list != documented.is_list && are_plain(s, documented)) {
        return Shape::Plain(Type::Mixed);
    }
    // A sample shows only one value: it decides between list and object, and what a vague type
    // contains. Of two scalars, the documented one is used; the reader converts the other.
    let spelled = match sample {
        Some(sample) if documented.scalar().is_none() || documented.is_list != sample.is_list => {
            sample
        }
        Some(sample) if sample.is_object() => sample,
        _ => documented,
    };
    let item = Shape::Plain(spelled.scalar().unwrap_or(Type::Json));
    if spelled.is_list {
        Shape::List(Box::new(item))
    } else {
        item
    }
}

/// The types that a schema may use, in their usual spelling, besides names of objects.
pub(super) const TYPES: [&str; 8] = [
    "string",
    "int",
    "float",
    "boolean",
    "object",
    "list",
    "map<string, string>",
    "any",
];

/// Whether this is a type that needs no rows inside it.
pub(super) fn is_type(spelled: &str) -> bool {
    let spelled = Spelled::read(spelled);
    if let Some(value) = spelled.map_value_name() {
        return is_type(value);
    }
    // `object/ string`: the author of a card may write a button's value in either form.
    let is_anything = ["any", "object/ string"].contains(&spelled.name);
    is_anything || spelled.type_name().is_none()
}

/// A type as spelled in the documentation, parsed.
struct Spelled<'a> {
    name: &'a str,
    is_list: bool,
}

impl<'a> Spelled<'a> {
    fn read(spelled: &'a str) -> Self {
        let name = spelled.trim();
        match name.strip_suffix("[]") {
            Some(item) => Self {
                name: item.trim_end(),
                is_list: true,
            },
            None => Self {
                name,
                is_list: matches!(name, "list" | "array"),
            },
        }
    }

    fn scalar(&self) -> Option<Type> {
        if let Some(value) = self.map_value() {
            return Some(Type::Map(Box::new(value)));
        }
        let mut forms: Vec<&str> = self.name.split('|').map(str::trim).collect();
        forms.sort_unstable();
        match forms.as_slice() {
            ["string", "user_id"] => return Some(Type::PersonId),
            ["list", "string"] => return Some(Type::Mixed),
            _ => {}
        }
        Scalar::documented(self.name).map(|scalar| match scalar {
            Scalar::String => Type::String,
            Scalar::Int => Type::Int,
            Scalar::Float => Type::Float,
            Scalar::Bool => Type::Bool,
        })
    }

    fn is_object(&self) -> bool {
        self.name == "object"
    }

    /// The map, if the rows inside describe only its keys and values.
    fn map_of(&self, children: &[Node<'_>]) -> Option<Type> {
        let value = self.map_value()?;
        let is_entry = |node: &Node<'_>| {
            matches!(node.row.name.as_str(), "key" | "value") && node.children.is_empty()
        };
        children
            .iter()
            .all(is_entry)
            .then(|| Type::Map(Box::new(value)))
    }

    /// `map<string, int>` → `int`.
    fn map_value_name(&self) -> Option<&'a str> {
        let inner = self.name.strip_prefix("map<")?.strip_suffix('>')?;
        inner.split_once(',').map(|(_, value)| value.trim())
    }

    /// `map<string, int>` → the type of its values.
    fn map_value(&self) -> Option<Type> {
        let name = self.name.to_ascii_lowercase();
        let inner = name.strip_prefix("map<")?.strip_suffix('>')?;
        let (key, value) = inner.split_once(',')?;
        Scalar::documented(key.trim())?;
        let value = Spelled::read(value);
        let item = value.scalar().unwrap_or(Type::Json);
        Some(if value.is_list {
            Type::List(Box::new(item))
        } else {
            item
        })
    }

    /// The name of the type, unless it is a vague one such as `object`.
    fn type_name(&self) -> Option<&'a str> {
        let vague = [
            "object", "list", "array", "map", "struct", "json", "-", "/-", "",
        ];
        (!vague.contains(&self.name.to_ascii_lowercase().as_str()) && self.scalar().is_none())
            .then_some(self.name)
    }
}

impl ObjectShape<'_> {
    /// The members that need a scope, by JSON pointer.
    pub(super) fn field_scopes(&self) -> Vec<(String, Vec<String>)> {
        let mut found = Vec::new();
        self.collect_scopes("", &mut found);
        found
    }

    fn collect_scopes(&self, prefix: &str, found: &mut Vec<(String, Vec<String>)>) {
        for Member { node, shape } in &self.members {
            let path = format!("{prefix}/{}", node.row.name);
            if !node.row.scopes.is_empty() {
                found.push((path.clone(), node.row.scopes.clone()));
            }
            match shape {
                Shape::Object(object) => object.collect_scopes(&path, found),
                Shape::List(item) => {
                    let path = format!("{path}/-");
                    match &**item {
                        Shape::Object(object) => object.collect_scopes(&path, found),
                        _ => collect_scopes_of_rows(&node.children, &path, found),
                    }
                }
                // A type that is not generated from these rows, such as a scalar's: their scopes still
                // apply here.
                Shape::Plain(_) => collect_scopes_of_rows(&node.children, &path, found),
            }
        }
    }
}

/// Collects the scopes of rows inside a value whose type is not generated from them.
fn collect_scopes_of_rows(rows: &[Node<'_>], prefix: &str, found: &mut Vec<(String, Vec<String>)>) {
    for node in rows {
        let path = format!("{prefix}/{}", node.row.name);
        if !node.row.scopes.is_empty() {
            found.push((path.clone(), node.row.scopes.clone()));
        }
        let is_list = Spelled::read(&node.row.type_name).is_list;
        let inner = if is_list { path + "/-" } else { path };
        collect_scopes_of_rows(&node.children, &inner, found);
    }
}

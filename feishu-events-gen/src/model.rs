//! What to generate, as plain data without tokens or text.

use std::collections::BTreeMap;

use crate::names;
use crate::overlay::EventAccess;
use crate::schema::{EventSchema, ListedValues};
use serde_json::Number;

/// Everything to generate.
#[derive(Debug)]
pub struct Model<'a> {
    /// The services, sorted by name.
    pub services: Vec<Service>,
    /// The events, sorted by event type.
    pub events: Vec<Event<'a>>,
    /// The name of each object's type, by service and place: `department.updated_v3/object`, and
    /// for a payload `department.updated_v3`.
    pub places: BTreeMap<String, BTreeMap<String, String>>,
    /// Names in the overlay for objects that do not exist.
    pub unused_names: Vec<String>,
    /// Entries of the overlay that contradict the schemas, each with the reason.
    pub misfits: Vec<String>,
}

/// A service: a module, a cargo feature.
#[derive(Debug)]
pub struct Service {
    /// Its name.
    pub name: String,
    /// Its module in the library, raw if need be.
    pub module: String,
    /// What it is, in a sentence.
    pub doc: Option<String>,
    /// Its structs, sorted by name.
    pub structs: Vec<Struct>,
    /// Its enums, sorted by name.
    pub enums: Vec<OpenEnum>,
}

/// A documented event.
#[derive(Debug)]
pub struct Event<'a> {
    /// What is known about it.
    pub schema: &'a EventSchema,
    /// The service that documents it.
    pub service: String,
    /// The module of the service in the library, raw if need be.
    pub module: String,
    /// The constant that holds its name.
    pub constant: String,
    /// Its name without the service.
    pub rest: String,
    /// What happened, in a sentence.
    pub doc: Option<String>,
    /// Its variant in `Event` and `EventType`.
    pub variant: String,
    /// Its payload's struct, in the module of the service.
    pub payload: String,
    /// The fields of the payload that need a scope, by JSON pointer.
    pub field_scopes: Vec<(String, Vec<String>)>,
    /// What it needs beyond the console.
    pub access: EventAccess,
}

/// A struct.
#[derive(Debug, Clone, PartialEq)]
pub struct Struct {
    /// Its name.
    pub name: String,
    /// The event whose payload it is, if it is one.
    pub payload_of: Option<String>,
    /// The documented name of its type, if it is not a payload and has a name.
    pub documented: Option<String>,
    /// What it is, in a sentence.
    pub doc: Option<String>,
    /// Its fields, in document order.
    pub fields: Vec<Field>,
}

/// A field.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// Its name on the wire.
    pub wire: String,
    /// Its name in Rust, raw if need be.
    pub name: String,
    /// Its type, which is always optional.
    pub ty: Type,
    /// What it means, in a sentence.
    pub doc: Option<String>,
    /// Whether it holds a point in time.
    pub is_time: bool,
    /// What is documented about it beyond name and type.
    pub facts: FieldFacts,
}

/// What is documented about a field beyond its name and the shape of its type.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct FieldFacts {
    /// The type as documented.
    pub documented_type: String,
    /// The listed values.
    pub values: ListedValues,
    /// The scopes; with any one of them the field is sent.
    pub scopes: Vec<String>,
    /// Least and greatest number of characters or items.
    pub len: (Option<u64>, Option<u64>),
    /// Least and greatest value.
    pub range: (Option<Number>, Option<Number>),
    /// The SDKs that read the field, if no page documents it.
    pub known_to: Vec<String>,
    /// The page's own words, if the schema has them.
    pub description: Option<String>,
}

/// Values that the documentation lists; others may arrive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenEnum {
    /// Its name.
    pub name: String,
    /// What it is, in a sentence.
    pub doc: String,
    /// Whether the values are documented as integers.
    pub is_int: bool,
    /// The values, in the order of their names on the wire, integers by size.
    pub values: Vec<EnumValue>,
}

/// A listed value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnumValue {
    /// The value on the wire.
    pub wire: String,
    /// The variant.
    pub name: String,
    /// What it means, in a sentence.
    pub doc: String,
    /// What the documentation calls it; empty if it does not.
    pub label: String,
}

/// The type of a value.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Type {
    /// `String`
    String,
    /// `i64`
    Int,
    /// `f64`
    Float,
    /// `bool`
    Bool,
    /// Any JSON: the content is not documented.
    Json,
    /// A list, or a string that contains one: kept as received.
    Mixed,
    /// `BTreeMap<String, …>`
    Map(Box<Type>),
    /// The ids of a user, or one of them as text.
    PersonId,
    /// The ids of a user.
    UserId,
    /// A struct of the same service.
    Struct(String),
    /// An enum of the same service.
    Enum(String),
    /// A list.
    List(Box<Type>),
}

impl Service {
    /// Its cargo feature in the library.
    pub fn feature(&self) -> &str {
        names::unraw(&self.module)
    }
}

impl Event<'_> {
    /// The cargo feature of its service in the library.
    pub fn feature(&self) -> &str {
        names::unraw(&self.module)
    }
}

impl Type {
    /// The type of a value that is not a list: that of the items, or of their items.
    pub fn innermost(&self) -> &Self {
        match self {
            Self::List(item) => item.innermost(),
            other => other,
        }
    }
}

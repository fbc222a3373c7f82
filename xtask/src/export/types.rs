//! Types → JSON Schema, in both profiles.

use feishu_events_gen::internals::model::{OpenEnum, Type};
use feishu_events_gen::internals::schema::ListedValues;

use super::json::{Json, Object, strings};
use super::profile::Profile;
use super::received::{self, typed};

/// The name of the definition of a user's ids.
pub(super) const USER_ID: &str = "UserId";

/// Where a document that describes an interface as a whole has its definitions.
pub(super) const COMPONENTS: &str = "#/components/schemas/";

/// A reference to a definition of such a document.
pub(super) fn schema_ref(name: &str) -> Object {
    Object::new().with("$ref", format!("{COMPONENTS}{name}"))
}

/// How a document writes types: its profile, and where its definitions are.
pub(super) struct Types<'a> {
    pub(super) profile: Profile,
    /// What is in front of the name of a definition: `#/$defs/`.
    pub(super) definitions: &'static str,
    /// What is in front of the names of a service's own types.
    pub(super) prefix: &'a str,
}

/// What a row says of the values of its field.
#[derive(Default)]
pub(super) struct Bounds {
    /// The listed values, for a type that has no name for them.
    pub(super) values: ListedValues,
    /// Least and greatest number of characters or items.
    pub(super) len: (Option<u64>, Option<u64>),
    /// Least and greatest value.
    pub(super) range: (Option<serde_json::Number>, Option<serde_json::Number>),
}

impl Types<'_> {
    /// A reference to a definition that all services share.
    pub(super) fn common(&self, name: &str) -> Object {
        Object::new().with("$ref", format!("{}{name}", self.definitions))
    }

    /// The name of the definition of a service's type.
    pub(super) fn name(&self, name: &str) -> String {
        format!("{}{name}", self.prefix)
    }

    fn own(&self, name: &str) -> Object {
        self.common(&self.name(name))
    }

    /// The schema of a field.
    pub(super) fn field(&self, ty: &Type, bounds: &Bounds) -> Object {
        match (self.profile, ty) {
            (Profile::Documented, _) => self.documented(ty, bounds),
            (Profile::Received, Type::Json | Type::Mixed) => Object::new(),
            (Profile::Received, _) => match scalar(ty) {
                Some(name) => self.common(&format!("{name}OrNull")),
                None => any_of(self.forms(ty).into_iter().chain([typed("null")])),
            },
        }
    }

    fn documented(&self, ty: &Type, bounds: &Bounds) -> Object {
        let (least, most) = bounds.len;
        let (min, max) = &bounds.range;
        match ty {
            Type::String => {
                let string = typed("string")
                    .with_some("minLength", least)
                    .with_some("maxLength", most);
                listed(string, &bounds.values, |value| Some(value.into()))
            }
            Type::Int => {
                let number = |bound: &Option<serde_json::Number>| {
                    let whole = bound.as_ref().filter(|number| !number.is_f64());
                    whole.map(|number| Json::Plain(number.clone().into()))
                };
                let int = typed("integer")
                    .with("format", "int64")
                    .with_some("minimum", number(min))
                    .with_some("maximum", number(max));
                listed(int, &bounds.values, |value| {
                    value.parse::<i64>().ok().map(Json::from)
                })
            }
            Type::Float => {
                let number = |bound: &Option<serde_json::Number>| {
                    let bound = bound.as_ref();
                    bound.map(|number| Json::Plain(number.clone().into()))
                };
                typed("number")
                    .with_some("minimum", number(min))
                    .with_some("maximum", number(max))
            }
            Type::Bool => typed("boolean"),
            Type::Json => Object::new(),
            Type::Mixed => any_of([typed("array").with("items", Object::new()), typed("string")]),
            Type::Map(value) => {
                let value = self.documented(value, &Bounds::default());
                typed("object").with("additionalProperties", value)
            }
            Type::PersonId => any_of([typed("string"), self.common(USER_ID)]),
            Type::UserId => self.common(USER_ID),
            Type::Struct(name) | Type::Enum(name) => self.own(name),
            Type::List(item) => {
                let inner = Bounds {
                    values: bounds.values.clone(),
                    ..Bounds::default()
                };
                typed("array")
                    .with("items", self.documented(item, &inner))
                    .with_some("minItems", least)
                    .with_some("maxItems", most)
            }
        }
    }

    /// The schema of a value that is there: an item of a list, a value of a map.
    fn value(&self, ty: &Type) -> Object {
        match (scalar(ty), ty) {
            (Some(name), _) => self.common(name),
            (_, Type::Json | Type::Mixed) => received::not_null(),
            (_, Type::Enum(name)) => self.own(name),
            _ => any_of(self.forms(ty)),
        }
    }

    /// The forms in which a value that is not a scalar is received.
    fn forms(&self, ty: &Type) -> Vec<Object> {
        match ty {
            Type::Map(value) => {
                let map = typed("object").with("additionalProperties", self.value(value));
                received::object(map)
            }
            Type::PersonId => received::person_id(&self.common(USER_ID)),
            Type::UserId => received::object(self.common(USER_ID)),
            Type::Struct(name) => received::object(self.own(name)),
            Type::List(item) if matches!(**item, Type::Json | Type::Mixed) => {
                let item = received::not_null();
                vec![item.clone().with("items", item)]
            }
            Type::List(item) => received::list(&self.value(item)),
            Type::Enum(name) => vec![self.own(name)],
            Type::String | Type::Int | Type::Float | Type::Bool | Type::Json | Type::Mixed => {
                vec![self.value(ty)]
            }
        }
    }

    /// The definition of listed values: open, because others may come at any time.
    pub(super) fn open_enum(&self, open_enum: &OpenEnum) -> Object {
        let base = if open_enum.is_int {
            typed("integer").with("format", "int64")
        } else {
            typed("string")
        };
        let values = open_enum.values.iter().filter_map(|value| {
            if open_enum.is_int {
                value.wire.parse::<i64>().ok().map(Json::from)
            } else {
                Some(Json::from(&value.wire))
            }
        });
        let names = strings(open_enum.values.iter().map(|value| &value.name));
        let docs = open_enum.values.iter().map(|value| &value.doc);
        let listed = base
            .clone()
            .with("enum", Json::List(values.collect()))
            .with("x-enum-varnames", names)
            .with("x-enum-descriptions", strings(docs));
        let description = Object::new().with("description", &open_enum.doc);
        description.and(match self.profile {
            Profile::Documented => any_of([listed, base]),
            Profile::Received => {
                let exact = if open_enum.is_int {
                    "integer"
                } else {
                    "string"
                };
                received::open_enum(listed, exact)
            }
        })
    }

    /// The definitions that types refer to and that are of no service.
    pub(super) fn common_definitions(&self) -> Object {
        let ids = [
            ("union_id", "The user's id for all apps of one developer."),
            ("user_id", "The user's id inside the tenant."),
            ("open_id", "The user's id for this app."),
        ];
        let mut properties = Object::new();
        for (name, description) in ids {
            let id = self.field(&Type::String, &Bounds::default());
            properties.push(name, id.with("description", description));
        }
        let user_id = typed("object")
            .with("description", "The ids of a user that the app may see.")
            .with("properties", properties);
        let mut definitions = Object::new().with(USER_ID, user_id);
        if self.profile == Profile::Received {
            for name in received::SCALARS {
                definitions.push(name, received::scalar(name));
                let or_null = any_of([self.common(name), typed("null")]);
                definitions.push(format!("{name}OrNull"), or_null);
            }
        }
        definitions
    }
}

/// The definition of a scalar as it is received.
fn scalar(ty: &Type) -> Option<&'static str> {
    match ty {
        Type::String => Some(received::STRING_OF),
        Type::Int => Some(received::INTEGER_OF),
        Type::Float => Some(received::NUMBER_OF),
        Type::Bool => Some(received::BOOLEAN_OF),
        _ => None,
    }
}

/// A schema with the values that a page lists, if it lists some, and all others.
fn listed(base: Object, values: &ListedValues, read: impl Fn(&str) -> Option<Json>) -> Object {
    let values = values.0.iter();
    let values = values.filter_map(|(value, label)| Some((read(value)?, label.as_str())));
    let (values, labels): (Vec<Json>, Vec<&str>) = values.unzip();
    if values.is_empty() {
        return base;
    }
    let listed = base
        .clone()
        .with("enum", Json::List(values))
        .with("x-enum-descriptions", strings(labels));
    any_of([listed, base])
}

fn any_of(forms: impl IntoIterator<Item = Object>) -> Object {
    Object::new().with("anyOf", forms.into_iter().collect::<Vec<_>>())
}

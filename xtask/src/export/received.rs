//! The forms in which the reader takes a value: what `feishu-events/src/json/read/` converts
//! without loss. `xtask/tests/export/` compares the two, value by value.
//!
//! Where the reader looks deeper than a schema can, the schema takes more: a list of one object in
//! place of the object is read only if everything in it is as documented, and of floats that are
//! beyond the exact integers none is read as text or integer.

use super::json::{Json, Object, strings};

/// Text that is read as an integer: any other spelling of the number is an id or a code.
const INTEGER: &str = "^(0|-?[1-9][0-9]{0,18})$";

/// Text that is read as a number.
const NUMBER: &str = r"^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?$";

/// The scalars that other scalars are converted to, by the names of their definitions.
pub(super) const SCALARS: [&str; 4] = [STRING_OF, INTEGER_OF, NUMBER_OF, BOOLEAN_OF];

pub(super) const STRING_OF: &str = "ReceivedString";
pub(super) const INTEGER_OF: &str = "ReceivedInteger";
pub(super) const NUMBER_OF: &str = "ReceivedNumber";
pub(super) const BOOLEAN_OF: &str = "ReceivedBoolean";

/// The definition of such a scalar.
pub(super) fn scalar(name: &str) -> Object {
    let (forms, exact, description) = match name {
        STRING_OF => (
            vec![any_scalar()],
            "string",
            "Text, or a scalar that is read as its text.",
        ),
        INTEGER_OF => (
            vec![typed("integer"), typed("string").with("pattern", INTEGER)],
            "integer",
            "An integer, or text that is one.",
        ),
        NUMBER_OF => (
            vec![typed("number"), typed("string").with("pattern", NUMBER)],
            "number",
            "A number, or text that is one.",
        ),
        _ => {
            let values = ["true", "false"].map(Json::from).into_iter();
            let values = values.chain([0_i64, 1].map(Json::from));
            let others = Object::new().with("enum", Json::List(values.collect()));
            (
                vec![typed("boolean"), others],
                "boolean",
                "True or false, or text or a number that means it.",
            )
        }
    };
    let forms = forms.into_iter().chain([list_of_one(typed(exact))]);
    Object::new()
        .with("description", description)
        .with("anyOf", forms.collect::<Vec<_>>())
}

/// Listed values, and any other scalar.
pub(super) fn open_enum(listed: Object, exact: &str) -> Object {
    Object::new().with(
        "anyOf",
        vec![listed, any_scalar(), list_of_one(typed(exact))],
    )
}

/// An object, or a list of one.
pub(super) fn object(object: Object) -> Vec<Object> {
    vec![object.clone(), list_of_one(object)]
}

/// The id of a person: all ids, or one as text.
pub(super) fn person_id(ids: &Object) -> Vec<Object> {
    let exact = Object::new().with("anyOf", vec![typed("string"), ids.clone()]);
    vec![any_scalar(), ids.clone(), list_of_one(exact)]
}

/// A list, or a single item of it.
pub(super) fn list(item: &Object) -> Vec<Object> {
    vec![typed("array").with("items", item.clone()), item.clone()]
}

/// Any value but null: what a list whose items can be anything has.
pub(super) fn not_null() -> Object {
    let types = ["array", "boolean", "number", "object", "string"];
    Object::new().with("type", strings(types))
}

pub(super) fn typed(name: &str) -> Object {
    Object::new().with("type", name)
}

fn any_scalar() -> Object {
    Object::new().with("type", strings(["string", "number", "boolean"]))
}

fn list_of_one(item: Object) -> Object {
    typed("array")
        .with("items", item)
        .with("minItems", 1_i64)
        .with("maxItems", 1_i64)
}

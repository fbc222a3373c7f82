//! Checks the types in schemas that were written by hand.
//!
//! A documentation page may use any name for a type; an unknown one is read as any JSON. In a schema
//! that no page documents, an unknown type is a typo.

use super::shape::{TYPES, is_type};
use crate::error::{Error, Result};
use crate::schema::Scalar;
use crate::schema_set::SchemaFile;
use crate::tree::{Node, nest};

/// Checks the rows of a schema that no page documents.
///
/// # Errors
/// A row whose type is not known and has no rows inside it, and rows inside a value that has no
/// members.
pub(super) fn check_types(file: &SchemaFile) -> Result<()> {
    if file.schema.document.is_some() {
        return Ok(());
    }
    nest(&file.schema.fields)
        .iter()
        .filter(|node| node.row.name == "event")
        .flat_map(|event| &event.children)
        .try_for_each(|node| check(file, node))
}

fn check(file: &SchemaFile, node: &Node<'_>) -> Result<()> {
    let problem = match node.children.first() {
        None => unknown_type(node),
        Some(first) => inside_scalar(node, first),
    };
    if let Some(problem) = problem {
        return Err(Error::Row {
            path: file.path.clone(),
            row: node.number,
            problem,
        });
    }
    let mut inner = node.children.iter();
    inner.try_for_each(|node| check(file, node))
}

fn unknown_type(node: &Node<'_>) -> Option<String> {
    let row = node.row;
    let spelled = &row.type_name;
    if is_type(spelled) || row.sample_type.as_deref().is_some_and(is_type) {
        return None;
    }
    let suggestion = match nearest(spelled) {
        Some(near) => format!(" Did you mean `{near}`?"),
        None => String::new(),
    };
    Some(format!(
        "`{}` has the unknown type `{spelled}`, and no members.{suggestion} The types are {}, and \
         lists of them (`string[]`); any other name declares an object, whose members follow one \
         level deeper",
        row.name,
        TYPES.join(", "),
    ))
}

fn inside_scalar(node: &Node<'_>, first: &Node<'_>) -> Option<String> {
    let row = node.row;
    let is_settled = row.sample_type.is_some();
    let is_scalar = Scalar::documented(row.type_name.trim()).is_some();
    (is_scalar && !is_settled).then(|| {
        format!(
            "`{}` is of type `{}`, which has no members, but `{}` in row {} is one level deeper",
            row.name, row.type_name, first.row.name, first.number,
        )
    })
}

/// The type that is spelled most like `spelled`, with as many `[]`.
fn nearest(spelled: &str) -> Option<String> {
    let name = spelled.trim().to_ascii_lowercase();
    let (name, list) = match name.strip_suffix("[]") {
        Some(item) => (item, "[]"),
        None => (name.as_str(), ""),
    };
    // Names of types in other languages.
    let meant = ["text", "str", "varchar"].map(|other| (other, "string"));
    let known = TYPES.map(|known| (known, known)).into_iter().chain(meant);
    let near = known.map(|(word, known)| (strsim::damerau_levenshtein(word, name), known));
    let (distance, known) = near.min_by_key(|(distance, _)| *distance)?;
    (distance <= (name.chars().count() / 3).max(1)).then(|| format!("{known}{list}"))
}

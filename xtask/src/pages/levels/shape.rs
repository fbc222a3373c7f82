//! What a sample shows at each place, all objects of a list taken together.

use std::collections::BTreeMap;

use crate::pages::sample::Value;

/// What stands at one place of a sample.
#[derive(Debug, Default)]
pub(in crate::pages::levels) struct Shape<'a> {
    /// The fields of the objects that stand there.
    pub(in crate::pages::levels) fields: BTreeMap<&'a str, Shape<'a>>,
    /// Whether something else than an object stands there.
    pub(in crate::pages::levels) scalar: bool,
    /// Whether the sample ends inside the only object that stands there: it may have more fields.
    pub(in crate::pages::levels) cut_off: bool,
}

impl<'a> Shape<'a> {
    /// The shape of values that stand at one place. A sample is nested at most as deep as its
    /// parser allows, so the recursion ends.
    pub(in crate::pages::levels) fn of(values: &[&'a Value]) -> Self {
        let mut fields: BTreeMap<&str, Vec<&Value>> = BTreeMap::new();
        let objects: Vec<&Value> = values.iter().flat_map(|value| value.objects()).collect();
        let cut_off = matches!(objects[..], [object] if object.is_cut_off);
        for object in objects {
            for member in object.members() {
                fields.entry(&member.key).or_default().push(&member.value);
            }
        }
        let fields = fields
            .into_iter()
            .map(|(name, values)| (name, Self::of(&values)));
        Self {
            cut_off,
            scalar: values.iter().any(|value| value.is_scalar()),
            fields: fields.collect(),
        }
    }
}

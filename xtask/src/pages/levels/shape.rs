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
}

impl<'a> Shape<'a> {
    /// The shape of values that stand at one place. A sample is nested at most as deep as its
    /// parser allows, so the recursion ends.
    pub(in crate::pages::levels) fn of(values: &[&'a Value]) -> Self {
        let mut fields: BTreeMap<&str, Vec<&Value>> = BTreeMap::new();
        for object in values.iter().flat_map(|value| value.objects()) {
            for member in object.members() {
                fields.entry(&member.key).or_default().push(&member.value);
            }
        }
        let fields = fields
            .into_iter()
            .map(|(name, values)| (name, Self::of(&values)));
        Self {
            scalar: values.iter().any(|value| value.is_scalar()),
            fields: fields.collect(),
        }
    }
}

//! A documented type → what a sample may show for it.

use feishu_events_gen::internals::schema::Scalar;

use crate::pages::sample::{ArrayOf, Shown};

/// What a documented type says about the JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::pages::crosscheck) enum Documented {
    String,
    Int,
    Float,
    Boolean,
    Object,
    Array(Box<Documented>),
    /// Nothing: a name of a type without rows inside, a hyphen, a choice.
    Open,
}

impl Documented {
    /// Understands the type of a row, of which `has_rows` says whether it has rows inside.
    pub(in crate::pages::crosscheck) fn of(type_name: &str, has_rows: bool) -> Self {
        let mut arrays = 0;
        let mut element = type_name.trim();
        while let Some(inner) = element.strip_suffix("[]") {
            arrays += 1;
            element = inner;
        }
        let named = if has_rows { Self::Object } else { Self::Open };
        let mut documented = match Scalar::documented(element) {
            Some(Scalar::String) => Self::String,
            Some(Scalar::Int) => Self::Int,
            Some(Scalar::Float) => Self::Float,
            Some(Scalar::Bool) => Self::Boolean,
            None => match element.to_ascii_lowercase().as_str() {
                "object" | "map" => Self::Object,
                "list" | "array" => Self::Array(Box::new(named)),
                element if element.starts_with("map<") => Self::Object,
                _ => named,
            },
        };
        // More brackets than any type has would make a value as deep as the page is long.
        for _ in 0..arrays.min(8) {
            documented = Self::Array(Box::new(documented));
        }
        documented
    }

    /// Whether a value of this type can't have fields.
    pub(in crate::pages::crosscheck) fn is_scalar(&self) -> bool {
        match self {
            Self::String | Self::Int | Self::Float | Self::Boolean => true,
            Self::Array(element) => element.is_scalar(),
            Self::Object | Self::Open => false,
        }
    }

    /// Whether a sample that shows `shown` contradicts the type.
    pub(in crate::pages::crosscheck) fn is_contradicted_by(&self, shown: &Shown) -> bool {
        match (self, shown) {
            (Self::Open, _)
            | (Self::String, Shown::String)
            | (Self::Int, Shown::Int)
            | (Self::Float, Shown::Float | Shown::Int)
            | (Self::Boolean, Shown::Boolean)
            | (Self::Object, Shown::Object)
            | (Self::Array(_), Shown::Array(ArrayOf::Nothing)) => false,
            (Self::Array(element), Shown::Array(ArrayOf::One(shown))) => {
                element.is_contradicted_by(shown)
            }
            (Self::Array(element), Shown::Array(ArrayOf::Several)) => **element != Self::Open,
            _ => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::sample::parse;

    #[test]
    fn a_sample_contradicts_or_not() {
        for (type_name, has_rows, sample, contradicted) in [
            ("string", false, "\"a\"", false),
            ("string", false, "1", true),
            ("int", false, "\"1\"", true),
            ("int64", false, "1.5", true),
            ("float", false, "1", false),
            ("bool", false, "true", false),
            ("string[]", false, "[]", false),
            ("string[]", false, "[1]", true),
            ("string[]", false, "[1, \"a\"]", true),
            ("string[]", true, "[{}]", true),
            ("user[]", true, "[{}]", false),
            ("user[]", true, "{}", true),
            ("user", true, "[{}]", true),
            ("user", false, "1", false),
            ("-", true, "{}", false),
            ("-", false, "\"a\"", false),
            ("list", true, "[{}]", false),
            ("array", false, "[1, \"a\"]", false),
            ("object", false, "[]", true),
            ("map<string, int>", false, "{}", false),
            ("object/ string", false, "1", false),
        ] {
            let sample = parse(sample, 0).unwrap();
            let shown = Shown::of(&sample.value).unwrap();
            let documented = Documented::of(type_name, has_rows);
            assert_eq!(
                documented.is_contradicted_by(&shown),
                contradicted,
                "{type_name}, {shown}"
            );
        }
    }
}

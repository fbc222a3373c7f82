//! Documented names → Rust identifiers.

use heck::{ToSnakeCase, ToUpperCamelCase};

/// The name of a struct or variant: `department_event` → `DepartmentEvent`.
///
/// `None` if the name has no letters that Rust's names can be made of.
pub(crate) fn type_name(documented: &str) -> Option<String> {
    ascii(documented)
        .then(|| documented.to_upper_camel_case())
        .filter(|name| is_name(name))
}

/// The name of a field: `leaderType` → `leader_type`, `type` → `r#type`.
///
/// `None` if the name has no letters that Rust's names can be made of.
pub(crate) fn field_name(documented: &str) -> Option<String> {
    let snake = ascii(documented).then(|| documented.to_snake_case())?;
    let name = match snake.as_str() {
        // The only keywords that cannot be raw.
        "self" | "super" | "crate" => format!("{snake}_"),
        // A keyword of edition 2024 that the parser does not know as one.
        "gen" => format!("r#{snake}"),
        other if syn::parse_str::<syn::Ident>(other).is_ok() => snake,
        other if starts_with_digit(other) => format!("_{snake}"),
        other => format!("r#{other}"),
    };
    syn::parse_str::<syn::Ident>(&name).is_ok().then_some(name)
}

/// Whether letters outside ASCII are absent: transliterating them is nobody's expectation.
fn ascii(documented: &str) -> bool {
    documented.is_ascii() && documented.contains(|c: char| c.is_ascii_alphanumeric())
}

fn is_name(name: &str) -> bool {
    !starts_with_digit(name) && syn::parse_str::<syn::Ident>(name).is_ok()
}

fn starts_with_digit(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_named_as_people_expect() {
        let expected = [
            ("name", "name"),
            ("leaderType", "leader_type"),
            ("leaderID", "leader_id"),
            ("open_ids", "open_ids"),
            ("i18n_names", "i18n_names"),
            ("type", "r#type"),
            ("async", "r#async"),
            ("gen", "r#gen"),
            ("try", "r#try"),
            ("self", "self_"),
            ("Self", "self_"),
            ("crate", "crate_"),
            ("super", "super_"),
            ("union", "union"),
            ("2fa", "_2fa"),
            ("a.b-c d", "a_b_c_d"),
        ];
        for (documented, name) in expected {
            assert_eq!(
                field_name(documented).as_deref(),
                Some(name),
                "{documented}"
            );
        }
        for unnameable in ["", "-", "名称", "名a", "__", "$"] {
            assert_eq!(field_name(unnameable), None, "{unnameable}");
        }
    }

    #[test]
    fn types_are_named_as_people_expect() {
        let expected = [
            ("department_event", "DepartmentEvent"),
            ("departmentLeader", "DepartmentLeader"),
            ("chat.member.user", "ChatMemberUser"),
            ("i18n_content", "I18nContent"),
            ("department.updated_v3", "DepartmentUpdatedV3"),
            ("leave_approvalV2", "LeaveApprovalV2"),
        ];
        for (documented, name) in expected {
            assert_eq!(type_name(documented).as_deref(), Some(name), "{documented}");
        }
        for unnameable in ["", "-", "对象", "3d", "self"] {
            assert_eq!(type_name(unnameable), None, "{unnameable}");
        }
    }
}
